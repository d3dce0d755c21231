import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blocksOf, splitBody } from './blocks.ts';
import { Pool } from './pool.ts';
import { PutSource } from './put-source.ts';

const signal = new AbortController().signal;

async function* pieces(list: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* list;
}

async function all(blocks: AsyncIterable<Uint8Array>): Promise<readonly Uint8Array[]> {
  const found: Uint8Array[] = [];
  for await (const block of blocks) found.push(block);
  return found;
}

const anyPieces = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 });
const anySize = fc.integer({ min: 1, max: 50 });

test('blocks hold the same bytes as the pieces, each of the size asked for but the last', async () => {
  await fc.assert(
    fc.asyncProperty(anyPieces, anySize, async (list, size) => {
      const blocks = await all(blocksOf(pieces(list), size));
      expect(Buffer.concat(blocks)).toEqual(Buffer.concat(list));
      for (const block of blocks.slice(0, -1)) expect(block.byteLength).toBe(size);
      expect(blocks.every((block) => block.byteLength > 0 && block.byteLength <= size)).toBe(true);
    }),
  );
});

test('a body is taken as whole exactly when it fits into one block', async () => {
  await fc.assert(
    fc.asyncProperty(anyPieces, anySize, async (list, size) => {
      const split = await splitBody(new PutSource(pieces(list), { signal }), size);
      const content = Buffer.concat(list);
      expect('whole' in split).toBe(content.byteLength <= size);
      const got = 'whole' in split ? split.whole : Buffer.concat(await all(split.blocks));
      expect(got).toEqual(content);
    }),
  );
});

test('a source gives its last piece only after it has ended well', async () => {
  const given: number[] = [];
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield Buffer.of(1);
    yield Buffer.of(2);
    throw new Error('no');
  }
  const source = new PutSource(failing(), { signal });
  const reading = (async () => {
    for await (const piece of source) given.push(...piece);
  })();
  await expect(reading).rejects.toThrow('no');
  expect(given).toEqual([1]);
  expect(source).toMatchObject({
    ended: false,
    received: 2,
    failure: { error: expect.objectContaining({ message: 'no' }) },
  });
});

test('a pool never runs more than its limit, and starts nothing after a failure', async () => {
  const pool = new Pool(3);
  let running = 0;
  let most = 0;
  let started = 0;
  const work = async () => {
    started += 1;
    const mine = started;
    running += 1;
    most = Math.max(most, running);
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    running -= 1;
    if (mine === 10) throw new Error('the tenth fails');
  };
  const adding = (async () => {
    for (let index = 0; index < 100; index++) await pool.add(work);
  })();
  await expect(adding).rejects.toThrow('the tenth fails');
  await pool.settled();
  expect(most).toBe(3);
  expect(running).toBe(0);
  expect(started).toBeLessThan(15);
  await expect(pool.drain()).rejects.toThrow('the tenth fails');
});
