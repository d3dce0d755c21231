import { expect, test } from 'vitest';
import { Closing } from './closing.ts';

test('closes the last first, each once, and the others although one fails', async () => {
  const closed: string[] = [];
  const closing = new Closing();
  closing.use({
    [Symbol.asyncDispose]: async () => {
      closed.push('first');
    },
  });
  closing.defer(() => {
    throw new Error('It is stuck.');
  });
  closing.defer(() => closed.push('last'));
  await expect(closing[Symbol.asyncDispose]()).rejects.toThrow('It is stuck.');
  expect(closed).toEqual(['last', 'first']);
  await closing[Symbol.asyncDispose]();
  expect(closed).toEqual(['last', 'first']);
});

test('closes nothing that went to another owner', async () => {
  const closed: string[] = [];
  const starting = new Closing();
  starting.defer(() => closed.push('server'));
  const running = starting.move();
  await starting[Symbol.asyncDispose]();
  expect(closed).toEqual([]);
  await running[Symbol.asyncDispose]();
  expect(closed).toEqual(['server']);
});
