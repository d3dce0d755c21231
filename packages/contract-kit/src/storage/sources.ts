import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';

const MIB = 1024 * 1024;

/** More than two parts or blocks of any store: the drivers cannot send it in one request by default. */
export const LARGE_BYTES: number = 17 * MIB + 12_345;

/** Large samples are the same in every case, and dear to make. */
const large = new Map<string, Uint8Array>();

/** `length` bytes that differ by seed and position, so that no shift, swap or repetition goes unseen. */
export function sampleBytes(length: number, seed = 1): Uint8Array {
  if (length < MIB) return makeBytes(length, seed);
  const name = `${length}/${seed}`;
  const bytes = large.get(name) ?? makeBytes(length, seed);
  large.set(name, bytes);
  return bytes;
}

function makeBytes(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = Math.imul(seed, 0x9e37_79b1) | 1;
  for (let index = 0; index < length; index++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[index] = state;
  }
  return bytes;
}

/** The bytes in pieces of `pieceBytes`. */
export async function* inPieces(bytes: Uint8Array, pieceBytes: number = 64 * 1024): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}

/** Turns of the event loop in which a store could take what it got for everything. */
const TURNS = 50;

/** A source that gives `bytes`, lets the store work on them, and then fails. */
export async function* thenFails(
  bytes: Uint8Array,
  error: unknown,
  pieceBytes: number = 64 * 1024,
): AsyncGenerator<Uint8Array> {
  yield* inPieces(bytes, pieceBytes);
  for (let turn = 0; turn < TURNS; turn++) await setImmediate();
  throw error;
}

/** A source that gives `bytes` and then neither goes on nor ends, until its consumer gives up. */
export function thenHangs(bytes: Uint8Array): {
  readonly body: AsyncIterable<Uint8Array>;
  /** Resolves when everything was given and the source hangs. */
  readonly hanging: Promise<void>;
  /** Lets it end well. */
  finish(): void;
} {
  const hanging = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  async function* body(): AsyncGenerator<Uint8Array> {
    yield* inPieces(bytes);
    hanging.resolve();
    await end.promise;
  }
  return { body: body(), hanging: hanging.promise, finish: () => end.resolve() };
}

/** Short text for a failure message about bytes. */
export function fingerprint(bytes: Uint8Array): string {
  return `${bytes.byteLength} bytes, sha256 ${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}`;
}
