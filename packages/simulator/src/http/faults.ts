import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '@onrecord/core';
import { FaultPlan, type PlannedFault } from '../faults/fault-plan.ts';
import { drainBody } from './body.ts';
import { type Answer, answerBody, headersOf, sendAnswer } from './endpoint.ts';
import { type BodyFault, sendFaultyBody } from './faulty-body.ts';

/**
 * What goes wrong with one request:
 * - `'drop-before-work'`: the connection is reset, nothing was done;
 * - `'drop-before-answer'`: the work is done and the connection is reset instead of answering ("answer lost");
 * - a {@link BodyFault}: the work is done, and the body of the answer comes short, late or with a wrong length;
 * - `status`: this answer instead of the work (`503` SlowDown, throttling with or without `retry-after`, an HTML error);
 * - `delayMs`: the simulator's clock passes that long, then the work (or the fault in `and`) follows. A `VirtualClock`
 *   stands still while a request of its own process is in flight: there the delay lasts until the client gives up.
 */
export type Fault =
  | 'drop-before-work'
  | 'drop-before-answer'
  | BodyFault
  | Answer
  | { readonly delayMs: number; readonly and?: Fault | undefined };

/** One request as a rule sees it. Operation names are the protocol's own: `PutObject`, `CreateMediaCapturePipeline`. */
export interface FaultCall {
  readonly operation: string;
  readonly method: string;
  /** As received: path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** A fault and the requests that it is for, by operation name or predicate. */
export type FaultRule = PlannedFault<FaultCall, Fault>;

/** Proof that a fault took place. */
export interface AppliedFault {
  /** Wall time of the simulator's clock, epoch ms. */
  readonly at: number;
  readonly operation: string;
  readonly method: string;
  readonly url: string;
  readonly fault: Fault;
}

/** How {@link FaultScript.run} ended: the answer given, and whether the client received it whole. */
export interface RunOutcome {
  readonly answer: Answer | undefined;
  readonly delivered: boolean;
}

/**
 * The faults that a simulator still has to commit, in the order in which they were asked for. A request takes the
 * first rule that matches it, at most one.
 *
 * @example
 * ```ts
 * s3.faults.next({ match: 'CompleteMultipartUpload', fault: 'drop-before-answer' });
 * s3.faults.next({ fault: { status: 503, headers: { 'retry-after': '1' } }, times: 3 });
 * ```
 */
export class FaultScript {
  readonly #clock: Clock;
  readonly #plan = new FaultPlan<FaultCall, Fault>(({ operation }) => operation);
  readonly #applied: AppliedFault[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  next(rule: FaultRule): void {
    this.#plan.next(rule);
  }

  /** Every fault applied so far, oldest first. */
  applied(): readonly AppliedFault[] {
    return [...this.#applied];
  }

  /** How many applications are still to come; a test that ends above 0 did not meet the fault that it asked for. */
  pending(): number {
    return this.#plan.pending();
  }

  /** Forgets the rules that are left. */
  clear(): void {
    this.#plan.clear();
  }

  /** The fault for this request, journalled as applied; undefined when no rule matches. */
  take(call: FaultCall): Fault | undefined {
    const fault = this.#plan.take(call);
    if (fault === undefined) return undefined;
    const { operation, method, url } = call;
    this.#applied.push({ at: this.#clock.now(), operation, method, url, fault });
    return fault;
  }

  /** Does `work` and sends its answer, or commits the fault that is due for `operation`. */
  async run(
    operation: string,
    request: IncomingMessage,
    response: ServerResponse,
    work: () => Promise<Answer>,
  ): Promise<RunOutcome> {
    const { method = 'GET', url = '/', headers } = request;
    let fault = this.take({ operation, method, url, headers });
    while (typeof fault === 'object' && 'delayMs' in fault) {
      await this.#clock.delay(fault.delayMs);
      fault = fault.and;
    }
    if (fault === 'drop-before-work') {
      response.destroy();
      return { answer: undefined, delivered: false };
    }
    if (typeof fault === 'object' && 'status' in fault) {
      await drainBody(request);
      sendAnswer(request, response, fault);
      return { answer: fault, delivered: true };
    }
    const answer = await work();
    if (fault === undefined) {
      sendAnswer(request, response, answer);
      return { answer, delivered: true };
    }
    if (fault === 'drop-before-answer') {
      response.destroy();
      return { answer, delivered: false };
    }
    const body = answerBody(answer);
    const blocks = { status: answer.status, headers: headersOf(answer, body), blocks: [body] };
    return { answer, delivered: await sendFaultyBody(response, this.#clock, blocks, fault) };
  }
}
