import type { Clock } from '@onrecord/core';
import type { Phone } from './phone-book.ts';

export type DialOutcome = 'answered' | 'busy' | 'no-answer';

/** Rings a phone for at most `timeoutMs`. @throws the signal's reason when the caller gives up first. */
export async function dial(phone: Phone, clock: Clock, timeoutMs: number, signal: AbortSignal): Promise<DialOutcome> {
  signal.throwIfAborted();
  if (phone.refuses === 'busy') return 'busy';
  const answersAfterMs = phone.answersAfterMs ?? 2_000;
  const answered = phone.refuses === undefined && answersAfterMs <= timeoutMs;
  await clock.delay(answered ? answersAfterMs : timeoutMs, { signal });
  return answered ? 'answered' : 'no-answer';
}
