import { utcTime } from '../events/wire-time.ts';
import { type EventSchema, type GridEvent, gridObject } from './grid-event.ts';

/** How long after the last attempt an event appears as a dead letter, ms. Source: event-grid "delivery and retry". */
export const DEAD_LETTER_DELAY_MS = 300_000;

/** Why an event was given up; only the first is in the documentation's samples. */
export type DeadLetterReason = 'MaxDeliveryAttemptsExceeded' | 'TimeToLiveExceeded' | 'UndeliverableDueToClientError';

/** The end of an event that was not delivered. */
export interface GivenUp {
  readonly reason: DeadLetterReason;
  readonly attempts: number;
  readonly lastStatus: number | undefined;
  /** Epoch ms. */
  readonly lastAttemptAt: number;
}

/** Names of outcomes; `NotFound` is documented, the others are made like it. */
const outcomes: ReadonlyMap<number | undefined, string> = new Map([
  [400, 'BadRequest'],
  [401, 'Unauthorized'],
  [403, 'Forbidden'],
  [404, 'NotFound'],
  [408, 'TimedOut'],
  [413, 'PayloadTooLarge'],
  [503, 'Busy'],
  [undefined, 'TimedOut'],
]);

/** What lies in the storage account for an event that was given up: the event, and how it went. */
export function deadLetter(event: GridEvent, schema: EventSchema, end: GivenUp): Readonly<Record<string, unknown>> {
  const told = {
    deadLetterReason: end.reason,
    deliveryAttempts: end.attempts,
    lastDeliveryOutcome: outcomes.get(end.lastStatus) ?? 'GenericError',
    publishTime: utcTime(event.at),
    lastDeliveryAttemptTime: utcTime(end.lastAttemptAt),
  };
  if (schema === 'EventGridSchema') return { ...gridObject(event, schema), ...told };
  const small = Object.entries(told).map(([name, value]) => [name.toLowerCase(), value]);
  return { ...gridObject(event, schema), ...Object.fromEntries(small) };
}
