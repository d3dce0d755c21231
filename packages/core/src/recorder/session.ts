import type { Member, Offer } from '../capabilities/offer.ts';
import type { SessionRecord } from '../session/record.ts';
import type { SessionSnapshot } from '../session/snapshot.ts';
import type { SessionState } from '../states/states.ts';
import type { Timeline } from '../timeline/timeline.ts';

/** How long a verb waits. */
export interface WaitOptions {
  /**
   * `confirmed` (default): until it is known to have happened. `accepted`: until the provider took it. Inside a turn
   * nothing waits, so `confirmed` is refused there at once.
   */
  readonly until?: 'confirmed' | 'accepted' | undefined;
  /** Ends the waiting, not the command: what was asked for stays asked for. */
  readonly signal?: AbortSignal | undefined;
}

export interface SessionBase {
  readonly id: string;
  /** As this object last read it; {@link SessionBase.snapshot} reads anew. */
  readonly state: SessionState;
  snapshot(): Promise<SessionSnapshot>;
  /** The whole record, for reports and other processes. */
  record(): Promise<SessionRecord>;
  /** Maps moments of the call to moments in its files, as known now. */
  timeline(): Promise<Timeline>;
  /** Ends capture; the file comes later, see {@link SessionBase.settled}. A session that is over is left alone. */
  stop(options?: WaitOptions): Promise<void>;
  /**
   * Resolves when nothing is outstanding: the session is over, and every file is verified where the archive policy
   * wants it, or gone for a stated reason. Needs a worker somewhere.
   */
  settled(options?: { readonly signal?: AbortSignal | undefined }): Promise<SessionSnapshot>;
  /** The snapshot now and after each change of it, until the session is settled. */
  watch(options?: { readonly signal?: AbortSignal | undefined }): AsyncIterable<SessionSnapshot>;
}

/** What the function of a secure section gets. */
export interface SecureContext {
  /** Aborts at `maxMs`, or when the recording goes on although the section has not ended. Stop collecting then. */
  readonly signal: AbortSignal;
}

export interface SecureOptions {
  /** Milliseconds from the proven pause that the section may last. */
  readonly maxMs: number;
  /** When the pause is not proven in time: only `throw` (default), or `stop` the recording and throw. */
  readonly onUnproven?: 'throw' | 'stop' | undefined;
  /**
   * When nobody has ended the section by `maxMs`, because this process died or `collect` hangs: the recording only
   * stays paused (default), or a worker stops it.
   */
  readonly onAbandoned?: 'stay-paused' | 'stop' | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface SessionPause {
  pause(options?: WaitOptions): Promise<void>;
  resume(options?: WaitOptions): Promise<void>;
  /**
   * Runs `collect` while nothing is recorded, for card numbers. `collect` runs only once the pause is proven; the
   * recording resumes only after `collect` settled within `maxMs`, whether it succeeded or threw. In every other case
   * it stays paused: past `maxMs`, and when this process dies. A session that was paused before stays paused after.
   *
   * @returns what `collect` returned, once the recording goes on again.
   * @throws OnRecordError `timeout` when the pause was not proven (`collect` did not run) or `maxMs` passed;
   * `conflict` when somebody resumed the recording meanwhile; else what `collect` threw.
   */
  secureSection<T>(collect: (context: SecureContext) => T | Promise<T>, options: SecureOptions): Promise<T>;
}

export interface SessionDiscard {
  /** Ends capture and deletes what was captured. */
  discard(options?: WaitOptions): Promise<void>;
}

/** One recording; verbs that the provider lacks do not exist. */
export type Session<O extends Offer = Offer> = SessionBase &
  Member<O['pause'], SessionPause> &
  Member<O['discard'], SessionDiscard>;
