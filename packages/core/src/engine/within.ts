import type { Clock } from '../clock.ts';
import { OnRecordError } from '../errors/index.ts';

/**
 * The outcome of `work`, unless `ms` pass or `signal` aborts first. `work` is told by its own signal, and nobody waits
 * for one that does not listen: what it does later is lost.
 * @throws the signal's reason, OnRecordError `timeout`, or what `work` throws.
 */
export async function within<T>(
  clock: Clock,
  ms: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const own = new AbortController();
  const settled = new AbortController();
  const onAbort = () => own.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  clock.delay(ms, { signal: settled.signal }).then(
    () => own.abort(new OnRecordError('timeout', `No answer came within ${ms} ms.`, { retry: 'safe' })),
    () => {},
  );
  const cut = new Promise<never>((_, reject) => {
    own.signal.addEventListener('abort', () => reject(own.signal.reason), { once: true });
  });
  const running = (async () => work(own.signal))();
  running.catch(() => {});
  cut.catch(() => {});
  try {
    return await Promise.race([running, cut]);
  } finally {
    settled.abort();
    signal.removeEventListener('abort', onAbort);
  }
}
