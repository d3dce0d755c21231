import type { RecordingCommand } from '../behaviour.ts';
import { newRecordingId } from '../call/ids.ts';
import type { PlayFailure } from '../call/prompt-source.ts';
import type { RecordedCall } from '../call/recorded-call.ts';
import { callbackEvent } from '../events/cloud-event.ts';
import { offsetTime } from '../events/wire-time.ts';
import { ApiError } from '../server/api-error.ts';
import { type AzureWorld, later } from '../world.ts';
import { type Capture, RunningCapture } from './capture.ts';
import type { RecordingOrder } from './recording-order.ts';

/**
 * One recording of a call. Commands are accepted at once and take effect after the settle time, in the order given;
 * the API shows only `active` or `inactive`, whatever the reason.
 */
export class Recording {
  readonly id: string = newRecordingId();
  readonly call: RecordedCall;
  readonly order: RecordingOrder;
  readonly #world: AzureWorld;
  readonly #whenCaptured: (recording: Recording, captures: readonly Capture[]) => void;
  /** What is still to be announced with what follows. */
  readonly #earlier: Capture[] = [];
  #capture: RunningCapture | undefined;
  #startedAt: number | undefined;
  #over = false;
  #stopping = false;
  #lost = false;
  #endedBy: 'call' | 'limit' | undefined;
  #unsettled = 0;
  #lastEffectAt = 0;

  constructor(
    world: AzureWorld,
    call: RecordedCall,
    order: RecordingOrder,
    whenCaptured: (recording: Recording, captures: readonly Capture[]) => void,
  ) {
    this.#world = world;
    this.call = call;
    this.order = order;
    this.#whenCaptured = whenCaptured;
  }

  /** Whether queries find it: it goes on, and this instance of the service knows of it. */
  get known(): boolean {
    return !this.#over && !this.#lost;
  }

  /** Whether commands find it: it is known, and was not told to stop. */
  get commandable(): boolean {
    return this.known && !this.#stopping;
  }

  /** Whether nobody finds it any more, and another one may begin. */
  get over(): boolean {
    return this.#over;
  }

  /** What ended it other than a command, once something did. */
  get endedBy(): 'call' | 'limit' | undefined {
    return this.#endedBy;
  }

  get kind(): string {
    const { teamsPhoneRecordingKind } = this.#world.behaviour;
    return this.call.profile === 'teams-phone' ? teamsPhoneRecordingKind : 'azureCommunicationServices';
  }

  get state(): 'active' | 'inactive' {
    return this.#capture?.capturing ? 'active' : 'inactive';
  }

  /** Begins, or fails with `failure`, when the start settles. */
  start(failure: PlayFailure | undefined): void {
    this.#settle('start', () => (failure ? this.#fail(failure) : this.#begin()));
  }

  /** @throws ApiError where the behaviour refuses overlapping or redundant commands. */
  pause(): void {
    this.#admit('pause', this.#capture?.capturing === false);
    this.#settle('pause', () => this.#pause());
  }

  /** @throws ApiError as {@link pause} does. */
  resume(): void {
    this.#admit('resume', this.#capture?.capturing === true);
    this.#settle('resume', () => this.#resume());
  }

  /** @throws ApiError where the behaviour refuses overlapping commands. */
  stop(): void {
    this.#refuseOverlap();
    this.#stopping = true;
    this.#settle('stop', () => this.#finish(this.#world.behaviour.stoppedEndReason));
  }

  /** Ends now because the call is over. */
  finishWithCall(): void {
    if (this.#over) return;
    this.#endedBy = 'call';
    this.#finish('CallEnded');
  }

  /** Ends now, where it does, because the application that began it left the call. */
  finishWithInitiator(): void {
    if (!this.#over && this.#world.behaviour.initiatorLeaves === 'recording-ends') this.#finish('InitiatorLeft');
  }

  /**
   * Another instance of the service goes on with it: what was captured so far becomes files of its own, what follows
   * others of the same recording id, counted from 0 again, and commands and queries no longer find it.
   */
  failOver(): void {
    if (!this.known || !this.#capture) return;
    const { capturing } = this.#capture;
    const capture = this.#capture.end('CallEnded');
    if (capture) this.#earlier.push(capture);
    if (this.#world.behaviour.failOverEvents === 'one-each') this.#handOver();
    this.#lost = true;
    this.#capture = new RunningCapture(this.call.call);
    if (capturing) this.#capture.resume();
  }

  #finish(endReason: string, resultInformation?: PlayFailure): void {
    const capture = this.#capture?.end(endReason);
    this.#over = true;
    if (this.#startedAt !== undefined) this.#tellState(resultInformation);
    if (capture) this.#earlier.push(capture);
    this.#handOver();
  }

  #handOver(): void {
    const captures = this.#earlier.splice(0);
    if (captures.length > 0) this.#whenCaptured(this, captures);
  }

  #admit(command: 'pause' | 'resume', redundant: boolean): void {
    this.#refuseOverlap();
    const { redundantCommands } = this.#world.behaviour;
    if (redundantCommands === 'refuse' && this.#unsettled === 0 && redundant) {
      throw new ApiError(400, '8573', `The recording cannot ${command} in its current state.`);
    }
  }

  #refuseOverlap(): void {
    if (this.#world.behaviour.overlappingCommands === 'conflict' && this.#unsettled > 0) {
      throw new ApiError(409, '8571', 'Another operation on this recording has not been completed.');
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
    const { clock, behaviour } = this.#world;
    this.#startedAt = clock.now();
    this.#capture = new RunningCapture(this.call.call);
    this.call.announceRecording('started');
    if (!this.order.pauseOnStart) this.#resume();
    else if (behaviour.pauseEvent) this.#tellState();
    if (Number.isFinite(behaviour.maxRecordingMs))
      later(this.#world, behaviour.maxRecordingMs, () => this.#reachLimit());
  }

  #reachLimit(): void {
    if (this.#over) return;
    this.#endedBy = 'limit';
    const message = 'The maximum duration of a recording was reached.';
    this.#finish(this.#world.behaviour.limitEndReason, { code: 400, subCode: 8515, message });
  }

  #fail(resultInformation: PlayFailure): void {
    this.#over = true;
    this.#tell('StartRecordingFailed', { ...this.call.ids(), recordingId: this.id, resultInformation });
  }

  #pause(): void {
    if (!this.#capture?.capturing) return;
    this.#capture.pause();
    this.call.announceRecording('paused');
    if (this.#world.behaviour.pauseEvent) this.#tellState();
  }

  #resume(): void {
    if (!this.#capture || this.#capture.capturing) return;
    this.#capture.resume();
    this.#tellState();
  }

  #tellState(resultInformation?: PlayFailure): void {
    this.#tell('RecordingStateChanged', {
      recordingId: this.id,
      state: this.state,
      startDateTime: offsetTime(this.#startedAt ?? this.#world.clock.now()),
      recordingKind: this.kind,
      ...this.call.ids(),
      ...(resultInformation && { resultInformation }),
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
