import type { ServerResponse } from 'node:http';
import type { Clock } from '@onrecord/core';

/**
 * What goes wrong with the body of an answer whose work is done and whose headers are the right ones:
 * - `dropAfterBytes`: that many bytes, then a reset;
 * - `lengthOff`: a `content-length` that is wrong by so many bytes; above 0 the connection ends before it is reached,
 *   below 0 the body is as short as that and nothing tells;
 * - `pieceBytes`: pieces of that many bytes, `pieceDelayMs` of the simulator's clock after each.
 */
export type BodyFault =
  | { readonly dropAfterBytes: number }
  | { readonly lengthOff: number }
  | { readonly pieceBytes: number; readonly pieceDelayMs: number };

/** An answer's head, and its body in blocks; the headers tell its length. */
export interface BlockAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | string[]>>;
  readonly blocks: Iterable<Uint8Array>;
}

/** Sends `answer` as `fault` says. @returns whether the client was sent all of it. */
export async function sendFaultyBody(
  response: ServerResponse,
  clock: Clock,
  answer: BlockAnswer,
  fault: BodyFault,
): Promise<boolean> {
  const { status, headers, blocks } = answer;
  if ('lengthOff' in fault) {
    const length = Math.max(0, Number(headers['content-length']) + fault.lengthOff);
    response.writeHead(status, { ...headers, 'content-length': length, connection: 'close' });
    await sendFirst(response, blocks, length);
    response.socket?.end();
    return false;
  }
  response.writeHead(status, { ...headers });
  response.flushHeaders();
  if ('dropAfterBytes' in fault) {
    await sendFirst(response, blocks, fault.dropAfterBytes);
    response.destroy();
    return false;
  }
  for (const piece of pieces(blocks, fault.pieceBytes)) {
    if (response.destroyed) return false;
    await write(response, piece);
    await clock.delay(fault.pieceDelayMs);
  }
  if (response.destroyed) return false;
  response.end();
  return true;
}

async function sendFirst(response: ServerResponse, blocks: Iterable<Uint8Array>, count: number): Promise<void> {
  let left = count;
  for (const block of blocks) {
    if (left <= 0) return;
    await write(response, block.subarray(0, left));
    left -= block.byteLength;
  }
}

function* pieces(blocks: Iterable<Uint8Array>, size: number): Generator<Uint8Array> {
  for (const block of blocks) {
    for (let from = 0; from < block.byteLength; from += size) yield block.subarray(from, from + size);
  }
}

/** Resolves when the bytes have left, or the connection is gone. */
function write(response: ServerResponse, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => response.write(bytes, () => resolve()));
}
