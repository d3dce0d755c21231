import type { Clock } from '../clock.ts';
import type { Command } from '../commands/command.ts';
import type { Outcome, RecordingDriver } from '../driver/driver.ts';
import { type Claim, claimSending, keepSending } from '../engine/claim-sending.ts';
import { commit, providerIndex } from '../engine/commit.ts';
import { commandsByTurns, repeatStart, sendRequest } from '../engine/driver-request.ts';
import { newId } from '../engine/ids.ts';
import { judge } from '../engine/judge.ts';
import { adoptParked } from '../engine/route-reports.ts';
import { acceptCommand, loseAnswer, refuseCommand } from '../engine/settle-command.ts';
import { within } from '../engine/within.ts';
import { OnRecordError } from '../errors/index.ts';
import type { SessionRecord } from '../session/record.ts';
import type { SessionStore } from '../session-store/session-store.ts';

/** What it takes to send commands to one provider instance. */
export interface ExecutionContext {
  readonly store: SessionStore;
  readonly driver: RecordingDriver;
  /** Name of the instance, as in the configuration. */
  readonly instance: string;
  readonly clock: Clock;
  /** Milliseconds after which a request without an answer is given up, as if its answer were lost. Default 20 000. */
  readonly requestMs?: number | undefined;
}

export interface ExecuteOptions {
  readonly signal: AbortSignal;
  /** Default true. `false`: one attempt only; what may be repeated is left to whoever comes next. */
  readonly repeat?: boolean | undefined;
}

const defaultRequestMs = 20_000;
/** What writing an answer down may take on top of the request, before another process may think it lost. */
const writingMs = 10_000;
/** First wait between repetitions of a request that the provider asked us to repeat; doubles, up to 8 s. */
const firstRetryMs = 250;
const longestRetryMs = 8_000;
/** Wait before looking again whether a command can go out that must not overlap with something. */
const laterMs = 50;
/** Wait between attempts at a stop that is past its deadline: it is still wanted. */
const longestLateRetryMs = 60_000;

/**
 * Sends a recorded command and writes down what came of it: accepted, refused, or answer lost. A request that may be
 * repeated is repeated, as the same request, until `signal` aborts. While this process has the command in hand no other
 * one sends it; nothing is sent that is settled, given up or overtaken by then.
 * @throws OnRecordError when the provider refused it, or `signal` aborted first.
 */
export async function executeCommand(
  context: ExecutionContext,
  sessionId: string,
  commandId: string,
  { signal, repeat = true }: ExecuteOptions,
): Promise<SessionRecord> {
  const execution: Execution = { ...context, sessionId, commandId, signal, by: newId() };
  let failure: OnRecordError | undefined;
  let mayHaveBegun = false;
  for (let waitMs = firstRetryMs; ; waitMs = Math.min(waitMs * 2, longestRetryMs)) {
    const claim = await take(execution);
    if (claim.is === 'not-ours') return claim.record;
    const attempt = await send(execution, claim);
    if ('record' in attempt) return attempt.record;
    failure = attempt.failure;
    mayHaveBegun ||= claim.uncertain || failure.retry !== 'safe' || isTimeout(failure);
    const { code, message } = failure;
    const refusal = claim.command.sends === 'start' && !mayHaveBegun ? { code, message } : undefined;
    const delayMs = attempt.retryAfterMs ?? (repeat ? waitMs : patience(claim.command, context.clock.now()));
    const record = await change(execution, (before) =>
      keepSending(before, commandId, {
        by: execution.by,
        untilMs: context.clock.now() + delayMs + (repeat ? writingMs : 0),
        refusal,
      }),
    );
    if (!repeat) return record;
    if (delayMs === 0) continue;
    try {
      await context.clock.delay(delayMs, { signal });
    } catch {
      throw failure;
    }
  }
}

interface Execution extends ExecutionContext {
  readonly sessionId: string;
  readonly commandId: string;
  readonly signal: AbortSignal;
  readonly by: string;
}

type Attempt =
  | { readonly record: SessionRecord }
  | { readonly failure: OnRecordError; readonly retryAfterMs: number | undefined };

function change(
  { store, sessionId }: Execution,
  next: (before: SessionRecord) => SessionRecord,
): Promise<SessionRecord> {
  return commit(store, sessionId, next);
}

async function take(execution: Execution): Promise<Exclude<Claim, { readonly is: 'later' }>> {
  const { driver, clock, commandId, by, signal, requestMs = defaultRequestMs } = execution;
  for (;;) {
    let claim: Claim | undefined;
    const record = await change(execution, (before) => {
      claim = claimSending(before, commandId, {
        by,
        nowMs: clock.now(),
        forMs: requestMs + writingMs,
        byTurns: commandsByTurns(driver),
      });
      return claim.record;
    });
    if (claim!.is !== 'later') return { ...claim!, record };
    await clock.delay(Math.max(0, Math.min(laterMs, claim!.atMs - clock.now())), { signal });
  }
}

/** Who comes next need not hurry: a quarter of the time that has passed, as with polls. */
function patience({ recordedAt, timedOutAt }: Command, nowMs: number): number {
  const longest = timedOutAt === undefined ? longestRetryMs : longestLateRetryMs;
  return Math.min(longest, Math.max(firstRetryMs, (nowMs - Date.parse(recordedAt)) / 4));
}

async function send(execution: Execution, claim: Extract<Claim, { readonly is: 'ours' }>): Promise<Attempt> {
  const { driver, clock, signal, requestMs = defaultRequestMs } = execution;
  const { command, record } = claim;
  const start = command.sends === 'start';
  let outcome: Outcome | 'unknowable';
  try {
    outcome = await within(clock, requestMs, signal, (cut) =>
      start && claim.uncertain
        ? repeatStart(driver, record, command, { signal: cut, clock })
        : sendRequest(driver, record, command, { signal: cut, clock }),
    );
  } catch (error) {
    if (signal.aborted) throw await abandoned(execution);
    return fail(execution, claim, error);
  }
  if (outcome === 'unknowable') return { record: await lose(execution) };
  return { record: await accept(execution, outcome) };
}

/** Decides what an error means for the command. */
async function fail(
  execution: Execution,
  { command, uncertain, record }: Extract<Claim, { readonly is: 'ours' }>,
  error: unknown,
): Promise<Attempt> {
  const { driver, clock, commandId, sessionId, instance } = execution;
  const judged = judge(driver, error);
  const failure = OnRecordError.wrap(error, judged, {
    operation: command.sends,
    provider: instance,
    sessionId,
    commandId,
  });
  const start = command.sends === 'start';
  const again: Attempt = { failure, retryAfterMs: judged.retryAfterMs };
  const maybeDone = judged.retry === 'only-with-same-key' || isTimeout(error);
  if (start && maybeDone) {
    // The first time the same request goes out again at once; a second loss is left to time.
    await lose(execution);
    return uncertain ? again : { failure, retryAfterMs: 0 };
  }
  // What is not a start comes to the same when it is done twice.
  if (maybeDone || judged.retry === 'safe') return again;
  // After a lost answer of ours the recording may run, whatever the provider says of the same request now: somebody else's
  // recording may be our own, and keys may have been changed since. What no request like it can do was not done then either.
  const always = judged.code === 'invalid-request' || judged.code === 'unsupported';
  if (start && uncertain && !always) return { record: await lose(execution) };
  const addressable = record.parts.some(({ id, handle }) => id === command.partId && handle !== undefined);
  if (!start && judged.code === 'invalid-state' && !addressable) return again;
  await change(execution, (before) => refuseCommand(before, commandId, failure, clock.now()));
  throw failure;
}

function isTimeout(error: unknown): boolean {
  return OnRecordError.is(error, 'timeout') && error.retry === 'safe';
}

function lose(execution: Execution): Promise<SessionRecord> {
  const { commandId, clock } = execution;
  return change(execution, (before) => {
    const known = before.commands.find(({ id }) => id === commandId)?.answerLost;
    return known ? before : loseAnswer(before, commandId, clock.now());
  });
}

async function abandoned(execution: Execution): Promise<unknown> {
  await lose(execution);
  return execution.signal.reason;
}

/**
 * Writes down that the provider took it. A store that fails for a moment is asked again: the request must not be sent a
 * second time for that, let alone be taken for refused.
 */
async function accept(execution: Execution, outcome: Outcome): Promise<SessionRecord> {
  const { store, clock, sessionId, commandId, signal } = execution;
  let keys: readonly string[] = [];
  let saved: SessionRecord | undefined;
  for (let waitMs = firstRetryMs; !saved; waitMs = Math.min(waitMs * 2, longestRetryMs)) {
    try {
      saved = await commit(store, sessionId, (before) => {
        const taken = acceptCommand(before, commandId, outcome, clock.now());
        keys = taken.addKeys;
        return taken;
      });
    } catch (error) {
      if (OnRecordError.is(error, 'provider-contract')) {
        await change(execution, (before) => refuseCommand(before, commandId, error, clock.now()));
        throw error;
      }
      if (OnRecordError.is(error, 'not-found') || signal.aborted) throw error;
      await clock.delay(waitMs, { signal }).catch(() => {
        throw error;
      });
    }
  }
  if (keys.length === 0) return saved;
  const indexes = keys.map((key) => providerIndex(saved.provider, key));
  await adoptParked(store, sessionId, indexes, clock.now());
  return (await store.load(sessionId)) ?? saved;
}
