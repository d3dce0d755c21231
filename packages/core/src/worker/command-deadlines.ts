import type { Command } from '../commands/command.ts';
import { commit } from '../engine/commit.ts';
import { timeOutCommand } from '../engine/settle-command.ts';
import { isOver } from '../recorder/settled.ts';
import type { SessionRecord } from '../session/record.ts';
import type { WorkerContext } from './worker-options.ts';

/** Commands that something must still confirm. Of a session that is over nothing is confirmed any more. */
export function openCommands(record: SessionRecord): readonly Command[] {
  if (isOver(record)) return [];
  return record.commands.filter((command) =>
    record.snapshot.commands.some(
      ({ id, state }) => id === command.id && (state === 'recorded' || state === 'accepted'),
    ),
  );
}

export function deadlineOf(
  { deadlines }: Pick<WorkerContext, 'deadlines'>,
  { recordedAt, kind, confirmWithinMs = 0 }: Command,
): number {
  return Date.parse(recordedAt) + Math.max(deadlines[kind], confirmWithinMs);
}

/** Gives up what was not confirmed by its deadline, whether or not the provider can be asked. */
export async function giveUpLate(context: WorkerContext, sessionId: string): Promise<void> {
  const { clock, logger, store } = context;
  let given: readonly Command[] = [];
  await commit(store, sessionId, (before) => {
    given = openCommands(before).filter((command) => clock.now() >= deadlineOf(context, command));
    return given.reduce((record, { id }) => timeOutCommand(record, id, clock.now()), before);
  });
  for (const { id, kind } of given) {
    logger.warn({ sessionId, commandId: id, kind }, 'worker: a command was not confirmed in time');
  }
}
