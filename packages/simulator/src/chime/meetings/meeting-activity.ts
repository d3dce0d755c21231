import type { Attendee } from './attendee.ts';
import { Happenings } from './happening.ts';
import type { ResolvedMeetingOptions } from './meeting-options.ts';
import type { SimulatedMeeting } from './simulated-meeting.ts';
import { VideoStreams } from './video-streams.ts';

export type TranscriptionChange = 'Started' | 'Stopped' | 'Interrupted' | 'Resumed' | 'Failed';

type Level = 'SendReceive' | 'Send' | 'Receive' | 'None';

/** What an attendee may do, as AttendeeCapabilitiesUpdated names it. */
export interface Capabilities {
  readonly audio: Level;
  readonly video: Level;
  readonly content: Level;
}

/** Publishes an event of the meeting: its type and the members beyond those that every event has. */
export type TellMeeting = (eventType: string, extra: Readonly<Record<string, unknown>>) => void;

/** What people do in a meeting once they are there: cameras, content, microphones, messages, captions. */
export class MeetingActivity {
  readonly happenings: Happenings = new Happenings();
  readonly streams: VideoStreams;
  readonly #meeting: SimulatedMeeting;
  readonly #options: ResolvedMeetingOptions;
  readonly #tell: TellMeeting;
  readonly #muted = new Map<string, () => void>();
  #transcribing = false;
  #results = 0;

  constructor(meeting: SimulatedMeeting, options: ResolvedMeetingOptions, tell: TellMeeting) {
    this.#meeting = meeting;
    this.#options = options;
    this.#tell = tell;
    this.streams = new VideoStreams(meeting.call.clock);
  }

  /** Switches a camera. @throws Error when the attendee is not there */
  video(attendeeId: string, state: 'started' | 'stopped'): void {
    const attendee = this.#present(attendeeId);
    const changed = state === 'started' ? this.streams.start(attendeeId) : this.streams.stop(attendeeId);
    if (!changed) return;
    const started = state === 'started';
    this.#about(started ? 'AttendeeVideoStarted' : 'AttendeeVideoStopped', attendee);
    this.happenings.tell({ type: started ? 'AttendeeVideoJoined' : 'AttendeeVideoLeft', attendeeId });
  }

  /**
   * Begins or ends to share content; the sharer stays one attendee. The documentation shows the events with and without
   * networkType; `video` adds those of the share's picture.
   */
  share(
    attendeeId: string,
    state: 'started' | 'stopped' | 'dropped',
    options: { readonly networkType?: boolean; readonly video?: boolean } = {},
  ): void {
    const attendee = this.#meeting.known(attendeeId);
    const stream = `${attendeeId}#content`;
    const started = state === 'started';
    const name = { started: 'ContentJoined', stopped: 'ContentLeft', dropped: 'ContentDropped' }[state];
    const shown = { ...attendee, attendeeId: this.#options.contentAttendeeId === 'suffixed' ? stream : attendeeId };
    const network = options.networkType || state === 'dropped' ? { networkType: 'Voip' } : {};
    if (options.video && !started) this.#about('AttendeeContentVideoStopped', shown);
    this.#about(`Attendee${name}`, shown, network);
    if (options.video && started) this.#about('AttendeeContentVideoStarted', shown);
    if (!(started ? this.streams.start(stream) : this.streams.stop(stream))) return;
    this.happenings.tell({ type: started ? 'AttendeeVideoJoined' : 'AttendeeVideoLeft', attendeeId: stream });
  }

  /** Switches a microphone; no event tells of it, the captured meeting-events do. */
  mute(attendeeId: string): void {
    this.#present(attendeeId);
    if (this.#muted.has(attendeeId)) return;
    this.#muted.set(attendeeId, this.#meeting.silence(attendeeId));
    this.happenings.tell({ type: 'Muted', attendeeId });
  }

  unmute(attendeeId: string): void {
    const speakAgain = this.#muted.get(attendeeId);
    if (!speakAgain) return;
    this.#muted.delete(attendeeId);
    speakAgain();
    this.happenings.tell({ type: 'Unmuted', attendeeId });
  }

  /** Says who speaks; nobody without an attendee. */
  activeSpeaker(attendeeId: string = ''): void {
    this.happenings.tell({ type: 'ActiveSpeaker', attendeeId });
  }

  /** Sends a message to the data channel. */
  sendMessage(attendeeId: string, topic: string, data: string): void {
    this.#present(attendeeId);
    this.happenings.tell({ type: 'Message', attendeeId, topic, data });
  }

  /** Live transcription starts, stops, breaks off … */
  transcription(change: TranscriptionChange): void {
    this.#transcribing = change === 'Started' || change === 'Resumed';
    const failed = change === 'Interrupted' || change === 'Failed';
    this.#tell(`Transcription${change}`, {
      ...(failed ? { message: 'Internal server error' } : {}),
      transcriptionRegion: this.#meeting.mediaRegion,
      transcriptionConfiguration: '{}',
    });
  }

  /** Somebody's words are recognized; nothing happens while transcription is off. */
  transcribe(attendeeId: string, words: string, options: { readonly partial?: boolean } = {}): void {
    if (!this.#transcribing) return;
    const attendee = this.#present(attendeeId);
    const at = this.#meeting.call.clock.now();
    const speaker = { AttendeeId: attendeeId, ExternalUserId: attendee.externalUserId };
    const item = { startTime: at, endTime: at, type: 'pronunciation', content: words, attendee: speaker };
    const result = {
      resultId: `result-${++this.#results}`,
      startTime: at,
      endTime: at,
      isPartial: options.partial ?? false,
      channelId: 'ch_0',
      alternatives: [{ transcript: words, items: [item] }],
    };
    this.happenings.tell({ type: 'Transcript', line: { transcript: { results: [result] } } });
  }

  /** Changes what an attendee may do, or fails to. */
  updateCapabilities(attendeeId: string, capabilities: Capabilities, success = true): void {
    this.#about('AttendeeCapabilitiesUpdated', this.#meeting.known(attendeeId), {
      success: success ? '1' : '0',
      attendeeCapabilities: capabilities,
    });
  }

  /** Somebody is gone, and what they showed with them; no event tells of the latter. */
  gone(attendeeId: string): void {
    this.#muted.delete(attendeeId);
    for (const stream of [attendeeId, `${attendeeId}#content`]) {
      if (this.streams.stop(stream)) this.happenings.tell({ type: 'AttendeeVideoLeft', attendeeId: stream });
    }
  }

  #present(attendeeId: string): Attendee {
    const attendee = this.#meeting.present.find((one) => one.attendeeId === attendeeId);
    if (!attendee) throw new Error(`the attendee ${attendeeId} is not in the meeting`);
    return attendee;
  }

  #about(
    eventType: string,
    { attendeeId, externalUserId }: Attendee,
    extra: Readonly<Record<string, unknown>> = {},
  ): void {
    this.#tell(eventType, { attendeeId, externalUserId, ...extra });
  }
}
