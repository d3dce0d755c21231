import type { VirtualCall } from '../../call/virtual-call.ts';
import { type Span, sampleAt } from '../media/span.ts';

/** A stretch of wall time (epoch ms) in which nothing was recorded. */
export interface PauseInterval {
  readonly from: number;
  readonly to: number;
}

/** What was captured, once it is over. */
export interface Capture {
  /** Wall times (epoch ms). */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly spans: readonly Span[];
  readonly pauses: readonly PauseInterval[];
  readonly endReason: string;
}

/** What is being captured of a call, from the moment at which it is made: paused until {@link resume}. */
export class RunningCapture {
  readonly #call: VirtualCall;
  readonly startedAt: number;
  readonly #spans: Span[] = [];
  readonly #pauses: PauseInterval[] = [];
  #capturingFrom: number | undefined;
  #pausedAt: number | undefined;

  constructor(call: VirtualCall) {
    this.#call = call;
    this.startedAt = call.clock.now();
    this.#pausedAt = this.startedAt;
  }

  get capturing(): boolean {
    return this.#capturingFrom !== undefined;
  }

  pause(): void {
    this.#endSpan();
    this.#pausedAt ??= this.#call.clock.now();
  }

  resume(): void {
    const now = this.#call.clock.now();
    if (this.#pausedAt !== undefined && now > this.#pausedAt) this.#pauses.push({ from: this.#pausedAt, to: now });
    this.#pausedAt = undefined;
    this.#capturingFrom ??= now;
  }

  /** @returns undefined when nothing was captured, of which no file is made. */
  end(endReason: string): Capture | undefined {
    const endedAt = this.#call.clock.now();
    this.#endSpan();
    const paused =
      this.#pausedAt === undefined || endedAt === this.#pausedAt ? [] : [{ from: this.#pausedAt, to: endedAt }];
    const pauses = [...this.#pauses, ...paused];
    if (this.#spans.length === 0) return undefined;
    return { startedAt: this.startedAt, endedAt, spans: this.#spans, pauses, endReason };
  }

  #endSpan(): void {
    if (this.#capturingFrom === undefined) return;
    const { clock, endedAt = Number.POSITIVE_INFINITY } = this.#call;
    const begin = sampleAt(this.#call, this.#capturingFrom);
    const end = sampleAt(this.#call, Math.min(clock.now(), endedAt));
    if (end > begin) this.#spans.push({ begin, end });
    this.#capturingFrom = undefined;
  }
}
