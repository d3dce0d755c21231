import type { Rules } from '../../options/problem.ts';

/** How the chunks of a part become its file. Times in milliseconds. */
export interface ChimeConcatenationOptions {
  /**
   * Concatenations that one process has running at a time. They count among the active pipelines of the region, of which
   * there are ten in most, and a capture that finds none free records nothing. @default 3
   */
  readonly maxActive?: number | undefined;
  /** A concatenation that fails is made anew so often in all. @default 3 */
  readonly attempts?: number | undefined;
  /** One that has not ended after this is given up: some never do. @default 7_200_000 */
  readonly giveUpAfterMs?: number | undefined;
  /** A file that is not there this long after its concatenation ended is missing. @default 60_000 */
  readonly resultWithinMs?: number | undefined;
  /** A file that lacks more than this of its chunks is short. @default 3_000 */
  readonly shortByMs?: number | undefined;
  /** Longest chunk, as documented. @default 5_000 */
  readonly chunkMs?: number | undefined;
  /** A chunk that begins later than this after the one before can end is behind a gap. @default 1_000 */
  readonly gapToleranceMs?: number | undefined;
  /**
   * Whether messages of the data channel and transcripts are joined and listed as well, where there are any: what people
   * wrote and said, in plain text. @default true
   */
  readonly messages?: boolean | undefined;
}

/** The options with every default filled in. */
export type ConcatenationSettings = {
  readonly [Name in keyof ChimeConcatenationOptions]-?: Exclude<ChimeConcatenationOptions[Name], undefined>;
};

const whole =
  (least: number) =>
  (value: unknown): string | undefined =>
    Number.isInteger(value) && Number(value) >= least ? undefined : `Must be a whole number of at least ${least}.`;

export const concatenationRules: Rules = {
  maxActive: { rule: whole(1) },
  attempts: { rule: whole(1) },
  giveUpAfterMs: { rule: whole(1_000) },
  resultWithinMs: { rule: whole(0) },
  shortByMs: { rule: whole(0) },
  chunkMs: { rule: whole(100) },
  gapToleranceMs: { rule: whole(0) },
  messages: { rule: (value) => (typeof value === 'boolean' ? undefined : 'Must be true or false.') },
};

export function resolveConcatenation(options: ChimeConcatenationOptions = {}): ConcatenationSettings {
  return {
    maxActive: options.maxActive ?? 3,
    attempts: options.attempts ?? 3,
    giveUpAfterMs: options.giveUpAfterMs ?? 7_200_000,
    resultWithinMs: options.resultWithinMs ?? 60_000,
    shortByMs: options.shortByMs ?? 3_000,
    chunkMs: options.chunkMs ?? 5_000,
    gapToleranceMs: options.gapToleranceMs ?? 1_000,
    messages: options.messages ?? true,
  };
}
