import { timestamp } from '../clock.ts';
import type { Command } from '../commands/command.ts';
import { commit } from '../engine/commit.ts';
import { partTarget } from '../engine/driver-request.ts';
import { newId } from '../engine/ids.ts';
import { publish } from '../engine/refold.ts';
import { applyReports } from '../engine/route-reports.ts';
import { timeOutCommand } from '../engine/settle-command.ts';
import { executeCommand } from '../recorder/execute-command.ts';
import type { PartRecord, SessionRecord } from '../session/record.ts';
import type { WorkerContext } from './worker-options.ts';

/** Sends what a dead process recorded, asks the provider, gives up what is past its deadline. */
export async function advanceCommands(context: WorkerContext, sessionId: string, signal: AbortSignal): Promise<void> {
  const { store, clock } = context;
  const record = await store.load(sessionId);
  const instance = record && context.instances[record.provider];
  if (!record || !instance) return;
  for (const command of unsent(record, clock.now() - context.intervals.resendAfterMs)) {
    const left = Date.parse(command.recordedAt) + context.deadlines[command.kind] - clock.now();
    if (left <= 0) continue;
    await executeCommand({ store, driver: instance.driver, instance: record.provider, clock }, sessionId, command.id, {
      signal,
    }).catch((error: unknown) => context.logger.warn({ err: error, sessionId }, 'worker: a command sent again failed'));
  }
  await poll(context, sessionId, signal);
  await giveUp(context, sessionId);
  await expireSecureSections(context, sessionId);
}

/** Commands that were recorded, but whose acceptance nobody wrote down in time. */
function unsent(record: SessionRecord, before: number): readonly Command[] {
  return record.commands.filter(
    (command) =>
      command.acceptedAt === undefined &&
      Date.parse(command.firstSentAt ?? command.recordedAt) <= before &&
      record.snapshot.commands.some(({ id, state }) => id === command.id && state === 'recorded'),
  );
}

async function poll(context: WorkerContext, sessionId: string, signal: AbortSignal): Promise<void> {
  const { store, clock, logger } = context;
  const record = await store.load(sessionId);
  const driver = record && context.instances[record.provider]?.driver;
  if (!record || !driver?.doStatus || !driver.capabilities.status) return;
  for (const part of pollable(record)) {
    const accepted = record.commands.filter(({ acceptedAt, partId }) => acceptedAt && partId === part.id);
    const asOfOrdinal = Math.max(0, ...accepted.map(({ ordinal }) => ordinal));
    try {
      const reports = await driver.doStatus(
        partTarget(record, part),
        { pollId: newId(), asOfOrdinal },
        { signal, clock },
      );
      await applyReports(store, sessionId, reports, clock.now());
    } catch (error) {
      logger.warn({ err: error, sessionId, partId: part.id }, 'worker: the provider could not be asked');
    }
  }
}

/** Parts that may still change, and the last part of a pause by segments: its call may end meanwhile. */
function pollable(record: SessionRecord): readonly PartRecord[] {
  const last = record.parts.at(-1);
  return record.parts.filter((part) => {
    if (part.handle === undefined) return false;
    const state = record.snapshot.parts.find(({ id }) => id === part.id)?.state;
    if (state === 'ended' || state === 'failed') return part === last && record.snapshot.state === 'paused';
    return true;
  });
}

async function giveUp(context: WorkerContext, sessionId: string): Promise<void> {
  const { clock, deadlines, logger } = context;
  await commit(context.store, sessionId, (before) => {
    let record = before;
    for (const outcome of before.snapshot.commands) {
      if (outcome.state !== 'recorded' && outcome.state !== 'accepted') continue;
      const command = before.commands.find(({ id }) => id === outcome.id);
      if (!command || clock.now() < Date.parse(command.recordedAt) + deadlines[command.kind]) continue;
      logger.warn(
        { sessionId, commandId: command.id, kind: command.kind },
        'worker: a command was not confirmed in time',
      );
      record = timeOutCommand(record, command.id, clock.now());
    }
    return record;
  });
}

/** A secure section past its limit stays paused; somebody has to be told. */
async function expireSecureSections(context: WorkerContext, sessionId: string): Promise<void> {
  const { clock } = context;
  await commit(context.store, sessionId, (before) => {
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
