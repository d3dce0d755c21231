import type { Clock } from '@onrecord/core';
import { segmentOf } from './names.ts';
import { shortId } from './short-id.ts';

export const orderPrefix = 'order/';

const latest = new WeakMap<Clock, { readonly ms: number; readonly count: number }>();

/** A stamp that sorts after every earlier one of this process and clock; between processes their clocks decide. */
export function nextOrder(clock: Clock): string {
  const now = Math.max(0, Math.floor(clock.now()));
  const last = latest.get(clock);
  const next = last && last.ms >= now ? { ms: last.ms, count: last.count + 1 } : { ms: now, count: 0 };
  latest.set(clock, next);
  return `${String(next.ms).padStart(15, '0')}-${String(next.count).padStart(8, '0')}-${shortId().slice(0, 8)}`;
}

/** Place of a session in the list: an object, empty until it was seen that the session was made. */
export function orderName(order: string, id: string): string {
  return `${orderPrefix}${order}~${segmentOf(id)}`;
}

export function parseOrderName(name: string): { readonly order: string; readonly segment: string } | undefined {
  const [order, segment] = name.slice(orderPrefix.length).split('~');
  return order && segment ? { order, segment } : undefined;
}
