import type { CommandKind } from './command.ts';

/** Milliseconds, counted from the record, until a command that is not confirmed is given up. */
export type Deadlines = { readonly [K in CommandKind]: number };

/**
 * Generous against what providers were seen to take: Azure settles within about ten seconds, a capture pipeline starts
 * within about twenty, and an SMA command waits for the running action.
 */
export const defaultDeadlines: Deadlines = {
  start: 90_000,
  pause: 30_000,
  resume: 60_000,
  stop: 60_000,
  discard: 60_000,
};
