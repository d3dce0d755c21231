import { timestamp } from '../clock.ts';
import type { Command } from '../commands/command.ts';
import { commit } from '../engine/commit.ts';
import { publish } from '../engine/refold.ts';
import type { SessionRecord } from '../session/record.ts';
import type { WorkerContext } from './worker-options.ts';

/** A secure section past its limit stays paused; somebody has to be told. */
export async function expireSecureSections({ store, clock }: WorkerContext, sessionId: string): Promise<void> {
  await commit(store, sessionId, (before) => {
    const open = openSecurePause(before);
    if (!open || clock.now() < open.until) return undefined;
    const expiredAt = timestamp(clock.now());
    const commands = before.commands.map((command) =>
      command.id === open.command.id ? { ...command, expiredAt } : command,
    );
    return publish(
      { ...before, commands },
      [{ name: 'secure.expired', data: { commandId: open.command.id, kind: 'pause' } }],
      clock.now(),
    );
  });
}

/** The confirmed pause of a secure section that nothing has ended or expired yet, and when it must expire. */
export function openSecurePause(
  record: SessionRecord,
): { readonly command: Command; readonly until: number } | undefined {
  const command = record.commands.findLast(({ purpose }) => purpose === 'secure');
  if (command?.kind !== 'pause' || command.maxMs === undefined || command.expiredAt) return undefined;
  const outcome = record.snapshot.commands.find(({ id }) => id === command.id);
  if (outcome?.state !== 'confirmed' || record.snapshot.state !== 'paused') return undefined;
  return { command, until: Date.parse(outcome.at ?? command.recordedAt) + command.maxMs };
}
