import { OnRecordError } from '@onrecord/core';
import { abortedError } from '../errors/aborted.ts';

/**
 * Passes the bytes of a store's answer on and makes a body that breaks off an error.
 * @throws OnRecordError `unavailable` when `bytes` did not all come, `aborted`.
 */
export async function* wholeBody(
  body: AsyncIterable<Uint8Array>,
  options: { readonly bytes: number; readonly key: string; readonly signal: AbortSignal },
): AsyncGenerator<Uint8Array> {
  const { bytes, key, signal } = options;
  let received = 0;
  try {
    for await (const piece of body) {
      if (signal.aborted) throw abortedError(signal);
      received += piece.byteLength;
      yield piece;
    }
  } catch (error) {
    if (OnRecordError.is(error)) throw error;
    if (signal.aborted) throw abortedError(signal, error);
    if (isChecksumMismatch(error)) {
      throw new OnRecordError(
        'integrity-failed',
        `The bytes of ${key} do not match the checksum that the store keeps.`,
        {
          retry: 'safe',
          blame: 'destination',
          cause: error,
          context: { key },
        },
      );
    }
    throw brokenOff(key, received, bytes, error);
  }
  if (received !== bytes) throw brokenOff(key, received, bytes, undefined);
}

function brokenOff(key: string, received: number, bytes: number, cause: unknown): OnRecordError {
  return new OnRecordError('unavailable', `The store broke off after ${received} of ${bytes} bytes of ${key}.`, {
    retry: 'safe',
    blame: 'destination',
    remedy: 'Read it again, from the byte where it ended.',
    cause,
    context: { key, received, bytes },
  });
}

function isChecksumMismatch(error: unknown): boolean {
  return error instanceof Error && /checksum mismatch/i.test(error.message);
}
