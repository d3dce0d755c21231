import type { PutSource } from './put-source.ts';

/**
 * Regroups a body into blocks of exactly `size` bytes; the last one is shorter, never empty. A body without bytes has no
 * block. At most one block is in memory here.
 */
export async function* blocksOf(body: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Buffer> {
  let pieces: Uint8Array[] = [];
  let gathered = 0;
  for await (const piece of body) {
    let at = 0;
    while (at < piece.byteLength) {
      const part = piece.subarray(at, at + size - gathered);
      pieces.push(part);
      gathered += part.byteLength;
      at += part.byteLength;
      if (gathered < size) continue;
      yield Buffer.concat(pieces, gathered);
      pieces = [];
      gathered = 0;
    }
  }
  if (gathered > 0) yield Buffer.concat(pieces, gathered);
}

/** A body that fits into one block, or its blocks. */
export type SplitBody = { readonly whole: Buffer } | { readonly blocks: AsyncIterable<Buffer> };

/** Reads as far as needed to know whether a source fits into one block of `size` bytes. */
export async function splitBody(source: PutSource, size: number): Promise<SplitBody> {
  const blocks = blocksOf(source, size);
  const { value: first = Buffer.alloc(0) } = await blocks.next();
  const second = source.ended ? await blocks.next() : undefined;
  if (second?.done) return { whole: first };
  return { blocks: chain(second ? [first, second.value] : [first], blocks) };
}

async function* chain(first: readonly Buffer[], rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield* first;
  yield* rest;
}
