/** How near a day is: more than a year away, within twelve months, within three, or come. */
export type LifetimePhase = 'ahead' | 'last-year' | 'last-months' | 'over';

const dayMs = 86_400_000;

/**
 * @param on `YYYY-MM-DD`. Microsoft names days without an hour or a zone: they begin at midnight UTC here.
 * @returns the phase, and whole days until the day begins; 0 once it has.
 */
export function phaseOf(on: string, nowMs: number): { readonly phase: LifetimePhase; readonly days: number } {
  const at = Date.parse(`${on}T00:00:00Z`);
  const days = Math.max(0, Math.ceil((at - nowMs) / dayMs));
  if (nowMs >= at) return { phase: 'over', days };
  if (nowMs >= monthsBefore(at, 3)) return { phase: 'last-months', days };
  return { phase: nowMs >= monthsBefore(at, 12) ? 'last-year' : 'ahead', days };
}

function monthsBefore(at: number, months: number): number {
  const date = new Date(at);
  return date.setUTCMonth(date.getUTCMonth() - months);
}
