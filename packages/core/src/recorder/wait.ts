import type { Clock } from '../clock.ts';
import { OnRecordError } from '../errors/index.ts';
import type { SessionRecord } from '../session/record.ts';
import type { SessionStore } from '../session-store/session-store.ts';

/** @throws OnRecordError `not-found`. */
export async function loadSession(store: SessionStore, sessionId: string): Promise<SessionRecord> {
  const record = await store.load(sessionId);
  if (record) return record;
  throw new OnRecordError('not-found', `There is no session ${sessionId} in this store.`, { context: { sessionId } });
}

/** Resolves with the first revision that satisfies `done`, whichever process wrote it. */
export async function waitForRecord(
  store: SessionStore,
  sessionId: string,
  done: (record: SessionRecord) => boolean,
  signal: AbortSignal,
): Promise<SessionRecord> {
  let record = await loadSession(store, sessionId);
  while (!done(record)) record = await store.watch(sessionId, record.revision, { signal });
  return record;
}

/** Runs `work` under a signal that aborts after `ms`; if that made it fail, `late` decides. Other failures pass. */
export async function withDeadline<T>(
  clock: Clock,
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
  late: (error: unknown) => Promise<T>,
): Promise<T> {
  const expired = new AbortController();
  const settled = new AbortController();
  clock.delay(Math.max(0, ms), { signal: settled.signal }).then(
    () => expired.abort(new OnRecordError('timeout', `Not done within ${ms} ms.`)),
    () => {},
  );
  try {
    return await work(expired.signal);
  } catch (error) {
    if (!expired.signal.aborted) throw error;
    return await late(error);
  } finally {
    settled.abort();
  }
}

/** The outcome of `work`, or the signal's reason if that comes first; `work` goes on either way. */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
