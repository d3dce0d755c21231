const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Waits after the first, second, … failed attempt. Source: event-grid "delivery and retry". */
const waits: readonly number[] = [10 * SECOND, 30 * SECOND, MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR];

/** The least wait that an answer causes. */
const leastWaits: ReadonlyMap<number, number> = new Map([
  [400, 5 * MINUTE],
  [401, 5 * MINUTE],
  [403, 5 * MINUTE],
  [404, 5 * MINUTE],
  [408, 2 * MINUTE],
  [413, 10 * SECOND],
  [503, 30 * SECOND],
]);

/** How long to wait after failed attempt number `attempt` (from 1) that was answered `status`, or not at all; ms. */
export function retryWait(attempt: number, status: number | undefined): number {
  const planned = waits[attempt - 1] ?? HOUR;
  return Math.max(planned, leastWaits.get(status ?? 0) ?? 10 * SECOND);
}

/** Only these count as delivered. */
export function isDelivered(status: number): boolean {
  return status >= 200 && status <= 204;
}
