import type { Clock } from '@onrecord/core';
import type { ResolvedInsightsOptions } from './insights-options.ts';
import type { KvsStream } from './kinesis-video.ts';

/** Why a pipeline stopped. Nothing that the service sends says so. */
export type StopReason = 'deleted' | 'silence' | 'age' | 'paused' | 'range';

export interface StopWatch {
  readonly clock: Clock;
  readonly options: ResolvedInsightsOptions;
  readonly streams: readonly KvsStream[];
  readonly createdAt: number;
  /** End of the range of fragments that is to be recorded, epoch ms. */
  readonly until: number;
  /** Aborted by DeleteMediaPipeline. */
  readonly stop: AbortSignal;
  readonly closing: AbortSignal;
}

/**
 * Waits for what stops a pipeline; `paused` begins and ends the count of a pause.
 * @throws when the simulator is closed.
 */
export class StopRules {
  readonly #watch: StopWatch;
  readonly #done = new AbortController();
  #pause: AbortController | undefined;
  #reached: (reason: StopReason) => void = () => {};

  constructor(watch: StopWatch) {
    this.#watch = watch;
  }

  async wait(): Promise<StopReason> {
    const { clock, options, streams, createdAt, until, stop, closing } = this.#watch;
    const reason = new Promise<StopReason>((resolve) => {
      this.#reached = resolve;
    });
    const onStop = () => this.#reached('deleted');
    if (stop.aborted) onStop();
    stop.addEventListener('abort', onStop, { once: true });
    for (const stream of streams) {
      stream.ended.then(() => this.#after(options.silenceMs, 'silence', (stream.endedAt ?? 0) - clock.now()));
    }
    this.#after(options.maxAgeMs, 'age', createdAt - clock.now());
    this.#after(until - clock.now(), 'range');
    const closed = new Promise<never>((_, reject) => {
      const onClose = () => reject(closing.reason);
      if (closing.aborted) onClose();
      closing.addEventListener('abort', onClose, { once: true });
    });
    try {
      return await Promise.race([reason, closed]);
    } finally {
      this.#done.abort();
    }
  }

  paused(): void {
    const pause = new AbortController();
    this.#pause = pause;
    this.#after(this.#watch.options.maxPausedMs, 'paused', 0, pause.signal);
  }

  resumed(): void {
    this.#pause?.abort();
  }

  #after(ms: number, reason: StopReason, offsetMs = 0, until?: AbortSignal): void {
    const { clock, closing } = this.#watch;
    if (this.#done.signal.aborted) return;
    const signals = [this.#done.signal, closing, ...(until ? [until] : [])];
    clock.delay(Math.max(0, ms + offsetMs), { signal: AbortSignal.any(signals) }).then(
      () => this.#reached(reason),
      () => {},
    );
  }
}
