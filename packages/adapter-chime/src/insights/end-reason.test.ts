import { expect, test } from 'vitest';
import { naturalEnd } from './end-reason.ts';

const at = (ms: number) => new Date(Date.UTC(2024, 0, 1) + ms).toISOString();
const hour = 3_600_000;

test.each([
  ['15 s after a stream fell silent', { createdAt: at(0), stoppedAt: at(60_000) }, 'call-ended'],
  ['at 8 hours of age', { createdAt: at(0), stoppedAt: at(8 * hour) }, 'limit-reached'],
  ['just before', { createdAt: at(0), stoppedAt: at(8 * hour - 60_000) }, 'call-ended'],
  [
    'after 2 hours of a pause',
    { createdAt: at(0), pausedAt: at(hour), stoppedAt: at(3 * hour + 500) },
    'limit-reached',
  ],
  ['in a pause that was shorter', { createdAt: at(0), pausedAt: at(hour), stoppedAt: at(2 * hour) }, 'call-ended'],
  ['at the end of its range', { createdAt: at(0), until: at(60_000), stoppedAt: at(61_000) }, 'limit-reached'],
  [
    'and is found to be over soon after 8 hours',
    { createdAt: at(0), stoppedAt: at(8.1 * hour), found: true },
    'limit-reached',
  ],
  ['and is found to be over the next day', { createdAt: at(0), stoppedAt: at(20 * hour), found: true }, 'unknown'],
  ['with nothing known but the end', { stoppedAt: at(0) }, 'call-ended'],
])('a pipeline that stops %s: %s', (_, lifetime, reason) => {
  expect(naturalEnd(lifetime)).toBe(reason);
});
