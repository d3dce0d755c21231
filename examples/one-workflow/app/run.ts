import { OnRecordError } from '@onrecord/core';

/** Runs a program to its end: what it throws becomes one clear line on stderr, and exit code 1. */
export async function run(program: () => Promise<void>): Promise<void> {
  try {
    await program();
    process.exit(process.exitCode ?? 0);
  } catch (error) {
    console.error(describe(error));
    process.exit(1);
  }
}

/** `invalid-request: what is wrong and what to do`, with the stack only where nobody foresaw the error. */
export function describe(error: unknown): string {
  if (OnRecordError.is(error)) return `${error.code}: ${error.message}`;
  // A failure of the operating system: its message begins with its code.
  if (error instanceof Error && 'syscall' in error) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
