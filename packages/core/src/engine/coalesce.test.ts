import { expect, test } from 'vitest';
import { coalesce } from './coalesce.ts';

/** Work that ends when it is told to. */
function controlled() {
  const runs: { readonly name: string; readonly end: (error?: Error) => void }[] = [];
  const work = coalesce(
    (name) =>
      new Promise<string>((resolve, reject) => {
        const ordinal = runs.length + 1;
        runs.push({ name, end: (error) => (error ? reject(error) : resolve(`${name} ${ordinal}`)) });
      }),
  );
  return { runs, work };
}

test('wishes that come while the work runs share one more run, and get what came of that', async () => {
  const { runs, work } = controlled();
  const first = work('a');
  const later = [work('a'), work('a'), work('a')];
  expect(runs).toHaveLength(1);
  runs[0]?.end();
  expect(await first).toBe('a 1');
  expect(runs).toHaveLength(2);
  runs[1]?.end();
  expect(await Promise.all(later)).toEqual(['a 2', 'a 2', 'a 2']);
  const last = work('a');
  runs[2]?.end();
  expect(await last).toBe('a 3');
});

test('names do not wait for each other, and a run that fails holds back none that follows', async () => {
  const { runs, work } = controlled();
  const failing = work('a');
  const next = work('a');
  const other = work('b');
  expect(runs.map(({ name }) => name)).toEqual(['a', 'b']);
  runs[0]?.end(new Error('gone'));
  await expect(failing).rejects.toThrow('gone');
  runs[2]?.end();
  expect(await next).toBe('a 3');
  runs[1]?.end();
  expect(await other).toBe('b 2');
});
