import { randomUUID } from 'node:crypto';
import type { AudioSource, VirtualCall } from '../../call/virtual-call.ts';
import { type ChimeEnvironment, originNow } from '../environment.ts';
import { meetingEvent } from '../events/event-bridge-event.ts';
import { type Attendee, newAttendee } from './attendee.ts';
import { MeetingActivity } from './meeting-activity.ts';
import type { MeetingDescription } from './meeting-description.ts';
import type { ResolvedMeetingOptions } from './meeting-options.ts';
import type { NotificationTargets } from './notification-targets.ts';

/** Who joins: somebody new, or an attendee that the API created. */
export interface Joining {
  readonly externalUserId?: string | undefined;
  readonly attendeeId?: string | undefined;
  /** Name in the virtual call. @default the external user id */
  readonly name?: string | undefined;
  /** What they say; ignored when they are in the virtual call already. @default silence */
  readonly source?: AudioSource | undefined;
}

/** An Amazon Chime SDK meeting over a virtual call: its attendees, its events and its end. */
export class SimulatedMeeting {
  readonly meetingId: string = randomUUID();
  readonly externalMeetingId: string;
  readonly mediaRegion: string;
  readonly call: VirtualCall;
  readonly arn: string;
  /** What people do who are there. */
  readonly activity: MeetingActivity;
  readonly #environment: ChimeEnvironment;
  readonly #options: ResolvedMeetingOptions;
  readonly #attendees = new Map<string, Attendee>();
  /** Attendees on the line, with their names in the virtual call; undefined for pipelines. */
  readonly #present = new Map<string, string | undefined>();
  readonly #voices = new Set<string>();
  readonly #dropping = new Map<string, AbortController>();
  readonly #notifications: NotificationTargets;
  readonly #end = new AbortController();
  readonly #replica: boolean;
  #idle = new AbortController();

  constructor(
    description: MeetingDescription,
    environment: ChimeEnvironment,
    options: ResolvedMeetingOptions,
    notifications: NotificationTargets,
  ) {
    this.call = description.call;
    this.externalMeetingId = description.externalMeetingId;
    this.mediaRegion = description.mediaRegion;
    this.#environment = environment;
    this.#options = options;
    this.#notifications = notifications;
    notifications.subscribe(this.meetingId, description.notify ?? []);
    this.activity = new MeetingActivity(this, options, (eventType, extra) => this.#publish(eventType, extra));
    this.arn = `arn:aws:chime:${environment.region}:${environment.accountId}:meeting/${this.meetingId}`;
    this.#publish('MeetingStarted');
    this.#after(options.maxAgeMs, this.#end.signal, () => this.end());
    description.primary?.ended.addEventListener('abort', () => this.end(), { once: true });
    this.#replica = description.primary !== undefined;
    this.#watchIdle();
  }

  /** Aborted when the meeting is over. */
  get ended(): AbortSignal {
    return this.#end.signal;
  }

  get attendees(): readonly Attendee[] {
    return [...this.#attendees.values()];
  }

  /** Those on the line now, pipelines apart. */
  get present(): readonly Attendee[] {
    return this.attendees.filter(({ attendeeId, pipeline }) => !pipeline && this.#present.has(attendeeId));
  }

  /** Names in the virtual call of everybody who ever joined. */
  get voices(): readonly string[] {
    return [...this.#voices];
  }

  /** Puts somebody on the list; they are not there yet. */
  add(
    externalUserId: string,
    options: { readonly capabilities?: unknown; readonly pipeline?: boolean } = {},
  ): Attendee {
    this.#open();
    const attendee = newAttendee(externalUserId, options);
    this.#attendees.set(attendee.attendeeId, attendee);
    this.#tell('AttendeeAdded', attendee);
    return attendee;
  }

  /** Somebody joins, or comes back. @throws Error when the meeting is over or does not know the attendee. */
  join(who: Joining): Attendee {
    this.#open();
    const attendee =
      who.attendeeId === undefined
        ? this.add(who.externalUserId ?? who.name ?? randomUUID())
        : this.known(who.attendeeId);
    const voice = who.name ?? attendee.externalUserId;
    const inCall = this.call.participants.some(({ name, leftAt }) => name === voice && leftAt === undefined);
    if (!inCall) {
      this.call.join({ name: voice, address: attendee.attendeeId, ...(who.source ? { source: who.source } : {}) });
    }
    this.#voices.add(voice);
    this.#enter(attendee, voice);
    return attendee;
  }

  /** A media pipeline takes its seat. */
  seatPipeline(mediaPipelineId: string): Attendee {
    const attendee = this.add(`aws:MediaPipeline-${mediaPipelineId}`, { pipeline: true });
    this.#enter(attendee, undefined);
    return attendee;
  }

  /** Goes on purpose. */
  leave(attendeeId: string): void {
    const attendee = this.known(attendeeId);
    if (!this.#exit(attendee)) return;
    this.#network('AttendeeLeft', attendee);
  }

  /** Loses the connection: silent at once, AttendeeDropped later, unless they are back before. */
  drop(attendeeId: string): void {
    const attendee = this.known(attendeeId);
    if (!this.#exit(attendee)) return;
    const back = new AbortController();
    this.#dropping.set(attendeeId, back);
    this.#after(this.#options.dropDetectedMs, AbortSignal.any([back.signal, this.#end.signal]), () => {
      this.#dropping.delete(attendeeId);
      this.#network('AttendeeDropped', attendee);
    });
  }

  /** Takes an attendee off the list. @returns false when the meeting has none with this id */
  remove(attendeeId: string): boolean {
    const attendee = this.#attendees.get(attendeeId);
    if (!attendee) return false;
    this.#exit(attendee);
    this.#attendees.delete(attendeeId);
    this.#tell('AttendeeDeleted', attendee);
    return true;
  }

  /** As {@link MeetingActivity.share}. */
  share(...args: Parameters<MeetingActivity['share']>): void {
    this.activity.share(...args);
  }

  /** Takes the voice of somebody away. Returns the way to give it back. */
  silence(attendeeId: string): () => void {
    const name = this.#present.get(attendeeId);
    const voice = this.call.participants.find((one) => one.name === name && one.leftAt === undefined);
    if (voice === undefined) return () => {};
    this.call.leave(voice.name);
    return () => {
      if (this.#present.has(attendeeId)) this.call.join(voice);
    };
  }

  /** Somebody on the list. @throws Error when there is no such attendee */
  known(attendeeId: string): Attendee {
    const attendee = this.#attendees.get(attendeeId);
    if (!attendee) throw new Error(`the meeting has no attendee ${attendeeId}`);
    return attendee;
  }

  /** Ends the meeting; nobody is told to have left. @param deleted whether DeleteMeeting did it: then the end is told twice. */
  end(deleted = false): void {
    if (this.#end.signal.aborted) return;
    for (const voice of this.#present.values()) if (voice !== undefined) this.call.leave(voice);
    this.#present.clear();
    this.#end.abort();
    this.#publish('MeetingEnded');
    const again = this.#options.endedAgainMs;
    if (deleted && again !== 'never')
      this.#after(again, this.#environment.closing, () => this.#publish('MeetingEnded'));
  }

  #enter(attendee: Attendee, voice: string | undefined): void {
    const { attendeeId } = attendee;
    const reconnected = this.#dropping.get(attendeeId);
    reconnected?.abort();
    this.#dropping.delete(attendeeId);
    this.#present.set(attendeeId, voice);
    this.#watchIdle();
    if (!attendee.pipeline) this.activity.happenings.tell({ type: 'AttendeeJoined', attendeeId });
    if (reconnected) return;
    this.#tell('AttendeeAuthorized', attendee);
    this.#network('AttendeeJoined', attendee);
  }

  #exit(attendee: Attendee): boolean {
    if (!this.#present.has(attendee.attendeeId)) return false;
    const voice = this.#present.get(attendee.attendeeId);
    if (voice !== undefined) this.call.leave(voice);
    this.#present.delete(attendee.attendeeId);
    this.#watchIdle();
    if (!attendee.pipeline) {
      this.activity.gone(attendee.attendeeId);
      this.activity.happenings.tell({ type: 'AttendeeLeft', attendeeId: attendee.attendeeId });
    }
    return true;
  }

  #watchIdle(): void {
    this.#idle.abort();
    const { pipelineAttendeeCounts, idleEndMs } = this.#options;
    if (this.#replica || (pipelineAttendeeCounts ? this.#present.size > 0 : this.present.length > 0)) return;
    this.#idle = new AbortController();
    this.#after(idleEndMs, AbortSignal.any([this.#idle.signal, this.#end.signal]), () => this.end());
  }

  #open(): void {
    if (this.#end.signal.aborted) throw new Error('the meeting is over');
  }

  #network(eventType: string, attendee: Attendee): void {
    this.#tell(eventType, attendee, { networkType: 'Voip' });
  }

  #tell(eventType: string, attendee: Attendee, extra: Readonly<Record<string, string>> = {}): void {
    if (attendee.pipeline && !this.#options.pipelineAttendeeEvents) return;
    const { attendeeId, externalUserId } = attendee;
    this.#publish(eventType, { attendeeId, externalUserId, ...extra });
  }

  #publish(eventType: string, extra: Readonly<Record<string, unknown>> = {}): void {
    const event = meetingEvent(originNow(this.#environment), eventType, this, extra);
    this.#environment.eventBridge.publish(event);
    this.#notifications.deliver(this.meetingId, event);
  }

  #after(ms: number, signal: AbortSignal, run: () => void): void {
    const { clock, closing } = this.#environment;
    clock.delay(ms, { signal: AbortSignal.any([signal, closing]) }).then(run, () => {});
  }
}
