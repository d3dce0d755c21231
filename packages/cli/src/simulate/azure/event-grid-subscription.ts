import type { Clock } from '@onrecord/core';
import type { EventSchema, SimulatedAzure } from '@onrecord/simulator';

export interface WantedSubscription {
  readonly url: string;
  readonly schema: EventSchema;
}

/** Between attempts, ms: an application that is being written comes and goes, and what rings meanwhile is not told to it. */
const shortestWaitMs = 500;
const longestWaitMs = 2_000;

/**
 * Subscribes a webhook, again and again until it proves that it wants the events: the application may start later than
 * this command. Events before that are not delivered, as in Azure.
 *
 * @param tell a line for each new reason why it is not subscribed yet, and one when it is.
 * @returns when it is subscribed; rejects when aborted.
 */
export async function subscribeWhenReady(
  azure: Pick<SimulatedAzure, 'subscribe'>,
  wanted: WantedSubscription,
  {
    clock,
    signal,
    tell,
  }: { readonly clock: Clock; readonly signal: AbortSignal; readonly tell: (line: string) => void },
): Promise<void> {
  const { origin, pathname } = new URL(wanted.url);
  let told = '';
  for (let waitMs = shortestWaitMs; ; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
    try {
      await azure.subscribe(wanted);
      return tell(`Event Grid: ${origin}${pathname} is subscribed.`);
    } catch (error) {
      signal.throwIfAborted();
      const reason = error instanceof Error ? error.message : String(error);
      if (reason !== told) tell(`Event Grid: ${reason} It is tried again until it answers.`);
      told = reason;
      await clock.delay(waitMs, { signal });
    }
  }
}
