import type { SmaEvent } from '../event/sma-event.ts';
import type { Item } from '../turn/item.ts';
import type { TurnState } from '../turn/state.ts';

/** Fewer are a choice in a menu. */
const fewest = 3;

/** Digits of this event that must not be kept: a secure section was open when they came. */
export function secretIn(event: SmaEvent, { secure }: TurnState): string | undefined {
  const digits = event.ActionData?.['ReceivedDigits'];
  return secure.length > 0 && typeof digits === 'string' && digits.length >= fewest ? digits : undefined;
}

/** The state without what actions of the application say of the digits. */
export function withoutSecret(state: TurnState, secret: string): TurnState {
  const clean = (items: readonly Item[]) =>
    items.map((item) => (item.own || !holds(item.action, secret) ? item : { action: { Type: item.action.Type } }));
  return { ...state, running: clean(state.running), queue: clean(state.queue), cut: clean(state.cut) };
}

export function holds(value: unknown, secret: string): boolean {
  return JSON.stringify(value)?.includes(secret) ?? false;
}
