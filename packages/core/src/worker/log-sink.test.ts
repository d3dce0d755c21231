import { afterEach, beforeEach, expect, test } from 'vitest';
import { Scene } from './testing/scene.ts';

let scene: Scene;

beforeEach(() => {
  scene = new Scene();
});

afterEach(() => scene[Symbol.dispose]());

async function ended(endReason: 'lost' | 'storage-error' | 'requested'): Promise<string> {
  const id = await scene.recording();
  await scene.seeing(id, { ended: true, endReason });
  await scene.ticks(scene.worker(), 1_000);
  return id;
}

const recordingLines = () => scene.log.filter((line) => line.includes('recording: '));

test.each(['lost', 'storage-error'] as const)(
  'a recording that ends as %s is told of in the log, once',
  async (reason) => {
    await ended(reason);
    await scene.ticks(scene.worker(), 5_000);
    expect(recordingLines()).toEqual([
      expect.stringMatching(/"endReason".*it failed/),
      expect.stringContaining('no file of it is there'),
    ]);
  },
);

test('a recording that ends as it should is not told of', async () => {
  await ended('requested');
  expect(recordingLines()).toEqual([]);
});
