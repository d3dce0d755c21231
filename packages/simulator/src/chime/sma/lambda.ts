import type { Clock } from '@onrecord/core';
import type { Fault, FaultScript } from '../../http/index.ts';
import type { SmaEvent } from './sma-event.ts';

/** A Lambda function: in this process, or behind a URL that takes the event as a POST and answers with the result. */
export type LambdaTarget = ((event: SmaEvent) => Promise<unknown>) | string | URL;

/** One attempt to invoke the Lambda function. */
export interface JournalledInvocation {
  /** Wall time of the simulator's clock, epoch ms. */
  readonly at: number;
  readonly event: SmaEvent;
  /** 1, or more for a retry of the same event. */
  readonly attempt: number;
  /**
   * `answered`; `failed`: an error or a status of 400 and above; `timed-out`: no answer in time, although the function
   * may have run.
   */
  readonly outcome: 'answered' | 'failed' | 'timed-out';
  /** What was answered, as JSON holds it. */
  readonly answer?: unknown;
  readonly error?: string | undefined;
}

export interface LambdaLimits {
  readonly timeoutMs: number;
  readonly retries: number;
}

/**
 * Invokes a Lambda function as a SIP media application does: it waits, and repeats the same event when no good answer
 * came. The answer of an attempt that was given up is dropped, although the function may have acted on it.
 */
export class Lambda {
  readonly #target: LambdaTarget;
  readonly #clock: Clock;
  readonly #faults: FaultScript;
  readonly #limits: LambdaLimits;
  readonly #journal: JournalledInvocation[];
  readonly #closing: AbortSignal;
  readonly #print: (event: SmaEvent) => SmaEvent;

  /**
   * @param journal gets every attempt.
   * @param faults operations are the InvocationEventTypes: `drop-before-work` (never invoked), `drop-before-answer`
   * (it ran, the answer is lost), a status (an error of the invocation), `delayMs` (invoked later).
   * @param print makes the event that is sent of the one that is journalled.
   */
  constructor(
    target: LambdaTarget,
    clock: Clock,
    faults: FaultScript,
    limits: LambdaLimits,
    journal: JournalledInvocation[],
    closing: AbortSignal,
    print: (event: SmaEvent) => SmaEvent,
  ) {
    this.#target = target;
    this.#clock = clock;
    this.#faults = faults;
    this.#limits = limits;
    this.#journal = journal;
    this.#closing = closing;
    this.#print = print;
  }

  /** The answer, or undefined when every attempt failed. */
  async invoke(event: SmaEvent): Promise<{ readonly answer: unknown } | undefined> {
    for (let attempt = 1; attempt <= this.#limits.retries + 1; attempt++) {
      if (this.#closing.aborted) return undefined;
      const at = this.#clock.now();
      const result = await this.#attempt(event);
      this.#journal.push({ at, event, attempt, ...result });
      if (result.outcome === 'answered') return { answer: result.answer };
    }
    return undefined;
  }

  async #attempt(event: SmaEvent): Promise<Pick<JournalledInvocation, 'outcome' | 'answer' | 'error'>> {
    const given = new AbortController();
    const late = this.#clock
      .delay(this.#limits.timeoutMs, { signal: AbortSignal.any([given.signal, this.#closing]) })
      .then(() => ({ outcome: 'timed-out' as const }))
      .catch(() => ({ outcome: 'failed' as const, error: 'the simulator was closed' }));
    const outcome = await Promise.race([late, this.#call(event, late)]);
    given.abort();
    return outcome;
  }

  async #call(
    event: SmaEvent,
    late: Promise<unknown>,
  ): Promise<Pick<JournalledInvocation, 'outcome' | 'answer' | 'error'>> {
    const type = event.InvocationEventType;
    let fault: Fault | undefined = this.#faults.take({ operation: type, method: 'POST', url: '/', headers: {} });
    try {
      while (typeof fault === 'object' && 'delayMs' in fault) {
        await this.#clock.delay(fault.delayMs, { signal: this.#closing });
        fault = fault.and;
      }
      if (fault === 'drop-before-work') return { outcome: 'failed', error: 'fault: not invoked' };
      if (typeof fault === 'object' && 'status' in fault) {
        return { outcome: 'failed', error: `fault: status ${fault.status}` };
      }
      const answer = await this.#run(this.#print(event));
      if (fault === undefined) return { outcome: 'answered', answer };
      await late;
      return { outcome: 'timed-out' };
    } catch (error) {
      return { outcome: 'failed', error: error instanceof Error ? error.message : String(error) };
    }
  }

  async #run(event: SmaEvent): Promise<unknown> {
    if (typeof this.#target === 'function') {
      const answer = await this.#target(structuredClone(event));
      return answer === undefined ? null : JSON.parse(JSON.stringify(answer));
    }
    const response = await fetch(this.#target, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(event),
      signal: this.#closing,
    });
    const text = await response.text();
    if (!response.ok || response.headers.has('x-amz-function-error')) {
      throw new Error(`the function answered ${response.status}: ${text.slice(0, 200)}`);
    }
    if (text === '') return null;
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  }
}
