import { randomUUID } from 'node:crypto';
import type { Clock } from '@onrecord/core';
import type { VirtualCall } from '../../call/virtual-call.ts';
import type { SimulatedMeeting } from '../meetings/simulated-meeting.ts';
import type { ObjectStore } from '../object-store.ts';
import type { ActionFaults } from './action-faults.ts';
import { ActionList } from './action-list.ts';
import { dial } from './dial.ts';
import { Leg, type LegDescription } from './leg.ts';
import type { PhoneBook } from './phone-book.ts';
import { Recordings, type RecordingsOptions } from './recordings.ts';
import type { Route } from './route.ts';
import { readAnswer } from './sma-answer.ts';
import type { EventContent, SmaEvent } from './sma-event.ts';
import type { ResolvedSmaOptions } from './sma-options.ts';
import type { SpeechService } from './speech-service.ts';
import { writeEvent } from './write-event.ts';

export interface CallEngineSettings {
  readonly call: VirtualCall;
  readonly route: Route;
  readonly phones: PhoneBook;
  readonly speech: SpeechService;
  readonly options: ResolvedSmaOptions;
  readonly recordings: RecordingsOptions;
  /** A meeting that is not over. */
  readonly findMeeting: (meetingId: string) => SimulatedMeeting | undefined;
  readonly actionFaults: ActionFaults;
  /** Absent for a call placed through the API. */
  readonly sipRuleId: string | undefined;
}

/** One call of a SIP media application: its legs, the events it sends one after the other, and what the answers do. */
export class CallEngine {
  readonly transactionId: string = randomUUID();
  readonly call: VirtualCall;
  readonly store: ObjectStore;
  readonly phones: PhoneBook;
  readonly speech: SpeechService;
  readonly recordings: Recordings;
  /** Resolves when no leg is left and the Lambda function has answered every event. */
  readonly ended: Promise<void>;
  readonly #settings: CallEngineSettings;
  readonly #clock: Clock;
  readonly #list: ActionList;
  #legs: readonly Leg[] = [];
  #attributes: Readonly<Record<string, string>> | undefined;
  #sequence = 0;
  #queue: Promise<void> = Promise.resolve();
  #failed = false;
  #over: () => void = () => {};

  constructor(settings: CallEngineSettings) {
    this.#settings = settings;
    this.call = settings.call;
    this.store = settings.recordings.store;
    this.phones = settings.phones;
    this.speech = settings.speech;
    this.#clock = settings.recordings.clock;
    this.recordings = new Recordings(this.transactionId, settings.recordings);
    this.#list = new ActionList(this, this.#clock, settings.options, settings.actionFaults);
    settings.recordings.closing.addEventListener('abort', () => this.#close(), { once: true });
    const over = new Promise<void>((resolve) => {
      this.#over = resolve;
    });
    this.ended = over.then(() => this.#list.idle()).then(() => this.settled());
  }

  get legs(): readonly Leg[] {
    return this.#legs;
  }

  /** Legs that are ringing or connected. */
  get liveLegs(): readonly Leg[] {
    return this.#legs.filter((leg) => leg.status !== 'Disconnected');
  }

  /** Whether a second leg is connected. */
  get bridged(): boolean {
    return this.liveLegs.length > 1;
  }

  /** Resolves when no event is being sent or waits to be. */
  async settled(): Promise<void> {
    for (let seen: unknown; seen !== this.#queue; ) {
      seen = this.#queue;
      await this.#queue;
    }
  }

  findMeeting(meetingId: string): SimulatedMeeting | undefined {
    return this.#settings.findMeeting(meetingId);
  }

  newLeg(description: LegDescription): Leg {
    return new Leg(this.call, description);
  }

  /** A call comes in. */
  receive(leg: Leg): void {
    this.#legs = [leg];
    this.emit({ type: 'NEW_INBOUND_CALL' });
    void this.#dropUnanswered(leg);
  }

  /** Places a call: NEW_OUTBOUND_CALL, RINGING, then CALL_ANSWERED or HANGUP. */
  async place(leg: Leg, parameters: Readonly<Record<string, string>> | undefined): Promise<void> {
    this.#legs = [leg];
    const { callRequestType, outboundRingMs, ringings } = this.#settings.options;
    const withArguments = parameters && { Type: callRequestType, Parameters: { Arguments: parameters } };
    this.emit({ type: 'NEW_OUTBOUND_CALL', actionData: withArguments });
    const phone = this.phones.find(leg.to);
    for (let rung = 0; rung < ringings && phone.refuses !== 'busy'; rung++) this.emit({ type: 'RINGING' });
    const outcome = await dial(phone, this.#clock, outboundRingMs, leg.ended).catch(() => 'gone' as const);
    if (outcome === 'gone') return;
    if (outcome !== 'answered') return this.hangUp(leg, outcome === 'busy' ? 486 : 480);
    leg.connect();
    this.emit({ type: 'CALL_ANSWERED' });
  }

  /** Connects two legs: each hears the other. An inbound leg that nobody answered is answered by it. */
  bridge(leg: Leg, other: Leg): void {
    const now = this.#clock.now();
    leg.connect();
    other.connect();
    const gone = this.#settings.options.goneLegs === 'listed' ? this.#legs.filter((one) => one !== leg) : [];
    this.#legs = [leg, ...gone, other];
    leg.audio.hear(other.audio, now);
    other.audio.hear(leg.audio, now);
  }

  /** Ends one leg, whoever hung up; other phones stay, a meeting leg does not. Its recording ends with it. */
  hangUp(leg: Leg, sipResponseCode = 0): void {
    const recorded = leg.recording !== undefined && leg.recording.stoppedAt === undefined;
    if (!this.end(leg)) return;
    for (const other of this.liveLegs) if (other.kind === 'meeting') this.end(other);
    const code = sipResponseCode === 0 ? {} : { SipResponseCode: sipResponseCode };
    const parameters = { ...code, CallId: leg.callId, ParticipantTag: leg.tag };
    const { firstOfHangup, stopReportedAfterHangup } = this.#settings.options;
    const tell = () => {
      this.emit({ type: 'HANGUP', actionData: { Type: 'Hangup', Parameters: parameters } });
      if (!recorded || !stopReportedAfterHangup) return;
      const stop = { Type: 'StopCallRecording', Parameters: { CallId: leg.callId } };
      this.emit({ type: 'ACTION_SUCCESSFUL', actionData: stop });
    };
    if (firstOfHangup === 'action' && this.#list.worksOn(leg)) void this.#list.idle().then(tell);
    else tell();
    if (this.liveLegs.length > 0) return;
    this.#list.stop();
    this.#over();
  }

  /** Ends a leg, and its recording, without telling the Lambda function. False when it is over already. */
  end(leg: Leg): boolean {
    if (leg.status === 'Disconnected') return false;
    this.recordings.finish(leg);
    leg.disconnect();
    return true;
  }

  /** Queues an event: events of a call are sent one after the other, each after the answer to the one before. */
  emit(content: EventContent): void {
    this.#queue = this.#queue.then(() => this.#invoke(content));
  }

  /** Without an answer, from the next application neither, the call ends with 480; so does one with too many invocations. */
  async #invoke(content: EventContent): Promise<void> {
    const { route, options } = this.#settings;
    if (this.#sequence >= options.maxInvocations) return this.#fail();
    this.#sequence += 1;
    for (;;) {
      const event = this.#event(content);
      const result = await route.current.lambda.invoke(event);
      if (result) return this.#apply(event, result.answer);
      if (this.liveLegs.length === 0 || !route.goOn(content.type)) return this.#fail();
      route.current.adopt(this);
      if (route.countsAgain) this.#sequence += 1;
    }
  }

  /** An inbound leg is gone when nothing has answered it in time and no action is at work on the call. */
  async #dropUnanswered(leg: Leg): Promise<void> {
    try {
      do await this.#clock.delay(this.#settings.options.unansweredMs, { signal: leg.ended });
      while (leg.status === 'Ringing' && this.#list.running);
    } catch {
      return; // the leg ended
    }
    if (leg.status === 'Ringing') this.hangUp(leg, 480);
  }

  /** Everybody is gone, and nobody is told. */
  #close(): void {
    this.#list.stop();
    for (const leg of this.liveLegs) leg.disconnect();
    this.#over();
  }

  #fail(): void {
    if (this.#failed) return;
    this.#failed = true;
    for (const leg of this.liveLegs) this.hangUp(leg, 480);
  }

  #apply(event: SmaEvent, answer: unknown): void {
    const type = event.InvocationEventType;
    if (type === 'NEW_OUTBOUND_CALL' || type === 'RINGING') return;
    const connected = this.liveLegs.some((leg) => leg.status === 'Connected');
    if (this.liveLegs.length === 0 || (type === 'HANGUP' && !connected)) return;
    const read = readAnswer(answer, this.#settings.options);
    if ('invalid' in read) {
      if (type !== 'INVALID_LAMBDA_RESPONSE') this.emit({ type: 'INVALID_LAMBDA_RESPONSE', error: read.invalid });
      else if (this.#settings.options.secondInvalidAnswer === 'ends') this.#fail();
      return;
    }
    this.#attributes = read.attributes ?? this.#attributes;
    if (
      type === 'NEW_INBOUND_CALL' &&
      !read.actions?.length &&
      this.#settings.options.newCallWithoutActions === 'ends'
    ) {
      this.#fail();
      return;
    }
    if (!read.actions || type === 'ACTION_INTERRUPTED') return;
    if (read.actions.length === 0 && this.#settings.options.emptyList === 'keeps') return;
    this.#list.replace(read.actions);
  }

  #event(content: EventContent): SmaEvent {
    const { route, sipRuleId, options } = this.#settings;
    const state = {
      sequence: this.#sequence,
      transactionId: this.transactionId,
      attributes: this.#attributes ?? {},
      legs: this.#legs,
      target: route.current,
      sipRuleId,
    };
    return writeEvent(content, state, options);
  }
}
