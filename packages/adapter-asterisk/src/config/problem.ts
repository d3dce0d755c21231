/** One thing that is wrong with the options, and where. Never quotes a secret. */
export interface Problem {
  /** E.g. `sampleRateHz`. */
  readonly path: string;
  /** What is wrong, and what would be right. */
  readonly message: string;
}

export function describe({ path, message }: Problem): string {
  return `${path}: ${message}`;
}
