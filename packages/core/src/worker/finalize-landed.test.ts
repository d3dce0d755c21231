import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DriverContext, RecordingDriver } from '../driver/driver.ts';
import { Storage } from '../storage/index.ts';
import { Scene } from './testing/scene.ts';

let scene: Scene;
beforeEach(() => {
  scene = new Scene();
});
afterEach(() => scene[Symbol.dispose]());

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** What a driver reads in `doFinalize`, by URI. */
async function read(uris: readonly string[], landing = true): Promise<readonly (string | undefined)[]> {
  const id = await scene.recording();
  await scene.ask(id, 'stop');
  await scene.ticks(scene.asking(), 1_000);
  const found: (string | undefined)[] = [];
  const changes: Partial<RecordingDriver> = {
    async doFinalize(_part, _step, { openLanded, signal }: DriverContext) {
      for (const uri of uris) {
        const opened = await openLanded?.(uri, { first: 2, signal });
        const pieces: Uint8Array[] = [];
        for await (const piece of opened?.body ?? []) pieces.push(piece);
        found.push(opened && `${opened.bytes} ${opened.contentType} ${Buffer.concat(pieces).toString()}`);
      }
      return { kind: 'done', reports: [] };
    },
  };
  const main = { driver: scene.driver(changes), ...(landing ? { landing: scene.landing } : {}) };
  await scene.ticks(scene.worker({ instances: { main } }), 2_000);
  return found;
}

test('a driver that finishes a part reads what its provider left in the landing store, and in no other place', async () => {
  const { uri } = await new Storage(scene.landing).put('metadata.json', once(Buffer.from('{"a":1}')), {
    contentType: 'application/json',
  });
  expect(await read([uri, 'https://provider.example/metadata.json', 'file:///etc/passwd'])).toEqual([
    '7 application/json a":1}',
    undefined,
    undefined,
  ]);
});

test('without a landing store there is nothing to be read', async () => {
  expect(await read(['mem://landing/metadata.json'], false)).toEqual([undefined]);
});
