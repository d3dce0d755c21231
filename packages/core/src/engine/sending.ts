import { timestamp } from '../clock.ts';
import type { Command } from '../commands/command.ts';
import type { ErrorCode } from '../errors/codes.ts';

/**
 * Who is sending a command, and until when it is nobody else's turn (RFC 3339): two processes must not send it at once,
 * and one that died must not keep it. Stored with the command.
 */
export interface Sending {
  readonly by: string;
  readonly until: string;
  /** Why a start has begun nothing so far, where that is sure: given up at its deadline, it is refused with this. */
  readonly refusal?: Refusal | undefined;
}

export interface Refusal {
  readonly code: ErrorCode;
  readonly message: string;
}

interface SentCommand extends Command {
  readonly sending?: Sending | undefined;
}

export function sendingOf(command: Command): Sending | undefined {
  return (command as SentCommand).sending;
}

/** The command in the hands of `by` until then. */
export function heldBy(command: Command, by: string, untilMs: number, refusal?: Refusal): Command {
  const sending: Sending = { by, until: timestamp(untilMs), ...(refusal ? { refusal } : {}) };
  const held: SentCommand = { ...command, sending };
  return held;
}

/** The command in nobody's hands. */
export function letGo(command: Command): Command {
  const { sending: _, ...free }: SentCommand = command;
  return free;
}
