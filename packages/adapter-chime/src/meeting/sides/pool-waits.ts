import { type Clock, OnRecordError } from '@onrecord/core';
import type { ChimeStreamPool } from './stream-pool.ts';
import type { PoolWaitOptions } from './stream-pools.ts';

type Read = (name: string, signal: AbortSignal | undefined) => Promise<ChimeStreamPool | undefined>;

const defaultWithinMs = 600_000;
const firstWaitMs = 1_000;
const longestWaitMs = 10_000;

/**
 * Waits for changes of pools by asking again and again, and at once when an event of the pool was heard: events may be
 * lost, doubled and late, so none is believed.
 */
export class PoolWaits {
  readonly #clock: Clock;
  readonly #read: Read;
  readonly #waiting = new Set<{ readonly name: string; readonly wake: AbortController }>();

  constructor(clock: Clock, read: Read) {
    this.#clock = clock;
    this.#read = read;
  }

  /** @throws OnRecordError `unavailable` for a pool that failed, `not-found`, `timeout` */
  async untilActive(name: string, options: PoolWaitOptions): Promise<ChimeStreamPool> {
    return this.#until(name, options, (pool) => {
      if (!pool) throw new OnRecordError('not-found', `There is no pool ${name}.`);
      if (pool.status === 'FAILED' || pool.status === 'DELETING') {
        throw new OnRecordError('unavailable', `The pool ${name} is ${pool.status}.`, {
          blame: 'provider',
          retry: 'never',
          remedy: 'Delete it and create it anew; the role AWSServiceRoleForAmazonChimeSDKMediaPipelines must exist.',
        });
      }
      return pool.status === 'ACTIVE' ? pool : undefined;
    });
  }

  /** Another pool of that name is another one. @throws OnRecordError `timeout` while it is still in use */
  async untilGone({ name, id }: ChimeStreamPool, options: PoolWaitOptions): Promise<void> {
    await this.#until(name, options, (pool) => (pool?.id === id ? undefined : ('gone' as const)));
  }

  hear(event: unknown): boolean {
    const { 'detail-type': type, detail } = (event ?? {}) as {
      readonly 'detail-type'?: unknown;
      readonly detail?: unknown;
    };
    const { poolArn } = (detail ?? {}) as { readonly poolArn?: unknown };
    if (type !== 'Chime Media Pipeline Kinesis Video Pool State Change' || typeof poolArn !== 'string') return false;
    const name = poolArn.slice(poolArn.lastIndexOf('/') + 1);
    for (const waiting of this.#waiting) if (waiting.name === name) waiting.wake.abort();
    return true;
  }

  async #until<T>(
    name: string,
    { withinMs = defaultWithinMs, signal }: PoolWaitOptions,
    look: (pool: ChimeStreamPool | undefined) => T | undefined,
  ): Promise<T> {
    const deadline = this.#clock.now() + withinMs;
    for (let waitMs = firstWaitMs; ; waitMs = Math.min(longestWaitMs, waitMs * 2)) {
      signal?.throwIfAborted();
      const pool = await this.#read(name, signal);
      const found = look(pool);
      if (found !== undefined) return found;
      const leftMs = deadline - this.#clock.now();
      if (leftMs <= 0) throw late(name, pool, withinMs);
      await this.#sleep(name, Math.min(waitMs, leftMs), signal);
    }
  }

  async #sleep(name: string, ms: number, signal: AbortSignal | undefined): Promise<void> {
    const waiting = { name, wake: new AbortController() };
    this.#waiting.add(waiting);
    try {
      await this.#clock.delay(ms, { signal: AbortSignal.any([waiting.wake.signal, ...(signal ? [signal] : [])]) });
    } catch (error) {
      if (!waiting.wake.signal.aborted) throw error;
    } finally {
      this.#waiting.delete(waiting);
    }
  }
}

function late(name: string, pool: ChimeStreamPool | undefined, withinMs: number): OnRecordError {
  return new OnRecordError('timeout', `The pool ${name} is still ${pool?.status ?? 'there'} after ${withinMs} ms.`, {
    retry: 'safe',
    blame: 'provider',
    remedy:
      pool?.status === 'DELETING'
        ? 'A meeting still uses it. Call delete again later: it goes on waiting.'
        : 'Look at it again later.',
  });
}
