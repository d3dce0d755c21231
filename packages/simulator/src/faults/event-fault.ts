/**
 * What happens to an event on its way to one receiver:
 * - `'lost'`: it never arrives;
 * - `'duplicated'`: it arrives twice, with the same id;
 * - `'reversed'`: it arrives after the next event for the same receiver;
 * - `delayMs`: it arrives that much later by the simulator's clock, and others may overtake it.
 */
export type EventFault = 'lost' | 'duplicated' | 'reversed' | { readonly delayMs: number };
