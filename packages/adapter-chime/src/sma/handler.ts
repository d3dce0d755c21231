import type { SmaEvent, SmaResponse } from './event/sma-event.ts';
import { answerEvent } from './flow/answer-event.ts';
import { hostOf, type SmaHandlerOptions, type SmaHost } from './host.ts';
import { Budget } from './turn/budget.ts';

/** What AWS Lambda tells of an invocation, as far as it matters here. */
export interface SmaInvocation {
  /** Milliseconds until the function is ended. */
  getRemainingTimeInMillis?(): number;
}

/** The Lambda function of a SIP media application. */
export interface SmaHandler {
  (event: SmaEvent, invocation?: SmaInvocation): Promise<SmaResponse>;
  /**
   * Resolves when everything is loaded; what changes records, and a store that has to be loaded, are loaded after the
   * function is ready to answer. Awaited at module level, it moves the loading into the initialization of the function.
   * It rejects when `answerWith` holds what the service would refuse. A store that cannot be loaded, or takes longer than an answer may, is logged and tried again with each event.
   */
  readonly ready: Promise<void>;
}

/**
 * Hosts a flow in the Lambda function of a SIP media application. It needs no SDK, no network and no permission but the
 * store's.
 *
 * Whatever the store does, an answer leaves within `answerWithinMs`, and before the function's own timeout: start, pause and stop are never held up by it, and
 * what it did not take is written by the next invocation.
 *
 * @throws OnRecordError at once, when the flow requires what a SIP media application cannot do.
 * @example
 * ```ts
 * export const handler = createSmaHandler({ store, flow, landing: { bucket: 'recordings' }, deployment: 'production' });
 * await handler.ready;
 * ```
 */
export function createSmaHandler(options: SmaHandlerOptions): SmaHandler {
  const host = hostOf(options);
  const ready = Promise.all([host.engine(), loadStore(host)]).then(([engine]) =>
    engine.checkAnswerWith(host.answerWith),
  );
  // Whoever does not await it learns of a failure from the log lines of the first changes.
  ready.catch(() => {});
  const handler = (event: SmaEvent, invocation?: SmaInvocation) =>
    answerEvent({ ...host, answerWithinMs: timeFor(host, invocation) }, event);
  return Object.assign(handler, { ready });
}

/** What the runtime needs to hand the answer over, in milliseconds. */
const handoverMs = 200;

/** A function that AWS Lambda ends, by default after 3 s, gives no answer at all. */
function timeFor({ answerWithinMs }: SmaHost, invocation: SmaInvocation | undefined): number {
  const left = invocation?.getRemainingTimeInMillis?.();
  return left === undefined ? answerWithinMs : Math.max(0, Math.min(answerWithinMs, left - handoverMs));
}

async function loadStore({ clock, answerWithinMs, logger, store }: SmaHost): Promise<void> {
  const outcome = await new Budget(clock, answerWithinMs).within(1, () => store.loaded());
  if ('value' in outcome) return;
  const err = 'error' in outcome ? outcome.error : undefined;
  logger.error({ err, late: 'late' in outcome }, 'sma: the store was not loaded');
}
