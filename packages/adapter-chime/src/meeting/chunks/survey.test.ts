import { encodeMp4Audio } from '@onrecord/simulator';
import { expect, test } from 'vitest';
import { formatChunkKey } from './chunk-key.ts';
import type { ChunkSource } from './chunk-source.ts';
import { nothingSurveyed, type Survey, surveyChunks } from './survey.ts';

const began = Date.UTC(2026, 0, 5, 9);
const signal = new AbortController().signal;
const sound = await encodeMp4Audio(new Int16Array(8_000), 8_000);

function folderOf(chunks: readonly Uint8Array[]): ChunkSource {
  const files = new Map(
    chunks.map((bytes, index) => [`m/${formatChunkKey({ stream: 'audio', startMs: began + index * 1_000 })}`, bytes]),
  );
  files.set('m/audio/notes.txt', new Uint8Array(3));
  return {
    async *list(prefix) {
      for (const [key, bytes] of files) if (key.startsWith(prefix)) yield { key, bytes: bytes.length };
    },
    async open(key, { range }) {
      const bytes = files.get(key) ?? new Uint8Array(0);
      return range ? bytes.subarray(range.first, range.last + 1) : bytes;
    },
  };
}

test.each([1, 3, 8, 100])(
  'looks into every chunk once, %i at a time, and says how many cannot be read',
  async (limit) => {
    const damaged = new TextEncoder().encode('<Error>Internal</Error>'.repeat(20));
    const source = folderOf([
      sound,
      sound,
      damaged,
      sound,
      new Uint8Array(0),
      ...Array.from({ length: 15 }, () => sound),
    ]);
    let survey: Survey = nothingSurveyed;
    let steps = 0;
    for (let done = false; !done; steps++)
      ({ survey, done } = await surveyChunks(source, 'm/audio/', survey, { limit, signal }));
    expect(survey).toMatchObject({ chunks: 20, unreadable: 2, audioMs: 18_000 });
    expect(steps).toBeGreaterThanOrEqual(Math.floor(20 / Math.max(limit, 8)));
  },
);

test('of an empty folder is done at once', async () => {
  expect(await surveyChunks(folderOf([]), 'm/audio/', nothingSurveyed, { limit: 5, signal })).toEqual({
    survey: nothingSurveyed,
    done: true,
  });
});
