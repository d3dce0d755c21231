import { expect, test } from 'vitest';
import { OnRecordError } from '../errors/index.ts';
import { judge } from './judge.ts';

const asking = (retryAfterMs: number) =>
  ({ code: 'rate-limited', retry: 'safe', blame: 'provider', retryAfterMs }) as const;

test.each([
  [30_000, 30_000],
  [365 * 86_400_000, 900_000],
  [Number.POSITIVE_INFINITY, 900_000],
  [-1, 0],
])('an answer that asks to wait %d ms is heeded for %d ms', (asked, heeded) => {
  const error = new OnRecordError('rate-limited', 'Slowly.', { retry: 'safe', context: { retryAfterMs: asked } });
  expect(judge({ classifyError: () => asking(asked) }, error).retryAfterMs).toBe(heeded);
  expect(judge({ classifyError: () => asking(asked) }, new Error('of an SDK')).retryAfterMs).toBe(heeded);
});
