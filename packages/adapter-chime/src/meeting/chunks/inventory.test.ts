import { SimulatedS3 } from '@onrecord/simulator';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatChunkKey } from './chunk-key.ts';
import type { ChunkSource, ListedObject } from './chunk-source.ts';
import { keptGaps, keptLast, streamOf, takeInventory } from './inventory.ts';
import { S3ChunkSource } from './s3-chunk-source.ts';

const began = Date.UTC(2026, 0, 5, 9);
const rule = { signal: new AbortController().signal, chunkMs: 5_000, gapToleranceMs: 1_000 };

function listing(objects: readonly ListedObject[]): ChunkSource {
  const sorted = objects.toSorted((left, right) => (left.key < right.key ? -1 : 1));
  return {
    async *list(prefix) {
      yield* sorted.filter(({ key }) => key.startsWith(prefix));
    },
    open: async () => new Uint8Array(0),
  };
}

const chunk = (index: number, bytes = 10, stream: 'audio' | 'video' = 'audio', attendeeId?: string): ListedObject => ({
  key: `m/s/p1/${formatChunkKey({ stream, startMs: began + index * 5_000, attendeeId })}`,
  bytes,
});
const inventoryOf = (objects: readonly ListedObject[]) => takeInventory(listing(objects), 'm/s/p1', rule);

describe('an inventory', () => {
  test('tells each stream with its ends, its bytes and its gaps', async () => {
    const present = [0, 1, 2, 5, 6];
    const inventory = await inventoryOf([
      ...present.map((index) => chunk(index)),
      ...[2, 3].map((index) => chunk(index, 7, 'video', 'ann')),
      ...[0, 1].map((index) => chunk(index, 7, 'video', 'bob')),
    ]);
    expect(streamOf(inventory, 'audio')).toMatchObject({
      chunks: 5,
      bytes: 50,
      firstMs: began,
      lastMs: began + 30_000,
      gaps: [{ fromMs: began + 15_000, toMs: began + 25_000 }],
      gapCount: 1,
      missingMs: 10_000,
    });
    expect(
      inventory.streams.flatMap(({ attendeeId, firstMs }) => (attendeeId ? [[attendeeId, firstMs - began]] : [])),
    ).toEqual([
      ['bob', 0],
      ['ann', 10_000],
    ]);
  });

  test('takes a chunk of no bytes for a missing one', async () => {
    const audio = streamOf(await inventoryOf([0, 1, 2, 3].map((index) => chunk(index, index === 1 ? 0 : 10))), 'audio');
    expect(audio).toMatchObject({ chunks: 3, empty: 1, missingMs: 5_000 });
  });

  test('keeps the last chunks, for the end of the meeting is read from them', async () => {
    const audio = streamOf(await inventoryOf(Array.from({ length: 10 }, (_, index) => chunk(index))), 'audio');
    expect(audio?.last).toEqual([7, 8, 9].map((index) => chunk(index)));
    expect(audio?.last).toHaveLength(keptLast);
  });

  test('lists what it does not know, and leaves out what is said to be none of the capture', async () => {
    const stray = { key: 'm/s/p1/notes.txt', bytes: 1 };
    const result = { key: 'm/s/p1/concat/audio/x.mp4', bytes: 1 };
    const source = listing([stray, result, chunk(0)]);
    const { unknown, streams } = await takeInventory(source, 'm/s/p1', { ...rule, except: 'concat/' });
    expect(unknown).toEqual({ count: 1, keys: [stray.key] });
    expect(streams).toHaveLength(1);
  });

  test('of another part is never looked at', async () => {
    const { streams } = await inventoryOf([{ ...chunk(0), key: chunk(0).key.replace('p1', 'p10') }]);
    expect(streams).toEqual([]);
  });

  test('counts every chunk and every millisecond, whichever chunks are missing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.nat(400), { minLength: 1, maxLength: 120 }), async (indices) => {
        const audio = streamOf(await inventoryOf(indices.map((index) => chunk(index))), 'audio');
        const span = 5_000 * (Math.max(...indices) - Math.min(...indices) + 1);
        expect(audio?.chunks).toBe(indices.length);
        expect(span - (audio?.missingMs ?? 0)).toBe(indices.length * 5_000);
      }),
      { numRuns: 50 },
    );
  });

  test('stays small, however many gaps there are', async () => {
    const audio = streamOf(await inventoryOf(Array.from({ length: 500 }, (_, index) => chunk(index * 3))), 'audio');
    expect(audio).toMatchObject({ gapCount: 499, missingMs: 499 * 10_000 });
    expect(audio?.gaps).toHaveLength(keptGaps);
  });

  test('asks S3 for each page of its listing once', async () => {
    await using s3 = await SimulatedS3.start({ buckets: ['recordings'] });
    for (let index = 0; index < 2_500; index++) s3.put('recordings', chunk(index).key, new Uint8Array(1));
    const source = new S3ChunkSource({ ...s3.clientConfig(), bucket: 'recordings' });
    const inventory = await takeInventory(source, 'm/s/p1', rule);
    expect(streamOf(inventory, 'audio')?.chunks).toBe(2_500);
    expect(s3.requests().map(({ operation }) => operation)).toEqual([
      'ListObjectsV2',
      'ListObjectsV2',
      'ListObjectsV2',
    ]);
    await source.close();
  });
});
