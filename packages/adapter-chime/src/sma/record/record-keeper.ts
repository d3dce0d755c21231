import { type Logger, OnRecordError } from '@onrecord/core';
import type { Budget } from '../turn/budget.ts';
import type { RecordOp } from './op.ts';
import type { SaveContext, Verdict } from './save-ops.ts';

/** What is loaded with the first invocation. */
export type Engine = typeof import('./engine.ts');

/**
 * Writes the changes of one invocation, session by session, as far as the store is in time. What it is not in time for
 * is handed to the next invocation, oldest first; a command leaves with the answer all the same.
 */
export class RecordKeeper {
  readonly #engine: Engine;
  readonly #context: SaveContext;
  readonly #budget: Budget;
  readonly #logger: Logger;
  #late: RecordOp[] = [];

  constructor(engine: Engine, context: SaveContext, budget: Budget, logger: Logger) {
    this.#engine = engine;
    this.#context = context;
    this.#budget = budget;
    this.#logger = logger;
  }

  /** What the store has not taken, in order. */
  get late(): readonly RecordOp[] {
    return this.#late;
  }

  /** Saves changes of any sessions; sessions do not wait for each other. */
  async save(share: number, ops: readonly RecordOp[]): Promise<void> {
    const bySession = Map.groupBy(ops, ({ session }) => session);
    await Promise.all(Array.from(bySession.values(), (own) => this.saveOne(share, own)));
  }

  /** Saves changes of one session. When the store is late the answer is `go`: a recording does not wait for it. */
  async saveOne(share: number, ops: readonly RecordOp[]): Promise<Verdict> {
    const session = ops[0]!.session;
    if (this.#late.some((other) => other.session === session)) {
      this.#late.push(...ops);
      return { is: 'go' };
    }
    const outcome = await this.#budget.within(share, () => this.#engine.saveOps(this.#context, ops));
    if ('value' in outcome) return outcome.value;
    const error = 'error' in outcome ? outcome.error : undefined;
    if (OnRecordError.is(error, 'not-found') || OnRecordError.is(error, 'invalid-request')) {
      this.#logger.error({ err: error, sessionId: session }, 'sma: a change of a session is impossible');
      return { is: 'drop', reason: error.message };
    }
    this.#logger.warn(
      { err: error, sessionId: session, late: 'late' in outcome },
      'sma: the store did not take a change',
    );
    this.#late.push(...ops);
    return { is: 'go' };
  }
}
