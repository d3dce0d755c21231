/** One thing that was looked at. */
export interface Check {
  /** Stable, e.g. `archive.write`: for scripts. */
  readonly id: string;
  /** `skipped` is never good news: it says what nobody looked at. */
  readonly status: 'ok' | 'warning' | 'failed' | 'skipped';
  /** What was found, as a sentence. Holds no secret. */
  readonly message: string;
  /** What to do about it; may hold JSON to paste. */
  readonly fix?: string | undefined;
}

/**
 * Runs a check that throws where something is wrong, and turns that into a failed one.
 * @param what is looked at: stands before the error's own words, which seldom name it.
 */
export async function attempt(id: string, what: string, look: () => Promise<string>): Promise<Check> {
  try {
    return { id, status: 'ok', message: await look() };
  } catch (error) {
    return { id, status: 'failed', message: `${what}: ${error instanceof Error ? error.message : String(error)}` };
  }
}
