import type { Command } from '../commands/command.ts';
import { commit } from '../engine/commit.ts';
import { type CommandRequest, inFlight, type Recorded, recordCommand } from '../engine/record-command.ts';
import { timeOutCommand } from '../engine/settle-command.ts';
import { type ErrorContext, OnRecordError } from '../errors/index.ts';
import { refuseWaitingInsideTurn } from '../flow/inside-turn.ts';
import type { Json } from '../json.ts';
import type { PartRecord, SessionRecord } from '../session/record.ts';
import { deadlineOf } from '../worker/command-deadlines.ts';
import { executeCommand } from './execute-command.ts';
import { executionFor, type RecorderContext } from './recorder-context.ts';
import type { WaitOptions } from './session.ts';
import { isOver } from './settled.ts';
import { unlessAborted, waitForRecord, withDeadline } from './wait.ts';

/** What a command left behind: the record, and the command when one was needed. */
export interface Sent {
  readonly record: SessionRecord;
  /** Absent when the session was in the wanted state already. */
  readonly command?: Command | undefined;
}

/**
 * Records a command, sends it and waits as told. While another command is in flight, waits for that one first.
 * @throws OnRecordError `invalid-state`, `timeout`, or the provider's refusal.
 */
export async function sendCommand(
  context: RecorderContext,
  sessionId: string,
  request: CommandRequest,
  options: WaitOptions = {},
): Promise<Sent> {
  const confirmed = options.until !== 'accepted';
  if (confirmed) refuseWaitingInsideTurn(`for a ${request.kind} to be confirmed`);
  options.signal?.throwIfAborted();
  context.closing.throwIfAborted();
  const { record, recorded } = await recordInTurn(context, sessionId, request, options.signal);
  if (recorded.kind === 'already') {
    const open = confirmed ? openStop(record) : undefined;
    return { record: open ? await confirmCommand(context, record, open, options.signal) : record };
  }
  const sent = await executeRecorded(context, record, recorded.command, options.signal);
  if (!confirmed) return { record: sent, command: recorded.command };
  return { record: await confirmCommand(context, sent, recorded.command, options.signal), command: recorded.command };
}

async function recordInTurn(
  context: RecorderContext,
  sessionId: string,
  request: CommandRequest,
  signal: AbortSignal | undefined,
): Promise<{ readonly record: SessionRecord; readonly recorded: Exclude<Recorded, { readonly kind: 'busy' }> }> {
  for (;;) {
    let recorded: Recorded | undefined;
    const record = await commit(context.store, sessionId, (before) => {
      checkSupported(context, before, request.kind);
      recorded = recordCommand(before, request, context.clock.now());
      return recorded.kind === 'recorded' ? recorded.record : undefined;
    });
    context.touch(sessionId);
    if (recorded && recorded.kind !== 'busy') return { record, recorded };
    await settled(context, sessionId, signal);
  }
}

/** @throws OnRecordError `unsupported` when the provider of this session lacks the verb. */
function checkSupported(context: RecorderContext, record: SessionRecord, kind: CommandRequest['kind']): void {
  const { capabilities, type, lacks } = executionFor(context, record).driver;
  const pauses = capabilities.pause !== false || record.emulate.includes('pause-by-segments');
  if (kind === 'stop' || (kind === 'discard' ? capabilities.discard !== false : pauses)) return;
  const reason = kind === 'discard' ? lacks?.discard : lacks?.pause;
  const why = reason === undefined ? '' : ` ${reason}`;
  throw new OnRecordError('unsupported', `The ${type} driver cannot ${kind}, and nothing stands in for it.${why}`, {
    remedy: 'Ask for the verb with recorder.require() at start-up.',
    context: { operation: kind, provider: record.provider, sessionId: record.id },
  });
}

/** Waits until no command is in flight, and gives up on one that is past its deadline. */
async function settled(context: RecorderContext, sessionId: string, signal: AbortSignal | undefined): Promise<void> {
  const record = await context.store.load(sessionId);
  const open = record && inFlight(record);
  if (!open) return;
  const done = (now: SessionRecord) => inFlight(now)?.id !== open.id || isOver(now);
  await withDeadline(
    context.clock,
    timeLeft(context, open),
    (expired) =>
      unlessAborted(
        waitForRecord(context.store, sessionId, done, expired),
        signal ? AbortSignal.any([signal, context.closing]) : context.closing,
      ),
    () => giveUp(context, sessionId, open.id),
  );
}

/**
 * Sends a recorded command. The request goes on when `signal` aborts: only the waiting ends.
 * @throws OnRecordError the provider's refusal, or `timeout` when it took no answer by the command's deadline.
 */
export function executeRecorded(
  context: RecorderContext,
  record: SessionRecord,
  command: Command,
  signal?: AbortSignal | undefined,
): Promise<SessionRecord> {
  const work = withDeadline(
    context.clock,
    timeLeft(context, command),
    (expired) => executeCommand(executionFor(context, record), record.id, command.id, { signal: expired }),
    async (cause) => outcomeOf(context, await giveUp(context, record.id, command.id), command, cause),
  ).finally(() => context.touch(record.id));
  context.background(work);
  return unlessAborted(work, signal);
}

/**
 * Waits for the record to say that the command happened, whichever process learns it.
 * @throws OnRecordError `timeout` past its deadline; the refusal; `invalid-state` when the session ended before.
 */
export async function confirmCommand(
  context: RecorderContext,
  sent: SessionRecord,
  command: Command,
  signal?: AbortSignal | undefined,
): Promise<SessionRecord> {
  const done = (record: SessionRecord) => isOver(record) || !isOpen(record, command.id);
  const wait = (left: number): Promise<SessionRecord> =>
    withDeadline(
      context.clock,
      left,
      (expired) => unlessAborted(waitForRecord(context.store, sent.id, done, expired), signal),
      async () => {
        // Whoever sent it may have learned meanwhile that it takes longer.
        const record = await context.store.load(sent.id);
        const more = timeLeft(context, record?.commands.find(({ id }) => id === command.id) ?? command);
        return more > 0 ? wait(more) : giveUp(context, sent.id, command.id);
      },
    );
  return outcomeOf(context, await wait(timeLeft(context, command)), command);
}

/** Marks the command timed out, unless it is settled by now; the record tells which. */
async function giveUp(context: RecorderContext, sessionId: string, commandId: string): Promise<SessionRecord> {
  const record = await commit(context.store, sessionId, (before) =>
    isOpen(before, commandId) && !isOver(before) ? timeOutCommand(before, commandId, context.clock.now()) : undefined,
  );
  context.touch(sessionId);
  return record;
}

function outcomeOf(context: RecorderContext, record: SessionRecord, command: Command, cause?: unknown): SessionRecord {
  const outcome = record.snapshot.commands.find(({ id }) => id === command.id);
  const state = record.snapshot.state;
  const details = {
    operation: command.kind,
    provider: record.provider,
    sessionId: record.id,
    commandId: command.id,
    state,
    endReason: record.snapshot.endReason,
  };
  switch (outcome?.state) {
    case 'confirmed':
      return record;
    case 'refused':
      if (cause !== undefined) throw late(context, record, command, { cause, details, isOpen: false });
      throw new OnRecordError(
        outcome.error?.code ?? 'unknown',
        outcome.error?.message ?? `The provider refused the ${command.kind} of session ${record.id}.`,
        { blame: 'provider', context: details },
      );
    case 'timed-out':
      throw late(context, record, command, { cause, details, isOpen: true });
    default:
      // Over, so that nothing confirms it any more. A stop got what it wanted; a start did unless there is nothing.
      if (command.kind === 'stop' || command.kind === 'discard') return record;
      if (command.kind === 'start' && state !== 'failed') return record;
      throw new OnRecordError(
        'invalid-state',
        `Session ${record.id} ended (${record.snapshot.endReason ?? state}) before its ${command.kind} was confirmed.`,
        { context: details },
      );
  }
}

/** Not confirmed by its deadline. `isOpen`: it may happen yet; else it surely began nothing. */
function late(
  { deadlines }: RecorderContext,
  { id, parts }: SessionRecord,
  { id: commandId, kind, partId }: Command,
  { cause, details, isOpen }: { readonly cause: unknown; readonly details: ErrorContext; readonly isOpen: boolean },
): OnRecordError {
  const blockedBy = blockerOf(parts.find((part) => part.id === partId)?.facts, commandId);
  return new OnRecordError(
    'timeout',
    `The ${kind} of session ${id} was not confirmed within ${deadlines[kind]} ms${because(cause)}${behind(blockedBy)}`,
    {
      ...(isOpen ? {} : { retry: 'safe' as const }),
      blame: 'provider',
      remedy: isOpen
        ? 'It may still happen: read the session before you act on it.'
        : 'Nothing was begun, so the call can be started anew.',
      context: { ...details, ...(blockedBy === undefined ? {} : { blockedBy }) },
      ...(cause === undefined ? {} : { cause }),
    },
  );
}

/** What of the provider a command waits for, where its driver said so: the fact `blockedBy` of `Seen`. */
function blockerOf(facts: PartRecord['facts'], commandId: string): string | undefined {
  const { command, action } = (facts?.['blockedBy'] ?? {}) as { readonly command?: Json; readonly action?: Json };
  return command === commandId && typeof action === 'string' ? action : undefined;
}

function behind(blockedBy: string | undefined): string {
  return blockedBy === undefined ? '' : ` It waits for the end of ${blockedBy}.`;
}

/** What the last attempt to send it met, where that is known. */
function because(cause: unknown): string {
  return OnRecordError.is(cause) && cause.code !== 'timeout' ? `: ${cause.message}` : '.';
}

function isOpen(record: SessionRecord, commandId: string): boolean {
  const state = record.snapshot.commands.find(({ id }) => id === commandId)?.state;
  return state === 'recorded' || state === 'accepted';
}

function openStop(record: SessionRecord): Command | undefined {
  if (isOver(record)) return undefined;
  return record.commands.findLast(({ id, kind }) => (kind === 'stop' || kind === 'discard') && isOpen(record, id));
}

/** Milliseconds until the worker, too, would give it up. */
function timeLeft({ clock, deadlines }: RecorderContext, command: Command): number {
  return deadlineOf({ deadlines }, command) - clock.now();
}
