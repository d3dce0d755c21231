import type { Clock } from '@onrecord/core';
import { type ActionKind, type ActionOutcome, type EndedLegReport, failure } from './action.ts';
import type { ActionFaults } from './action-faults.ts';
import { ACTION_KINDS, NOT_SIMULATED } from './actions/index.ts';
import type { CallEngine } from './call-engine.ts';
import type { Leg } from './leg.ts';
import type { ActionData, InvocationEventType, SmaAction } from './sma-event.ts';
import type { ActionError, ResolvedSmaOptions } from './sma-options.ts';

const UNKNOWN_CALL_ID = 'CallId parameter for action is invalid';
const UNKNOWN_LEG = 'CallId or ParticipantTag parameter for the action is invalid';

type Ending = ActionOutcome | 'interrupted' | 'leg-ended';

/**
 * Runs the actions of one answer in order. Success is reported once, with the last action; a failure drops the rest. A
 * new list replaces what is left: at once where the running action is interruptible, else after that action.
 */
export class ActionList {
  readonly #engine: CallEngine;
  readonly #clock: Clock;
  readonly #options: ResolvedSmaOptions;
  readonly #faults: ActionFaults;
  #running = false;
  #work: Promise<void> = Promise.resolve();
  #next: readonly SmaAction[] | undefined;
  #interrupt: AbortController | undefined;
  #stopped = false;
  #busy: Leg | undefined;

  constructor(engine: CallEngine, clock: Clock, options: ResolvedSmaOptions, faults: ActionFaults) {
    this.#engine = engine;
    this.#clock = clock;
    this.#options = options;
    this.#faults = faults;
  }

  get running(): boolean {
    return this.#running;
  }

  replace(actions: readonly SmaAction[]): void {
    if (this.#stopped) return;
    this.#next = actions;
    if (this.#running) this.#interrupt?.abort();
    else this.#work = this.#drain();
  }

  /** Whether an action is at work on this leg, Hangup apart: it would wait for itself. */
  worksOn(leg: Leg): boolean {
    return this.#busy === leg;
  }

  /** Resolves when no action is at work. */
  idle(): Promise<void> {
    return this.#work;
  }

  /** Runs nothing more; the call is over. */
  stop(): void {
    this.#stopped = true;
    this.#next = undefined;
  }

  async #drain(): Promise<void> {
    this.#running = true;
    while (this.#next) {
      const actions = this.#next;
      this.#next = undefined;
      await this.#run(actions);
    }
    this.#running = false;
  }

  async #run(actions: readonly SmaAction[]): Promise<void> {
    for (const [index, action] of actions.entries()) {
      const ending = await this.#one(action);
      if (ending === 'interrupted') return this.#report('ACTION_INTERRUPTED', action);
      if (ending === 'leg-ended') return this.#reportEndedLeg(action);
      if (ending.legEnded) return this.#reportOutcome(action, ending, ending.legEnded);
      if (!ending.ok) return this.#report('ACTION_FAILED', action, this.#failureOf(ending.error));
      const last = index === actions.length - 1;
      if (last && !ending.silent && !(this.#next && this.#options.replacedList === 'never')) {
        this.#report('ACTION_SUCCESSFUL', action, ending.extra);
      }
      if (this.#next || this.#stopped) return;
    }
  }

  async #one(action: SmaAction): Promise<Ending> {
    const kind = ACTION_KINDS[action.Type];
    if (!kind) {
      const reason = NOT_SIMULATED.includes(action.Type)
        ? `${action.Type} is not simulated`
        : `Unsupported action name specified: ${action.Type}`;
      return failure('InvalidActionParameter', reason);
    }
    const fault = this.#faults.take(action);
    if (fault) return { ok: false, error: fault };
    const parameters = action.Parameters ?? {};
    const leg = this.#legOf(kind, parameters);
    const unknownLeg = kind.unknownLeg ?? (kind.byCallIdOnly ? UNKNOWN_CALL_ID : UNKNOWN_LEG);
    if (!leg) return failure('InvalidActionParameter', unknownLeg);
    const answers = (kind.answers && !this.#never(action)) || this.#options.alsoAnswers.includes(action.Type);
    if (answers && leg.direction === 'Inbound') leg.connect();
    if (kind.needsMedia && leg.status !== 'Connected') return failure('InvalidActionParameter', unknownLeg);
    return this.#carryOut(kind, action, leg);
  }

  /** Actions whose pages say that they answer always do. */
  #never({ Type }: SmaAction): boolean {
    return !['Speak', 'PlayAudio', 'RecordAudio'].includes(Type) && this.#options.neverAnswers.includes(Type);
  }

  async #carryOut(kind: ActionKind, action: SmaAction, leg: Leg): Promise<Ending> {
    const interrupt = new AbortController();
    this.#interrupt = kind.interruptible ? interrupt : undefined;
    this.#busy = action.Type === 'Hangup' ? undefined : leg;
    try {
      return await kind.run({
        engine: this.#engine,
        clock: this.#clock,
        options: this.#options,
        action,
        parameters: action.Parameters ?? {},
        leg,
        signal: AbortSignal.any([interrupt.signal, leg.ended]),
      });
    } catch (error) {
      if (interrupt.signal.aborted) return 'interrupted';
      if (leg.ended.aborted) return 'leg-ended';
      throw error;
    } finally {
      this.#interrupt = undefined;
      this.#busy = undefined;
    }
  }

  #legOf(kind: ActionKind, parameters: Readonly<Record<string, unknown>>): Leg | undefined {
    const legs = this.#engine.liveLegs;
    const { CallId, ParticipantTag } = parameters;
    const both = CallId !== undefined && ParticipantTag !== undefined;
    if (both && !kind.byCallIdOnly && this.#options.bothLegNames === 'refused') return undefined;
    if (CallId !== undefined) return legs.find((leg) => leg.callId === CallId);
    if (kind.byCallIdOnly) return undefined;
    return legs.find((leg) => leg.tag === (ParticipantTag ?? 'LEG-A'));
  }

  #reportOutcome(action: SmaAction, outcome: ActionOutcome, report: EndedLegReport): void {
    if (report === 'nothing') return;
    if (report === 'ACTION_SUCCESSFUL' && outcome.ok) this.#report(report, action, outcome.extra);
    else
      this.#report('ACTION_FAILED', action, this.#failureOf(outcome.ok ? this.#options.notRecording : outcome.error));
  }

  #reportEndedLeg(action: SmaAction): void {
    const report = this.#options.actionOfEndedLeg;
    if (report === 'nothing') return;
    const extra = report === 'ACTION_FAILED' ? this.#failureOf(this.#options.notRecording) : {};
    this.#report(report, action, extra);
  }

  #failureOf(error: ActionError): Readonly<Record<string, string>> {
    if (this.#options.failureShape === 'error') return { Error: `${error.type}: ${error.message}` };
    return { ErrorType: error.type, ErrorMessage: error.message };
  }

  #report(type: InvocationEventType, action: SmaAction, extra: Readonly<Record<string, unknown>> = {}): void {
    const actionData: ActionData = { ...action, ...extra };
    this.#engine.emit({ type, actionData });
  }
}
