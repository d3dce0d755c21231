import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PartTarget, RecordingDriver } from '../driver/driver.ts';
import { Scene } from './testing/scene.ts';

let scene: Scene;
let finalized: PartTarget[];
beforeEach(() => {
  scene = new Scene();
  finalized = [];
});
afterEach(() => scene[Symbol.dispose]());

/** Nothing was captured: the provider tells of a failure before anybody asks. */
async function failed(facts: Record<string, boolean>): Promise<string> {
  const id = await scene.session();
  await scene.send(id);
  await scene.seeing(id, { ended: true, endReason: 'provider-error', facts });
  const changes: Partial<RecordingDriver> = {
    doFinalize: async (part) => {
      finalized.push(part);
      return finalized.length < 3 ? { kind: 'accepted' } : { kind: 'done', reports: [] };
    },
  };
  await scene.ticks(scene.worker({ instances: { main: { driver: scene.driver(changes) } } }), 120_000, 1_000);
  return id;
}

test('a part that failed is finished where its driver left something to be ended, until that is done', async () => {
  const id = await failed({ unfinished: true });
  const { snapshot, parts } = await scene.record(id);
  expect([snapshot.state, snapshot.parts[0]?.state]).toEqual(['failed', 'failed']);
  expect(finalized.map((part) => part.failed)).toEqual([true, true, true]);
  expect(parts[0]?.facts?.['finalized']).toBe(true);
});

test('a part that failed and left nothing is left alone', async () => {
  await failed({});
  expect(finalized).toEqual([]);
});
