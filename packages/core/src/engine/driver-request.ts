import type { Command } from '../commands/command.ts';
import type { CommandToken, DriverContext, Outcome, PartTarget, RecordingDriver, StartPlan } from '../driver/driver.ts';
import { OnRecordError } from '../errors/index.ts';
import { correlationOf } from '../report/report.ts';
import type { PartRecord, SessionRecord } from '../session/record.ts';

/** Sends the request that a command means, to the part as the record knows it now. */
export async function sendRequest(
  driver: RecordingDriver,
  record: SessionRecord,
  command: Command,
  call: DriverContext,
): Promise<Outcome> {
  const part = () => partTarget(record, partOf(record, command));
  const token = tokenOf(command);
  const missing = () =>
    new OnRecordError('unsupported', `The ${driver.type} driver has no ${command.sends}.`, { blame: 'library' });
  switch (command.sends) {
    case 'start':
      return driver.doStart(startPlan(record, command), call);
    case 'pause':
      if (!driver.doPause) throw missing();
      return driver.doPause(part(), token, call);
    case 'resume':
      if (!driver.doResume) throw missing();
      return driver.doResume(part(), token, call);
    case 'stop':
      return driver.doStop(part(), token, call);
    case 'discard':
      if (!driver.doDiscard) throw missing();
      return driver.doDiscard(part(), token, call);
  }
}

/**
 * Repeats a start that may have been executed, in the way that its provider offers: the same request with its token,
 * or a look-up and, where there is nothing, the same request. `unknowable` where neither is safe.
 */
export async function repeatStart(
  driver: RecordingDriver,
  record: SessionRecord,
  command: Command,
  call: DriverContext,
): Promise<Outcome | 'unknowable'> {
  if (repeatsSafely(driver)) return sendRequest(driver, record, command, call);
  const found = await find(driver, startPlan(record, command), call);
  return found === 'absent' ? sendRequest(driver, record, command, call) : found;
}

async function find(
  driver: RecordingDriver,
  plan: StartPlan,
  call: DriverContext,
): Promise<Outcome | 'absent' | 'unknowable'> {
  if (!driver.doFind) return 'unknowable';
  try {
    return await driver.doFind(plan, call);
  } catch (error) {
    const retry = OnRecordError.is(error) ? error.retry : driver.classifyError(error).retry;
    // That we may not look says nothing about the start.
    if (retry === 'never' || retry === 'exhausted') return 'unknowable';
    throw error;
  }
}

/** Whether the provider executes a start once, however often it is sent. */
function repeatsSafely(driver: RecordingDriver): boolean {
  return driver.capabilities.lookup === 'token' || commandsByTurns(driver);
}

/** Whether a function carries the commands out in its answers, each command id once. */
export function commandsByTurns({ capabilities }: RecordingDriver): boolean {
  return capabilities.commandPlane === 'turn' || capabilities.confirms.start.includes('turn');
}

function partOf(record: SessionRecord, command: Command): PartRecord {
  return record.parts.find(({ id }) => id === command.partId) ?? record.parts[0]!;
}

/** A part as a driver may know it. */
export function partTarget(record: SessionRecord, part: PartRecord): PartTarget {
  const failed = record.snapshot.parts.find(({ id }) => id === part.id)?.state === 'failed';
  return {
    sessionId: record.id,
    partId: part.id,
    correlation: correlationOf(record.id, part.id),
    call: part.call,
    output: record.output,
    ...(record.pauseEffect === undefined ? {} : { pauseEffect: record.pauseEffect }),
    ...(part.handle === undefined ? {} : { handle: part.handle }),
    ...(part.facts === undefined ? {} : { facts: part.facts }),
    ...(failed ? { failed } : {}),
  };
}

function startPlan(record: SessionRecord, command: Command): StartPlan {
  return {
    ...partTarget(record, partOf(record, command)),
    command: tokenOf(command),
    startPaused: record.startPaused && command.kind === 'start',
    ...(record.maxDurationMs === undefined ? {} : { maxDurationMs: record.maxDurationMs }),
    ...(record.consent === undefined ? {} : { consent: record.consent }),
    ...(record.providerOptions === undefined ? {} : { providerOptions: record.providerOptions }),
  };
}

function tokenOf(command: Command): CommandToken {
  return {
    commandId: command.id,
    ordinal: command.ordinal,
    token: command.token,
    firstSentAt: command.firstSentAt ?? command.recordedAt,
  };
}
