import type { MediaSighting, PartTarget, Report, Track } from '@onrecord/core';
import { plannedSides } from './side-plan.ts';
import { sideState } from './side-state.ts';
import type { SideWork } from './side-work.ts';

/** One stretch of a Kinesis video stream, as its events told it. */
export interface StreamStretch {
  readonly [member: string]: string | undefined;
  readonly arn: string;
  readonly startFragment: string;
  /** RFC 3339. */
  readonly from: string;
  /** Absent for mixed audio. */
  readonly attendeeId?: string | undefined;
  readonly to?: string | undefined;
  readonly endFragment?: string | undefined;
}

const started = 'stream/';
const ended = 'stream-end/';

/** Identity of a stretch: an attendee who comes back goes on in the same stream. */
export function stretchKey({ arn, startFragment }: StreamStretch): string {
  return `${arn}/${startFragment}`;
}

/** The fact that an event of a stream leaves. The end says again all that the beginning said, and may overtake it. */
export function stretchFact(stretch: StreamStretch): {
  readonly [name: string]: { readonly [member: string]: string };
} {
  const told = Object.entries(stretch).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { [`${stretch.to === undefined ? started : ended}${stretchKey(stretch)}`]: Object.fromEntries(told) };
}

/** The place of a stretch: a stream, and a span of it. */
export function stretchUri({ arn, from, to }: StreamStretch): string {
  return `kvs://${arn}?from=${from}${to === undefined ? '' : `&to=${to}`}`;
}

/**
 * The streams that events told of, with the time until which they can be read. A report of the same thing is the same
 * report, so it costs nothing to make it at every look.
 */
export function streamReports(part: PartTarget, { observe }: SideWork): readonly Report[] {
  const side = sideState(part, 'streams');
  return stretchesOf(part).map((stretch) => {
    const type = stretch.attendeeId === undefined ? 'mixed' : 'individual';
    const lost = side.state === 'over' || side.state === 'failed' ? side.overAt : undefined;
    const end = stretch.to === undefined ? lost : Date.parse(stretch.to);
    const hours = side.retentionHours?.[type];
    const known = end !== undefined && hours !== undefined && !Number.isNaN(end);
    const expiresAt = known ? new Date(end + hours * 3_600_000).toISOString() : undefined;
    const name = `stream/${stretchKey(stretch)}/${expiresAt ?? (stretch.to === undefined ? 'started' : 'ended')}`;
    return observe(name, { media: [stretchSighting(stretch, part, expiresAt)] });
  });
}

/** A stretch as something seen; `part` tells since when its offset counts. */
export function stretchSighting(
  stretch: StreamStretch,
  part: Pick<PartTarget, 'call' | 'facts'> | undefined,
  expiresAt?: string | undefined,
): MediaSighting {
  const tracks = part ? [trackOf(stretch, part)] : undefined;
  return {
    key: stretchKey(stretch),
    uri: stretchUri(stretch),
    role: 'track',
    side: true,
    mediaType: 'audio/x-matroska',
    ...(tracks ? { tracks } : {}),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}

/** Streams that began and of whose end nothing was heard. */
export function openStreams(part: Pick<PartTarget, 'facts'>): number {
  return stretchesOf(part).filter(({ to }) => to === undefined).length;
}

function trackOf({ attendeeId, from }: StreamStretch, part: Pick<PartTarget, 'call' | 'facts'>): Track {
  const since = Date.parse(plannedSides(part)?.since ?? '');
  const offsetMs = Math.max(0, Date.parse(from) - since);
  return {
    from: attendeeId === undefined ? 'everyone' : 'participant',
    ...(attendeeId === undefined ? {} : { participant: attendeeId }),
    relativeTo: part.call.key,
    // Counted from the start of its own part; events have whole seconds.
    offsetMs: Number.isNaN(offsetMs) ? 0 : offsetMs,
    prompts: 'unknown',
  };
}

/** The ended form where there is one. */
function stretchesOf({ facts = {} }: Pick<PartTarget, 'facts'>): readonly StreamStretch[] {
  const stretches = new Map<string, StreamStretch>();
  for (const prefix of [started, ended]) {
    for (const [name, value] of Object.entries(facts)) {
      if (!name.startsWith(prefix) || typeof value !== 'object' || value === null) continue;
      stretches.set(name.slice(prefix.length), value as object as StreamStretch);
    }
  }
  return [...stretches.values()];
}
