import type { Clock } from '@onrecord/core';

/**
 * Keeps a virtual clock from moving until `work` settles, so that real computation takes no simulated time; with a real
 * clock it does nothing.
 */
export function held<T>(clock: Clock & { hold?<U>(work: Promise<U>): Promise<U> }, work: Promise<T>): Promise<T> {
  return clock.hold ? clock.hold(work) : work;
}
