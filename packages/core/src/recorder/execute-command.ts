import type { Clock } from '../clock.ts';
import type { Command } from '../commands/command.ts';
import type { CommandToken, DriverContext, Outcome, PartTarget, RecordingDriver, StartPlan } from '../driver/driver.ts';
import { commit, providerIndex } from '../engine/commit.ts';
import { adoptParked } from '../engine/route-reports.ts';
import { acceptCommand, loseAnswer, markSent, refuseCommand } from '../engine/settle-command.ts';
import { OnRecordError } from '../errors/index.ts';
import { correlationOf } from '../report/report.ts';
import type { PartRecord, SessionRecord } from '../session/record.ts';
import type { SessionStore } from '../session-store/session-store.ts';

/** What it takes to send commands to one provider instance. */
export interface ExecutionContext {
  readonly store: SessionStore;
  readonly driver: RecordingDriver;
  /** Name of the instance, as in the configuration. */
  readonly instance: string;
  readonly clock: Clock;
}

/** First wait between repetitions of a request that the provider asked us to repeat; doubles, up to 8 s. */
const firstRetryMs = 250;
const longestRetryMs = 8_000;

/**
 * Sends a recorded command and writes down what came of it: accepted, refused, or answer lost. A request that may be
 * repeated is repeated, as the same request, until `signal` aborts.
 * @throws OnRecordError when the provider refused it, or `signal` aborted first.
 */
export async function executeCommand(
  context: ExecutionContext,
  sessionId: string,
  commandId: string,
  options: { readonly signal: AbortSignal },
): Promise<SessionRecord> {
  const { store, clock } = context;
  const record = await commit(store, sessionId, (before) => markSent(before, commandId, clock.now()));
  const command = record.commands.find(({ id }) => id === commandId);
  const outcome = record.snapshot.commands.find(({ id }) => id === commandId);
  if (!command || !outcome) {
    throw new OnRecordError('not-found', `Session ${sessionId} has no command ${commandId}.`, {
      context: { sessionId },
    });
  }
  // What was given up is never sent again: arriving late, it would undo what was asked for since.
  if (outcome.state === 'confirmed' || outcome.state === 'refused' || outcome.state === 'timed-out') return record;
  if (command.sends !== 'start' && waitsForAdoption(record, command)) return record;
  const send = sender(context, record, command, options.signal);
  for (let waitMs = firstRetryMs; ; waitMs = Math.min(waitMs * 2, longestRetryMs)) {
    try {
      return await accept(context, record, commandId, await send());
    } catch (error) {
      const judged = context.driver.classifyError(error);
      const wrapped = OnRecordError.wrap(error, judged, {
        operation: command.sends,
        provider: context.instance,
        sessionId,
        commandId,
      });
      if (options.signal.aborted) throw await abandoned(context, sessionId, commandId, options.signal);
      const retry = OnRecordError.is(error) ? error.retry : judged.retry;
      if (retry === 'only-with-same-key') return settleLostAnswer(context, record, command, wrapped, options.signal);
      if (retry !== 'safe') {
        await commit(store, sessionId, (before) => refuseCommand(before, commandId, wrapped, clock.now()));
        throw wrapped;
      }
      try {
        await clock.delay(judged.retryAfterMs ?? waitMs, { signal: options.signal });
      } catch {
        throw wrapped;
      }
    }
  }
}

async function accept(
  { store, clock }: ExecutionContext,
  sent: SessionRecord,
  commandId: string,
  outcome: Outcome,
): Promise<SessionRecord> {
  let keys: readonly string[] = [];
  const saved = await commit(store, sent.id, (before) => {
    const change = acceptCommand(before, commandId, outcome, clock.now());
    keys = change.addKeys;
    return change;
  });
  if (keys.length === 0) return saved;
  await adoptParked(
    store,
    sent.id,
    keys.map((key) => providerIndex(sent.provider, key)),
    clock.now(),
  );
  return (await store.load(sent.id)) ?? saved;
}

async function abandoned(
  { store, clock }: ExecutionContext,
  sessionId: string,
  commandId: string,
  signal: AbortSignal,
): Promise<unknown> {
  await commit(store, sessionId, (before) => loseAnswer(before, commandId, clock.now()));
  return signal.reason;
}

/** The provider may have executed it: repeat the same request once, then look for it, else leave it to events. */
async function settleLostAnswer(
  context: ExecutionContext,
  record: SessionRecord,
  command: Command,
  error: OnRecordError,
  signal: AbortSignal,
): Promise<SessionRecord> {
  const { store, clock, driver } = context;
  const lost = await commit(store, record.id, (before) => loseAnswer(before, command.id, clock.now()));
  if (command.sends !== 'start') return lost;
  if (driver.capabilities.lookup === 'token') {
    try {
      return await accept(context, record, command.id, await sender(context, record, command, signal)());
    } catch (again) {
      if (driver.classifyError(again).retry === 'never') return refuse(context, record, command, again, error);
    }
  }
  const found = await driver.doFind?.(startPlan(record, command), { signal, clock }).catch(() => 'unknowable' as const);
  if (found === undefined || found === 'unknowable') return lost;
  if (found === 'absent') return refuse(context, record, command, error, error);
  return accept(context, record, command.id, found);
}

async function refuse(
  { store, clock, driver, instance }: ExecutionContext,
  record: SessionRecord,
  command: Command,
  cause: unknown,
  first: OnRecordError,
): Promise<never> {
  const wrapped = OnRecordError.wrap(cause, driver.classifyError(cause), {
    ...first.context,
    provider: instance,
    sessionId: record.id,
  });
  await commit(store, record.id, (before) => refuseCommand(before, command.id, wrapped, clock.now()));
  throw wrapped;
}

function sender(
  { driver, clock }: ExecutionContext,
  record: SessionRecord,
  command: Command,
  signal: AbortSignal,
): () => Promise<Outcome> {
  const call: DriverContext = { signal, clock };
  const token = tokenOf(command);
  const part = partTarget(record, partOf(record, command));
  const missing = () =>
    new OnRecordError('unsupported', `The ${driver.type} driver has no ${command.sends}.`, { blame: 'library' });
  switch (command.sends) {
    case 'start':
      return () => driver.doStart(startPlan(record, command), call);
    case 'pause':
      return async () => {
        if (!driver.doPause) throw missing();
        return driver.doPause(part, token, call);
      };
    case 'resume':
      return async () => {
        if (!driver.doResume) throw missing();
        return driver.doResume(part, token, call);
      };
    case 'stop':
      return () => driver.doStop(part, token, call);
    case 'discard':
      return async () => {
        if (!driver.doDiscard) throw missing();
        return driver.doDiscard(part, token, call);
      };
  }
}

function partOf(record: SessionRecord, command: Command): PartRecord {
  return record.parts.find(({ id }) => id === command.partId) ?? record.parts[0]!;
}

/** The start's answer was lost and no event has brought the handle yet: nothing can be addressed until one does. */
function waitsForAdoption(record: SessionRecord, command: Command): boolean {
  const start = record.commands.find(({ partId, sends }) => partId === command.partId && sends === 'start');
  return start?.answerLost === true && partOf(record, command).handle === undefined;
}

/** A part as a driver may know it. */
export function partTarget(record: SessionRecord, part: PartRecord): PartTarget {
  return {
    sessionId: record.id,
    partId: part.id,
    correlation: correlationOf(record.id, part.id),
    call: part.call,
    output: record.output,
    ...(part.handle === undefined ? {} : { handle: part.handle }),
    ...(part.facts === undefined ? {} : { facts: part.facts }),
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
