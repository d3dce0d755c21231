import type { Command } from '../commands/command.ts';
import type { RecordingDriver } from '../driver/driver.ts';
import { awaitsHandle, isUnsent } from '../engine/claim-sending.ts';
import { commandsByTurns } from '../engine/driver-request.ts';
import { sendingOf } from '../engine/sending.ts';
import { errorFields } from '../errors/index.ts';
import { executeCommand } from '../recorder/execute-command.ts';
import type { SessionRecord } from '../session/record.ts';
import type { WorkerContext } from './worker-options.ts';

/** Sends what a dead process recorded, what waited for a handle, and what the provider asked to be sent later. */
export async function sendUnsent(context: WorkerContext, sessionId: string, signal: AbortSignal): Promise<void> {
  const { store, clock, logger, intervals } = context;
  const record = await store.load(sessionId);
  const driver = record && context.instances[record.provider]?.driver;
  if (!record || !driver) return;
  const execution = { store, driver, instance: record.provider, clock, requestMs: intervals.requestMs };
  for (const command of record.commands) {
    const due = sendAt(context, driver, record, command);
    if (due === undefined || due > clock.now()) continue;
    await executeCommand(execution, sessionId, command.id, { signal, repeat: false }).catch((error: unknown) =>
      logger.warn({ err: errorFields(error), sessionId, commandId: command.id }, 'worker: a command was not taken'),
    );
  }
}

/** When the worker may send a command (epoch ms); undefined when it never may, or not before something happens. */
export function sendAt(
  { intervals }: WorkerContext,
  driver: RecordingDriver,
  record: SessionRecord,
  command: Command,
): number | undefined {
  if (!isUnsent(record, command)) return undefined;
  if (!commandsByTurns(driver) && awaitsHandle(record, command)) return undefined;
  if (command.sends === 'start' && command.answerLost && !canBeFound(driver)) return undefined;
  const held = sendingOf(command);
  if (held) return Date.parse(held.until);
  // Not as soon as it is recorded: whoever recorded it is about to send it.
  return Date.parse(command.firstSentAt ?? command.recordedAt) + intervals.resendAfterMs;
}

function canBeFound(driver: RecordingDriver): boolean {
  return driver.capabilities.lookup === 'token' || driver.doFind !== undefined || commandsByTurns(driver);
}
