/** One claim about a recording, and what was measured. */
export interface Check {
  readonly name: CheckName;
  /** What is claimed, as a sentence. */
  readonly claim: string;
  readonly passed: boolean;
  /** The numbers behind it; units are in the names. */
  readonly measured: Readonly<Record<string, number | string>>;
}

export type CheckName =
  | 'settled'
  | 'one-session'
  | 'turns-present'
  | 'channels-apart'
  | 'card-absent'
  | 'card-window'
  | 'pause-marks'
  | 'duration'
  | 'positions'
  | 'track-offsets'
  | 'digests'
  | 'manifest';

/** Tenths are enough for levels and milliseconds. */
export function rounded(value: number, digits = 1): number {
  return Number(value.toFixed(digits));
}
