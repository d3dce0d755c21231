import { type Announcement, OnRecordError, type Output, type Turn, type TurnStart, timestamp } from '@onrecord/core';
import { type AnnounceOptions, announceAction } from '../announce-action.ts';
import type { SmaLeg } from '../call-ref.ts';
import type { SmaEvent } from '../event/sma-event.ts';
import { interruptAction, recordAudioAction } from '../message/message-actions.ts';
import { pauseOfMessage } from '../message/message-options.ts';
import type { CreateOp, SendOp } from '../record/op.ts';
import type { Engine } from '../record/record-keeper.ts';
import { type Landing, recordingAction, startAction } from '../record-actions.ts';
import type { Item } from '../turn/item.ts';
import {
  type Evidence,
  type LegSession,
  legOf,
  legOfSession,
  sessionNamed,
  type TurnState,
  withLeg,
} from '../turn/state.ts';
import { checkLeg, checkStart, legOfStart } from './check-start.ts';

interface SmaOffer {
  readonly output: Output;
  readonly pause: 'always';
  readonly discard: 'never';
  readonly announce: 'always';
}

/** What a start takes here: any leg of the call, and a message in place of it. */
export interface SmaTurnStart extends TurnStart<SmaOffer> {
  /** Another leg of the same call. Default: the turn's own. */
  readonly call?: SmaLeg | undefined;
}

/** Everything a turn on this plane can do. */
export type SmaTurn = Omit<Turn<SmaOffer>, 'start'> & { start(request?: SmaTurnStart): string };

export interface CollectContext {
  /** Makes ids and digests. */
  readonly engine: Pick<Engine, 'derivedId' | 'derivedSessionId' | 'digestOf'>;
  readonly deployment: string;
  readonly landing: Landing;
  readonly announce: AnnounceOptions;
  /** The output of a start that names none. */
  readonly output: Output;
  readonly provider: string;
  readonly event: SmaEvent;
  readonly transactionId: string;
  readonly sequence: number;
  /** Epoch ms. */
  readonly now: number;
}

/**
 * Collects what a workflow asks for while it handles the notices of one event. Ids are derived from the event, so that
 * a repeated invocation asks for the same.
 */
export class TurnCollector {
  readonly #context: CollectContext;
  #state: TurnState;
  #own: Item[] = [];
  #creates: CreateOp[] = [];
  #sends = new Map<string, Pick<SendOp, 'purpose' | 'maxMs'>>();
  #evidence: Evidence[] = [];
  #count = 0;
  #closed = false;

  constructor(context: CollectContext, state: TurnState) {
    this.#context = context;
    this.#state = state;
  }

  /** Announcements and recording actions, in the order of their calls. */
  get own(): readonly Item[] {
    return this.#own;
  }

  /** Sessions to be created. */
  get creates(): readonly CreateOp[] {
    return this.#creates;
  }

  /** What was announced. */
  get evidence(): readonly Evidence[] {
    return this.#evidence;
  }

  get state(): TurnState {
    return this.#state;
  }

  set state(state: TurnState) {
    this.#state = state;
  }

  /** What belongs to the record of a pause, by command id. */
  sendDetails(commandId: string): Pick<SendOp, 'purpose' | 'maxMs'> {
    return this.#sends.get(commandId) ?? {};
  }

  /** From now on every method of every turn throws. */
  close(): void {
    this.#closed = true;
  }

  turn(call: SmaLeg): SmaTurn {
    const command = (kind: 'pause' | 'resume' | 'stop') => (session: string) => void this.#command(kind, session);
    const open = () => legOf(this.#state, call.data.callId).sessions.filter(({ is }) => is === 'open');
    return {
      call,
      get sessionIds() {
        return open().map(({ id }) => id);
      },
      announce: (announcement) => this.#announce(call, announcement),
      start: (request = {}) => this.#start(legOfStart(this.#context, call, request), request),
      pause: command('pause'),
      resume: command('resume'),
      stop: command('stop'),
      secure: (session, { maxMs }) => this.#secure(session, maxMs),
      endSecure: (session) => this.#endSecure(session),
    };
  }

  #announce(call: SmaLeg, announcement: Announcement): string {
    const id = this.#nextId('announcement');
    const leg = call.data.callId;
    const action = announceAction(announcement, leg, this.#context.announce);
    this.#own.push({ action, own: { kind: 'announce', announcement: id, leg } });
    this.#evidence.push({
      id,
      call: call.key,
      digest: this.#context.engine.digestOf(announcement),
      at: timestamp(this.#context.now),
    });
    return id;
  }

  #start(call: SmaLeg, request: SmaTurnStart): string {
    const { engine, deployment, landing, sequence, now } = this.#context;
    const leg = call.data.callId;
    const { output, message } = checkStart(request, this.#context.output);
    const known = legOf(this.#state, leg);
    checkLeg(known, message);
    const { sessions } = known;
    const ordinal = sessions.length + 1;
    const session = engine.derivedSessionId(deployment, call.key, ordinal);
    const command = this.#nextId('command');
    const action = message
      ? recordAudioAction(leg, message, landing, session)
      : startAction(leg, output, landing, session);
    this.#own.push({ action, own: { kind: 'start', session, command, leg } });
    const { consent, labels, maxDurationMs, providerOptions } = request;
    this.#creates.push({
      op: 'create',
      session,
      command,
      sequence,
      at: now,
      call,
      output,
      ordinal,
      consent,
      labels,
      maxDurationMs,
      ...(message ? { providerOptions } : {}),
    });
    const begun: LegSession = { id: session, is: 'open', command, ...(message ? { message: true } : {}) };
    this.#state = withLeg(this.#state, leg, { sessions: [...sessions, begun] });
    return session;
  }

  #command(
    kind: 'pause' | 'resume' | 'stop',
    session: string,
    details: Pick<SendOp, 'purpose' | 'maxMs'> = {},
  ): string {
    const leg = legOfSession(this.#state, session);
    if (leg === undefined) {
      throw new OnRecordError('not-found', `No leg of this call has the session ${session}.`, {
        remedy: 'Use an id of turn.sessionIds.',
        context: { sessionId: session },
      });
    }
    const message = sessionNamed(this.#state, session)?.message;
    if (message && kind !== 'stop') throw pauseOfMessage(session);
    const command = this.#nextId('command');
    const action = message ? interruptAction(leg) : recordingAction(kind, leg);
    this.#own.push({ action, own: { kind, session, command, leg } });
    this.#sends.set(command, details);
    return command;
  }

  #secure(session: string, maxMs: number): void {
    if (!(maxMs > 0)) {
      throw new OnRecordError('invalid-request', 'A secure section needs maxMs in milliseconds.');
    }
    const command = this.#command('pause', session, { purpose: 'secure', maxMs });
    const leg = legOfSession(this.#state, session)!;
    this.#state = { ...this.#state, secure: [...this.#state.secure, { session, command, leg, maxMs }] };
  }

  #endSecure(session: string): void {
    this.#command('resume', session, { purpose: 'secure' });
    this.#state = { ...this.#state, secure: this.#state.secure.filter((other) => other.session !== session) };
  }

  #nextId(what: 'command' | 'announcement'): string {
    if (this.#closed) {
      throw new OnRecordError('invalid-state', 'This turn is over: its answer has left.', {
        remedy: 'Use it before onCall or ivr returns, and within answerWithinMs.',
      });
    }
    const { engine, deployment, transactionId, sequence } = this.#context;
    this.#count += 1;
    return engine.derivedId(`sma-${what}`, deployment, transactionId, String(sequence), String(this.#count));
  }
}
