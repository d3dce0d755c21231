/** What a command sees of the place it runs in: nothing else is read or written without being asked for. */
export interface Terminal {
  /** Writes to stdout: the result, for people or as JSON. */
  readonly out: (text: string) => void;
  /** Writes to stderr: progress, warnings and errors. */
  readonly err: (text: string) => void;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The working directory, for relative paths. */
  readonly folder: string;
  /** Aborted when the user asks the command to end. */
  readonly signal: AbortSignal;
}

/** Of the process; part of the command's interface, so scripts may rely on them. */
export const exitCodes: {
  /** Done, and nothing wrong was found. */
  readonly ok: 0;
  /** It ran, and what it looked at has a problem; or its work failed. */
  readonly problem: 1;
  /** It was called wrongly: nothing was done. */
  readonly usage: 2;
} = { ok: 0, problem: 1, usage: 2 };

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
