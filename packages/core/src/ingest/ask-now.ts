import type { Clock } from '../clock.ts';
import type { RecordingDriver } from '../driver/driver.ts';
import { askableBy, askPart } from '../engine/ask-part.ts';
import { coalesce } from '../engine/coalesce.ts';
import { within } from '../engine/within.ts';
import type { SessionStore } from '../session-store/session-store.ts';

/** A provider that does not answer a question within this is left to the worker, and so is the rest of the asking. */
const requestMs = 20_000;
/** How long the sender of a webhook waits for what it made us ask: less than any of them has patience. */
const waitMs = 5_000;

/** Asks about a part now; see `Parsed.ask`. */
export type Ask = (correlation: string) => Promise<void>;

/** Asks one provider, once at a time about each part. */
export function asker(context: {
  readonly store: SessionStore;
  readonly clock: Clock;
  readonly instance: string;
  readonly driver: RecordingDriver;
}): Ask {
  const asking = { ...context, requestMs };
  const never = new AbortController().signal;
  return coalesce(async (correlation) => {
    const found = await askableBy(asking, correlation, never);
    if (found) await askPart(asking, found, never);
  });
}

/**
 * Asks about parts before the webhook is answered: where nothing runs between two requests, nothing could ask later.
 * What fails, or takes too long, is no fault of the message: the worker asks at its own pace.
 */
export async function askNow(
  ask: Ask,
  correlations: readonly string[],
  clock: Clock,
  failed: (error: unknown) => void,
): Promise<void> {
  if (correlations.length === 0) return;
  const asked = Promise.all([...new Set(correlations)].map((correlation) => ask(correlation).catch(failed)));
  await within(clock, waitMs, new AbortController().signal, async () => asked).catch(failed);
}
