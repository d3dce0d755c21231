import { expect, test } from 'vitest';
import { lane } from './lane.ts';

test('does a few at once, the most urgent first, each once, and tells of those that fail', async () => {
  const done: string[] = [];
  const failed: string[] = [];
  const begun = new Map<string, () => void>();
  const work = lane(2, (_, name) => failed.push(name));
  const job = (name: string, urgency: number) =>
    work.add({
      name,
      urgency,
      run: () =>
        new Promise<void>((resolve, reject) => {
          begun.set(name, () => (name === 'bad' ? reject(new Error('no')) : resolve()));
        }).then(() => void done.push(name)),
    });
  const finish = async (name: string) => {
    begun.get(name)?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  for (const [name, urgency] of [
    ['a', 9],
    ['bad', 8],
    ['late', 7],
    ['soon', 1],
    ['soon', 1],
  ] as const)
    job(name, urgency);
  expect([...begun.keys()]).toEqual(['a', 'bad']);
  await finish('bad');
  expect([...begun.keys()].at(-1)).toBe('soon');
  await finish('a');
  await finish('soon');
  const idle = work.idle();
  await finish('late');
  await idle;
  expect(done).toEqual(['a', 'soon', 'late']);
  expect(failed).toEqual(['bad']);
  await work.idle();
});
