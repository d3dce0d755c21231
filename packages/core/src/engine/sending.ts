import { timestamp } from '../clock.ts';
import type { Command } from '../commands/command.ts';

/**
 * Who is sending a command, and until when it is nobody else's turn (RFC 3339): two processes must not send it at once,
 * and one that died must not keep it. Stored with the command.
 */
export interface Sending {
  readonly by: string;
  readonly until: string;
}

interface SentCommand extends Command {
  readonly sending?: Sending | undefined;
}

export function sendingOf(command: Command): Sending | undefined {
  return (command as SentCommand).sending;
}

/** The command in the hands of `by` until then. */
export function heldBy(command: Command, by: string, untilMs: number): Command {
  const held: SentCommand = { ...command, sending: { by, until: timestamp(untilMs) } };
  return held;
}

/** The command in nobody's hands. */
export function letGo(command: Command): Command {
  const { sending: _, ...free }: SentCommand = command;
  return free;
}
