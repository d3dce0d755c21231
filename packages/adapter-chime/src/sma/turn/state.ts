import type { RecordOp } from '../record/op.ts';
import type { Lists } from './settle.ts';

/** A session on a leg, as the turn knows it. `void` = its start came to nothing, so the leg may be recorded still. */
export interface LegSession {
  readonly id: string;
  readonly is: 'open' | 'over' | 'void';
  /** Id of its start command. */
  readonly command: string;
  /** A message: the leg may have others, and be recorded as a whole. */
  readonly message?: true | undefined;
}

export interface LegState {
  /** `call.connected` was told. */
  readonly connected?: true | undefined;
  /** Somebody is on the line: an action answered it, or the service said so. */
  readonly answered?: true | undefined;
  /** `call.ended` was told. */
  readonly ended?: true | undefined;
  readonly sessions: readonly LegSession[];
}

/** A durable secure section. */
export interface SecureState {
  readonly session: string;
  /** The command of its pause. */
  readonly command: string;
  readonly leg: string;
  readonly maxMs: number;
  /** Epoch ms at which it expires; absent until the pause is proven. */
  readonly until?: number | undefined;
  readonly expired?: true | undefined;
}

/** What one call's invocations hand on to the next. JSON; no digits, no join tokens. */
export interface TurnState extends Lists {
  /** `Sequence` of the invocation that made it. */
  readonly sequence: number;
  /** The SIP media application that the last event came from: another one may take the call over. */
  readonly application?: string | undefined;
  /** Epoch ms at which {@link Lists.running} was answered. */
  readonly since?: number | undefined;
  /** By CallId. */
  readonly legs: { readonly [callId: string]: LegState };
  /** Commands that were taken, newest last: a worker or another process may send one again. */
  readonly done: readonly string[];
  readonly secure: readonly SecureState[];
  /** Changes of records that the store did not take in time, oldest first. */
  readonly pending: readonly RecordOp[];
  /** Notices that come too late for the invocation that caused them. */
  readonly untold: readonly Untold[];
  /** Announcements whose evidence the store has not taken yet. */
  readonly evidence: readonly Evidence[];
  /** Parts were left out to save space: the store's journal holds the whole. */
  readonly partial?: true | undefined;
}

/** What was announced: kept under `announcement/<id>`, as a recorder does. */
export interface Evidence {
  readonly id: string;
  /** Key of the call. */
  readonly call: string;
  /** Digest of the announcement. */
  readonly digest: string;
  /** RFC 3339. */
  readonly at: string;
}

/** A notice that an invocation could not give any more; the next one does. */
export interface Untold {
  readonly type: 'call.announcement-failed' | 'secure.refused';
  /** Announcement id, or id of the command of the pause. */
  readonly id: string;
  readonly session?: string | undefined;
  readonly leg: string;
  readonly reason: string;
}

/** The state before the first invocation of a call. */
export const emptyState: TurnState = {
  sequence: 0,
  running: [],
  cut: [],
  queue: [],
  legs: {},
  done: [],
  secure: [],
  pending: [],
  untold: [],
  evidence: [],
};

/** Ids kept; older commands are settled in the record. */
const maxDone = 12;

export function withDone(state: TurnState, commands: readonly string[]): TurnState {
  return { ...state, done: [...state.done, ...commands].slice(-maxDone) };
}

export function legOf(state: Pick<TurnState, 'legs'>, callId: string): LegState {
  return state.legs[callId] ?? { sessions: [] };
}

export function withLeg<S extends Pick<TurnState, 'legs'>>(state: S, callId: string, change: Partial<LegState>): S {
  return { ...state, legs: { ...state.legs, [callId]: { ...legOf(state, callId), ...change } } };
}

/** Changes one session, wherever it is. */
export function withSession<S extends Pick<TurnState, 'legs'>>(state: S, session: string, is: LegSession['is']): S {
  const legs = Object.entries(state.legs).map(([callId, leg]) => [
    callId,
    { ...leg, sessions: leg.sessions.map((other) => (other.id === session ? { ...other, is } : other)) },
  ]);
  return { ...state, legs: Object.fromEntries(legs) };
}

/** A session of any leg. */
export function sessionNamed(state: Pick<TurnState, 'legs'>, id: string): LegSession | undefined {
  return Object.values(state.legs)
    .flatMap(({ sessions }) => sessions)
    .find((session) => session.id === id);
}

/** The leg that a session records, unless it is unknown. */
export function legOfSession(state: Pick<TurnState, 'legs'>, session: string): string | undefined {
  return Object.entries(state.legs).find(([, { sessions }]) => sessions.some(({ id }) => id === session))?.[0];
}
