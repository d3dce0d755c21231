import type { RecordingCommand } from '../behaviour.ts';
import { newRecordingId } from '../call/ids.ts';
import type { PlayFailure } from '../call/prompt-source.ts';
import type { RecordedCall } from '../call/recorded-call.ts';
import { callbackEvent } from '../events/cloud-event.ts';
import { offsetTime } from '../events/wire-time.ts';
import { type Span, sampleAt } from '../media/span.ts';
import { ApiError } from '../server/api-error.ts';
import { type AzureWorld, later } from '../world.ts';
import type { RecordingOrder } from './recording-order.ts';

/** A stretch of wall time (epoch ms) in which nothing was recorded. */
export interface PauseInterval {
  readonly from: number;
  readonly to: number;
}

/** What was captured, once the recording is over. */
export interface Capture {
  /** Wall times (epoch ms). */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly spans: readonly Span[];
  readonly pauses: readonly PauseInterval[];
  readonly endReason: string;
}

/**
 * One recording of a call. Commands are accepted at once and take effect after the settle time, in the order given;
 * the API shows only `active` or `inactive`, whatever the reason.
 */
export class Recording {
  readonly id: string = newRecordingId();
  readonly call: RecordedCall;
  readonly order: RecordingOrder;
  readonly #world: AzureWorld;
  readonly #whenOver: (recording: Recording, capture: Capture | undefined) => void;
  readonly #spans: Span[] = [];
  readonly #pauses: PauseInterval[] = [];
  #startedAt: number | undefined;
  #capturingFrom: number | undefined;
  #pausedAt: number | undefined;
  #over = false;
  #stopping = false;
  #endedWithCall = false;
  #unsettled = 0;
  #lastEffectAt = 0;

  constructor(
    world: AzureWorld,
    call: RecordedCall,
    order: RecordingOrder,
    whenOver: (recording: Recording, capture: Capture | undefined) => void,
  ) {
    this.#world = world;
    this.call = call;
    this.order = order;
    this.#whenOver = whenOver;
  }

  /** Whether commands no longer find it: it ended, failed, or was told to stop. */
  get gone(): boolean {
    return this.#over || this.#stopping;
  }

  /** Whether nobody finds it any more, and another one may begin. */
  get over(): boolean {
    return this.#over;
  }

  /** Whether it ended because its call did. */
  get endedWithCall(): boolean {
    return this.#endedWithCall;
  }

  get kind(): string {
    const { teamsPhoneRecordingKind } = this.#world.behaviour;
    return this.call.profile === 'teams-phone' ? teamsPhoneRecordingKind : 'azureCommunicationServices';
  }

  get state(): 'active' | 'inactive' {
    return this.#capturingFrom === undefined ? 'inactive' : 'active';
  }

  /** Begins, or fails with `failure`, when the start settles. */
  start(failure: PlayFailure | undefined): void {
    this.#settle('start', () => (failure ? this.#fail(failure) : this.#begin()));
  }

  /** @throws ApiError where the behaviour refuses overlapping or redundant commands. */
  pause(): void {
    this.#admit('pause', this.#startedAt !== undefined && this.#capturingFrom === undefined);
    this.#settle('pause', () => this.#pause());
  }

  /** @throws ApiError as {@link pause} does. */
  resume(): void {
    this.#admit('resume', this.#capturingFrom !== undefined);
    this.#settle('resume', () => this.#resume());
  }

  stop(): void {
    this.#stopping = true;
    this.#settle('stop', () => this.#finish(this.#world.behaviour.stoppedEndReason));
  }

  /** Ends now because the call is over. */
  finishWithCall(): void {
    if (this.#over) return;
    this.#endedWithCall = true;
    this.#finish('CallEnded');
  }

  #finish(endReason: string): void {
    this.#endSpan();
    this.#endPause();
    this.#over = true;
    const startedAt = this.#startedAt;
    if (startedAt !== undefined) this.#tellState();
    const kept = startedAt !== undefined && this.#spans.length > 0;
    const endedAt = this.#world.clock.now();
    const capture = kept ? { startedAt, endedAt, spans: this.#spans, pauses: this.#pauses, endReason } : undefined;
    this.#whenOver(this, capture);
  }

  #admit(command: 'pause' | 'resume', redundant: boolean): void {
    const { overlappingCommands, redundantCommands } = this.#world.behaviour;
    if (overlappingCommands === 'conflict' && this.#unsettled > 0) {
      throw new ApiError(409, '8571', 'Another operation on this recording has not been completed.');
    }
    if (redundantCommands === 'refuse' && this.#unsettled === 0 && redundant) {
      throw new ApiError(400, '8573', `The recording cannot ${command} in its current state.`);
    }
  }

  #settle(command: RecordingCommand, effect: () => void): void {
    const { clock, behaviour } = this.#world;
    const settleMs = typeof behaviour.settleMs === 'number' ? behaviour.settleMs : behaviour.settleMs(command);
    this.#lastEffectAt = Math.max(this.#lastEffectAt, clock.monotonic() + settleMs);
    this.#unsettled += 1;
    later(this.#world, this.#lastEffectAt - clock.monotonic(), () => {
      this.#unsettled -= 1;
      if (!this.#over) effect();
    });
  }

  #begin(): void {
    this.#startedAt = this.#world.clock.now();
    this.call.announceRecording('started');
    if (this.order.pauseOnStart) {
      this.#pausedAt = this.#startedAt;
      if (this.#world.behaviour.pauseEvent) this.#tellState();
    } else {
      this.#beginSpan();
    }
  }

  #fail(resultInformation: PlayFailure): void {
    this.#over = true;
    this.#tell('StartRecordingFailed', { ...this.call.ids(), recordingId: this.id, resultInformation });
    this.#whenOver(this, undefined);
  }

  #pause(): void {
    if (this.#capturingFrom === undefined) return;
    this.#endSpan();
    this.#pausedAt = this.#world.clock.now();
    this.call.announceRecording('paused');
    if (this.#world.behaviour.pauseEvent) this.#tellState();
  }

  #resume(): void {
    if (this.#capturingFrom !== undefined) return;
    this.#endPause();
    this.#beginSpan();
  }

  #beginSpan(): void {
    this.#capturingFrom = this.#world.clock.now();
    this.#tellState();
  }

  #endSpan(): void {
    if (this.#capturingFrom === undefined) return;
    const { call } = this.call;
    const begin = sampleAt(call, this.#capturingFrom);
    const end = sampleAt(call, Math.min(this.#world.clock.now(), call.endedAt ?? Number.POSITIVE_INFINITY));
    if (end > begin) this.#spans.push({ begin, end });
    this.#capturingFrom = undefined;
  }

  #endPause(): void {
    if (this.#pausedAt !== undefined) this.#pauses.push({ from: this.#pausedAt, to: this.#world.clock.now() });
    this.#pausedAt = undefined;
  }

  #tellState(): void {
    this.#tell('RecordingStateChanged', {
      recordingId: this.id,
      state: this.state,
      startDateTime: offsetTime(this.#startedAt ?? this.#world.clock.now()),
      recordingKind: this.kind,
      ...this.call.ids(),
    });
  }

  #tell(name: string, data: Readonly<Record<string, unknown>>): void {
    const { callbackUri } = this.order;
    if (callbackUri === undefined) return;
    const { clock, behaviour, callbacks } = this.#world;
    const about = `calling/recordings/${this.call.serverCallId}/recordingId/${this.id}`;
    callbacks.send(callbackUri, callbackEvent(name, about, data, clock.now(), behaviour.eventShape));
  }
}
