import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Clock } from '@onrecord/core';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly fire: () => void;
}

/** How often the event loop must turn with nothing in flight before time may move on. */
const QUIET_TURNS = 8;

/**
 * A clock that moves only when told to, shared by a simulator and the code under test in one process.
 *
 * Time stands still while an HTTP request of this process is in flight, while a file operation runs, or while work
 * handed to {@link VirtualClock.hold} is pending: real I/O takes no virtual time, so no deadline fires because the
 * machine was slow. Dispose it when done.
 *
 * @example
 * ```ts
 * const clock = new VirtualClock();
 * const settled = session.settled();
 * await clock.advance(3_600_000); // an hour of call in milliseconds
 * await settled;
 * ```
 */
export class VirtualClock implements Clock, Disposable {
  #now: number;
  readonly #origin: number;
  #order = 0;
  #timers: Timer[] = [];
  readonly #inFlight = new Set<unknown>();
  readonly #channels: readonly (readonly [string, (message: unknown) => void])[];

  /** @param startAt first wall time; default 2026-01-05T09:00:00.000Z, a Monday. */
  constructor(startAt: number | string = '2026-01-05T09:00:00.000Z') {
    this.#now = typeof startAt === 'string' ? Date.parse(startAt) : startAt;
    this.#origin = this.#now;
    const begin = (message: unknown) => void this.#inFlight.add((message as { request: unknown }).request);
    const end = (message: unknown) => void this.#inFlight.delete((message as { request: unknown }).request);
    this.#channels = [
      ['http.client.request.start', begin],
      ['http.client.request.error', end],
      ['http.client.response.finish', end],
      ['undici:request:create', begin],
      ['undici:request:trailers', end],
      ['undici:request:error', end],
    ];
    for (const [name, listener] of this.#channels) subscribe(name, listener);
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now - this.#origin;
  }

  delay(ms: number, options?: { readonly signal?: AbortSignal | undefined }): Promise<void> {
    return new Promise((resolve, reject) => {
      const signal = options?.signal;
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = () => {
        this.#timers = this.#timers.filter((other) => other !== timer);
        reject(signal?.reason);
      };
      const timer: Timer = {
        at: this.#now + Math.max(0, ms),
        order: this.#order++,
        fire: () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      this.#timers.push(timer);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  /** Keeps time from moving until `work` settles; returns it. */
  hold<T>(work: Promise<T>): Promise<T> {
    this.#inFlight.add(work);
    const release = () => void this.#inFlight.delete(work);
    work.then(release, release);
    return work;
  }

  /** Moves time forward by `ms`, firing every timer on the way in order and letting its consequences finish first. */
  async advance(ms: number): Promise<void> {
    const target = this.#now + ms;
    for (;;) {
      await this.idle();
      const next = this.#timers.reduce<Timer | undefined>(
        (first, timer) =>
          !first || timer.at < first.at || (timer.at === first.at && timer.order < first.order) ? timer : first,
        undefined,
      );
      if (!next || next.at > target) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#now = Math.max(this.#now, next.at);
      next.fire();
    }
    this.#now = target;
    await this.idle();
  }

  /**
   * Moves time forward until `work` settles, at most by `limitMs`, and returns its outcome.
   * @throws Error when `limitMs` of virtual time pass first.
   */
  async until<T>(work: Promise<T>, limitMs: number = 24 * 3_600_000, stepMs: number = 100): Promise<T> {
    let pending = true;
    const done = () => {
      pending = false;
    };
    work.then(done, done);
    const end = this.#now + limitMs;
    await this.idle();
    while (pending && this.#now < end) await this.advance(Math.min(stepMs, end - this.#now));
    if (pending) throw new Error(`VirtualClock: nothing settled within ${limitMs} ms of virtual time`);
    return work;
  }

  /** Resolves once nothing of this process is in flight. */
  async idle(): Promise<void> {
    for (let quiet = 0; quiet < QUIET_TURNS; quiet = this.#busy() ? 0 : quiet + 1) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #busy(): boolean {
    if (this.#inFlight.size > 0) return true;
    return process.getActiveResourcesInfo().some((kind) => kind.startsWith('FSReq') || kind.startsWith('TCPConnect'));
  }

  [Symbol.dispose](): void {
    for (const [name, listener] of this.#channels) unsubscribe(name, listener);
  }
}
