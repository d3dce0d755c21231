import { OnRecordError } from '@onrecord/core';
import { abortedError } from '../errors/aborted.ts';

export interface PutSourceOptions {
  /** Exact length, when known. */
  readonly bytes?: number | undefined;
  readonly signal: AbortSignal;
}

/**
 * The bytes of one put, on their way to a store. It hands out the last piece only after the source ended well, had the
 * announced length and was not aborted: a store that counts bytes never sees a complete body of a failed source.
 */
export class PutSource implements AsyncIterable<Uint8Array> {
  readonly #body: AsyncIterable<Uint8Array>;
  readonly #options: PutSourceOptions;
  #received = 0;
  #ended = false;
  #failure: { readonly error: unknown } | undefined;

  constructor(body: AsyncIterable<Uint8Array>, options: PutSourceOptions) {
    this.#body = body;
    this.#options = options;
  }

  /** Bytes taken from the source so far. */
  get received(): number {
    return this.#received;
  }

  /** Whether every byte was handed out: only then can a store have kept them. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Why the source did not end well. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#failure;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    const iterator = this.#body[Symbol.asyncIterator]();
    let held: Uint8Array | undefined;
    let open = true;
    try {
      for (;;) {
        const next = await this.#next(iterator);
        if (next === undefined) break;
        if (held) yield held;
        held = next;
      }
      open = false;
    } finally {
      // A source that hangs would never confirm its return.
      if (open) void Promise.resolve(iterator.return?.()).catch(() => {});
    }
    this.#ended = true;
    if (held) yield held;
  }

  async #next(iterator: AsyncIterator<Uint8Array>): Promise<Uint8Array | undefined> {
    const { bytes, signal } = this.#options;
    try {
      for (;;) {
        const result = await unlessAborted(iterator.next(), signal);
        if (result.done) break;
        const piece = result.value;
        this.#received += piece.byteLength;
        if (bytes !== undefined && this.#received > bytes) throw wrongLength(`more than the ${bytes}`, bytes);
        if (piece.byteLength > 0) return piece;
      }
      if (bytes !== undefined && this.#received !== bytes)
        throw wrongLength(`${this.#received} of the ${bytes}`, bytes);
      return undefined;
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
  }
}

function wrongLength(what: string, bytes: number): OnRecordError {
  return new OnRecordError(
    'integrity-failed',
    `The source gave ${what} bytes that were announced; nothing is stored.`,
    {
      retry: 'safe',
      blame: 'provider',
      context: { announced: bytes },
    },
  );
}

/** @throws OnRecordError `aborted`, even while `work` hangs. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(abortedError(signal));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    const done = () => signal.removeEventListener('abort', onAbort);
    work.then(
      (value) => {
        done();
        resolve(value);
      },
      (error: unknown) => {
        done();
        reject(error);
      },
    );
  });
}
