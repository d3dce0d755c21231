import { newId } from '../engine/ids.ts';
import { OnRecordError } from '../errors/index.ts';
import { pauseHolds } from '../fold/pause-holds.ts';
import type { RecorderContext } from './recorder-context.ts';
import { rememberAbandonment } from './secure-abandonment.ts';
import { type Sent, sendCommand } from './send-command.ts';
import type { SecureContext, SecureOptions } from './session.ts';
import { isOver } from './settled.ts';
import { loadSession, waitForRecord } from './wait.ts';

/** See `SessionPause.secureSection` for what it guarantees. */
export async function runSecureSection<T>(
  context: RecorderContext,
  sessionId: string,
  collect: (section: SecureContext) => T | Promise<T>,
  options: SecureOptions,
): Promise<T> {
  checkLimit(options.maxMs);
  const pause = await provePause(context, sessionId, options);
  const { outcome, late } = await collectWhilePaused(context, sessionId, collect, options);
  if (late) throw withCause(late, outcome);
  // A session that somebody else had paused is left as it was.
  const notResumed = pause.command ? await resume(context, sessionId) : undefined;
  if (notResumed) throw withCause(notResumed, outcome);
  if ('error' in outcome) throw outcome.error;
  return outcome.value;
}

/** What became of the recording comes first; an error of the function itself is kept as its cause. */
function withCause(error: OnRecordError, outcome: object): OnRecordError {
  if (!('error' in outcome)) return error;
  return new OnRecordError(error.code, error.message, {
    retry: error.retry,
    blame: error.blame,
    context: error.context,
    cause: new AggregateError([error, outcome.error]),
  });
}

function checkLimit(maxMs: number): void {
  if (Number.isFinite(maxMs) && maxMs > 0) return;
  throw new OnRecordError('invalid-request', `A secure section needs a limit in milliseconds, not ${maxMs}.`, {
    remedy: 'Pass { maxMs } with the longest that collecting may take.',
  });
}

/** Paused, and by nobody whose own end of a section would resume under ours. */
function checkProven({ record, command }: Sent): void {
  const { state } = record.snapshot;
  if (isOver(record)) {
    throw new OnRecordError('invalid-state', `Session ${record.id} ended before its secure section began.`, {
      context: { sessionId: record.id, state },
    });
  }
  if (!pauseHolds(record.snapshot)) throw resumedMeanwhile(record.id);
  const last = record.commands.findLast(({ kind }) => kind === 'pause' || kind === 'resume');
  if (!command && last?.kind === 'pause' && last.purpose === 'secure' && !last.expiredAt) {
    throw new OnRecordError('conflict', `Session ${record.id} is in another secure section.`, {
      remedy: 'Wait for its end; if its process is gone, resume() the session first.',
      context: { sessionId: record.id },
    });
  }
}

/** The pause is proven when this returns; in every other case it throws and nothing was collected. */
async function provePause(context: RecorderContext, sessionId: string, options: SecureOptions): Promise<Sent> {
  const commandId = newId();
  await rememberAbandonment(context, sessionId, commandId, options);
  try {
    const sent = await sendCommand(
      context,
      sessionId,
      { kind: 'pause', purpose: 'secure', maxMs: options.maxMs, commandId },
      { signal: options.signal },
    );
    checkProven(sent);
    return sent;
  } catch (unproven) {
    if (options.onUnproven !== 'stop') throw unproven;
    try {
      await sendCommand(context, sessionId, { kind: 'stop' });
    } catch (stop) {
      throw new OnRecordError(
        OnRecordError.is(stop) ? stop.code : 'unknown',
        `Session ${sessionId} could neither be paused for a secure section nor be stopped.`,
        {
          blame: 'provider',
          remedy: 'Assume that it still records.',
          context: { sessionId },
          cause: new AggregateError([unproven, stop]),
        },
      );
    }
    throw unproven;
  }
}

interface Collected<T> {
  readonly outcome: { readonly value: T } | { readonly error: unknown };
  /** Why the recording must stay as it is now. */
  readonly late: OnRecordError | undefined;
}

async function collectWhilePaused<T>(
  context: RecorderContext,
  sessionId: string,
  collect: (section: SecureContext) => T | Promise<T>,
  options: SecureOptions,
): Promise<Collected<T>> {
  const section = new AbortController();
  const settled = new AbortController();
  let late: OnRecordError | undefined;
  const end = (reason: OnRecordError) => {
    late ??= reason;
    section.abort(reason);
  };
  context.clock.delay(options.maxMs, { signal: settled.signal }).then(
    () => end(expired(sessionId, options.maxMs)),
    () => {},
  );
  waitForRecord(context.store, sessionId, ({ snapshot: { state } }) => state !== 'paused', settled.signal).then(
    (record) => {
      if (record.snapshot.state === 'recording') end(resumedMeanwhile(sessionId));
    },
    () => {},
  );
  const onAbort = () => section.abort(options.signal?.reason);
  if (options.signal?.aborted) onAbort();
  options.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const value = await collect({ signal: section.signal });
    return { outcome: { value }, late };
  } catch (error) {
    return { outcome: { error }, late };
  } finally {
    settled.abort();
    options.signal?.removeEventListener('abort', onAbort);
  }
}

/** The error of a resume that failed; a session that ended meanwhile has nothing to resume. */
async function resume(context: RecorderContext, sessionId: string): Promise<OnRecordError | undefined> {
  try {
    await sendCommand(context, sessionId, { kind: 'resume', purpose: 'secure' });
    return undefined;
  } catch (error) {
    if (isOver(await loadSession(context.store, sessionId))) return undefined;
    if (OnRecordError.is(error)) return error;
    throw error;
  }
}

function expired(sessionId: string, maxMs: number): OnRecordError {
  return new OnRecordError('timeout', `The secure section of session ${sessionId} outlived its ${maxMs} ms.`, {
    remedy: 'The recording stays paused: resume() it once no card data can be heard.',
    context: { sessionId, maxMs },
  });
}

function resumedMeanwhile(sessionId: string): OnRecordError {
  return new OnRecordError('conflict', `Session ${sessionId} recorded again while its secure section was open.`, {
    remedy: 'What was said since then is in the recording: treat it as sensitive.',
    context: { sessionId },
  });
}
