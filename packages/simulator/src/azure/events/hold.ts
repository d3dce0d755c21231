import type { Clock } from '@onrecord/core';
import { VirtualClock } from '../../clock/virtual-clock.ts';

/** Keeps a virtual clock from moving while `work` is pending: real I/O takes no virtual time. */
export function held<T>(clock: Clock, work: Promise<T>): Promise<T> {
  return clock instanceof VirtualClock ? clock.hold(work) : work;
}
