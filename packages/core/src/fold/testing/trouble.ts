import type { Random } from './random.ts';

/** What goes wrong in a history. Probabilities, and times in milliseconds. */
export interface Trouble {
  readonly pushLost: number;
  readonly pushDoubled: number;
  readonly pushLate: number;
  readonly answerLost: number;
  readonly refused: number;
  readonly turnLost: number;
  /** Provider's clock minus ours; undefined = its messages carry no time. */
  readonly skewMs: number | undefined;
  readonly pollMs: number;
  /** How often a provider that pushes says again what it said last, with a new time; infinite = never. */
  readonly repeatMs: number;
  readonly giveUpMs: number;
}

export function troubleOf(random: Random): Trouble {
  const harsh = random.chance(0.5);
  return {
    pushLost: harsh ? 0.3 : 0,
    pushDoubled: harsh ? 0.4 : 0.1,
    pushLate: harsh ? 0.3 : 0,
    answerLost: random.chance(0.3) ? 0.3 : 0,
    refused: random.chance(0.3) ? 0.15 : 0,
    turnLost: random.chance(0.3) ? 0.1 : 0,
    skewMs: random.chance(0.4) ? undefined : random.between(-600_000, 600_000),
    pollMs: random.between(1_000, 12_000),
    repeatMs: random.chance(0.2) ? random.between(2_000, 20_000) : Number.POSITIVE_INFINITY,
    giveUpMs: random.chance(0.5) ? 60_000 : random.between(3_000, 15_000),
  };
}
