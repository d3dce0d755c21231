import { OnRecordError } from '@onrecord/core';

/** What an operation ends with when its signal was aborted; the signal's reason is the cause. */
export function abortedError(signal: AbortSignal, cause: unknown = signal.reason): OnRecordError {
  const timedOut = signal.reason instanceof Error && signal.reason.name === 'TimeoutError';
  return timedOut
    ? new OnRecordError('timeout', 'The storage operation did not end in time.', {
        retry: 'safe',
        blame: 'destination',
        cause,
      })
    : new OnRecordError('aborted', 'The storage operation was aborted.', { retry: 'safe', cause });
}

/** Does `work` unless `signal` is aborted, and names an abort as the reason of whatever failed because of it. */
export async function abortable<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  if (signal.aborted) throw abortedError(signal);
  try {
    return await work();
  } catch (error) {
    if (signal.aborted && !OnRecordError.is(error)) throw abortedError(signal, error);
    throw error;
  }
}
