/**
 * What happened in a captured meeting, as its `meeting-events` files tell it: one JSON object a line. Attendee ids are
 * absent where the service leaves them empty; those of content shares come without their `#content`.
 *
 * @see {@link https://docs.aws.amazon.com/chime-sdk/latest/dg/artifacts.html}
 */
export interface CapturedEvent {
  readonly type:
    | 'capture-started'
    | 'capture-ended'
    | 'attendee-joined'
    | 'attendee-left'
    | 'video-joined'
    | 'video-left'
    | 'muted'
    | 'unmuted'
    | 'active-speaker';
  /** Epoch milliseconds. */
  readonly atMs: number;
  /** @personal */
  readonly attendeeId?: string | undefined;
  /** It is about the attendee's content share. */
  readonly content?: true | undefined;
}

/** The guide says AudioTrackMute, real files say AttendeeMute. */
const types: Readonly<Record<string, CapturedEvent['type']>> = {
  CaptureStarted: 'capture-started',
  CaptureEnded: 'capture-ended',
  AttendeeJoined: 'attendee-joined',
  AttendeeLeft: 'attendee-left',
  AttendeeVideoJoined: 'video-joined',
  AttendeeVideoLeft: 'video-left',
  AttendeeMute: 'muted',
  AttendeeUnmute: 'unmuted',
  AudioTrackMute: 'muted',
  AudioTrackUnmute: 'unmuted',
  ActiveSpeaker: 'active-speaker',
};

export interface CapturedEvents {
  readonly events: readonly CapturedEvent[];
  /** Types that are not known here, each once. */
  readonly unknown: readonly string[];
  /** Lines that are no event at all. */
  readonly unreadable: number;
}

/** Reads one file of meeting events. What it cannot read is counted, never thrown. */
export function parseMeetingEvents(text: string): CapturedEvents {
  const events: CapturedEvent[] = [];
  const unknown = new Set<string>();
  let unreadable = 0;
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const read = readLine(line);
    if (read === undefined) unreadable++;
    else if (typeof read === 'string') unknown.add(read);
    else events.push(read);
  }
  return { events, unknown: [...unknown], unreadable };
}

function readLine(line: string): CapturedEvent | string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { EventType, Timestamp, EventParameters } = value as {
    readonly EventType?: unknown;
    readonly Timestamp?: unknown;
    readonly EventParameters?: { readonly AttendeeId?: unknown } | null;
  };
  const atMs = typeof Timestamp === 'string' ? Date.parse(Timestamp) : Number.NaN;
  if (typeof EventType !== 'string' || Number.isNaN(atMs)) return undefined;
  const type = Object.hasOwn(types, EventType) ? types[EventType] : undefined;
  if (type === undefined) return EventType;
  const told = EventParameters?.AttendeeId;
  if (typeof told !== 'string' || told === '') return { type, atMs };
  const attendeeId = told.replace(/#content$/, '');
  return { type, atMs, attendeeId, ...(attendeeId === told ? {} : { content: true as const }) };
}
