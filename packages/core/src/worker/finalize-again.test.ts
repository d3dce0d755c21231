import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RecordingDriver } from '../driver/driver.ts';
import { Scene } from './testing/scene.ts';

let scene: Scene;
let asked: unknown[];
beforeEach(() => {
  scene = new Scene();
  asked = [];
});
afterEach(() => scene[Symbol.dispose]());

/** A part that is over, and a worker whose driver notes for what it is asked to finish it. */
async function over(during: (times: number, id: string) => Promise<void> = async () => {}) {
  const id = await scene.recording();
  await scene.ask(id, 'stop');
  await scene.ticks(scene.asking(), 1_000);
  const changes: Partial<RecordingDriver> = {
    async doFinalize({ facts }) {
      asked.push(facts?.['finalizeFor']);
      await during(asked.length, id);
      return { kind: 'done', reports: [] };
    },
  };
  const worker = scene.worker({ instances: { main: { driver: scene.driver(changes) } } });
  return { id, tick: () => scene.ticks(worker, 5_000) };
}

const more = (id: string, finalizeFor: string) => scene.seeing(id, { facts: { finalizeFor } });

test('a part is finished once, unless its driver learns of more to look at', async () => {
  const { id, tick } = await over();
  await tick();
  await tick();
  expect(asked).toEqual([undefined]);
  for (const word of ['first', 'second']) {
    await more(id, word);
    await tick();
    await tick();
  }
  expect(asked).toEqual([undefined, 'first', 'second']);
});

test('what was finished before and is told of again is finished again, once', async () => {
  const { id, tick } = await over();
  for (const word of ['first', 'second', 'first']) {
    await more(id, word);
    await tick();
    await tick();
  }
  expect(asked).toEqual(['first', 'second', 'first']);
});

test('what is learnt while the driver is at it is not taken for looked at', async () => {
  const { id, tick } = await over(async (times, session) => {
    if (times === 1) await more(session, 'late');
  });
  await more(id, 'early');
  await tick();
  await tick();
  expect(asked).toEqual(['early', 'late']);
});
