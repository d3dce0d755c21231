import type { KitClock } from '@onrecord/contract-kit';
import { systemClock } from '@onrecord/core';

/** Longest wait of a case that names none. */
const PATIENCE_MS = 60_000;

/** Time as it passes: a real server knows no other. */
export const wallClock: KitClock = {
  ...systemClock,
  advance: (ms) => systemClock.delay(ms),
  async until(work, limitMs = PATIENCE_MS) {
    const settled = new AbortController();
    const limit = systemClock.delay(limitMs, { signal: settled.signal }).then(() => {
      throw new Error(`It did not come about within ${limitMs} ms`);
    });
    try {
      return await Promise.race([work, limit]);
    } finally {
      settled.abort();
    }
  },
};
