import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DriverContext, RecordingDriver } from '../driver/driver.ts';
import type { MediaExpectation } from '../report/report.ts';
import { Storage } from '../storage/index.ts';
import type { StorageDriver } from '../storage/storage-driver.ts';
import { Scene, wav } from './testing/scene.ts';

let scene: Scene;
const minute = 60_000;
const hour = 60 * minute;

beforeEach(() => {
  scene = new Scene();
});
afterEach(() => scene[Symbol.dispose]());

const place = () => scene.landing.uriOf('in/one/');

/** A recording that may leave several files at its place. */
async function recording(changes: Partial<MediaExpectation> = {}): Promise<string> {
  const id = await scene.recording();
  const expects = [{ prefix: place(), role: 'master', container: 'wav', several: true, ...changes }] as const;
  await scene.seeing(id, { expects });
  return id;
}

/** The same, over. */
async function ended(changes: Partial<MediaExpectation> = {}): Promise<string> {
  const id = await recording(changes);
  await scene.seeing(id, { ended: true });
  return id;
}

async function put(name: string, ms = 100): Promise<string> {
  async function* body() {
    yield wav(ms);
  }
  const { uri } = await new Storage(scene.landing).put(`in/${name}`, body());
  return uri;
}

/** The landing store, and how often it was asked to list. */
function counted() {
  const asked: number[] = [];
  const store: StorageDriver = new Proxy(scene.landing, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...parameters: unknown[]): unknown => {
        if (name === 'doList') asked.push(scene.clock.now());
        return Reflect.apply(member, target, parameters);
      };
    },
  });
  return { asked, store };
}

function worker(landing: StorageDriver = scene.landing, changes: Partial<RecordingDriver> = {}) {
  return scene.worker({ instances: { main: { driver: scene.driver(changes), landing } } });
}

const masters = async (id: string) =>
  (await scene.record(id)).snapshot.artifacts.filter(({ role }) => role === 'master').map(({ source }) => source);

describe('where a recording may leave several files', () => {
  test('one that is there does not say that it is over, and nobody looks before it is', async () => {
    const id = await recording();
    await put('one/0.wav');
    const { asked, store } = counted();
    await scene.ticks(worker(store), 10 * minute, 5_000);
    expect([await scene.state(id), asked, await masters(id)]).toEqual(['recording', [], []]);
  });

  test('they are told together, and the session completes, when nothing new has come for a while', async () => {
    const id = await ended();
    const own = worker();
    const first = await put('one/0.wav');
    await scene.ticks(own, 3 * minute, 5_000);
    const second = await put('one/1.wav');
    await scene.ticks(own, 1.5 * minute, 5_000);
    expect([await scene.state(id), await masters(id)]).toEqual(['processing', []]);
    await scene.ticks(own, 2 * minute, 5_000);
    expect(await masters(id)).toEqual([first, second]);
    expect((await scene.record(id)).snapshot).toMatchObject({ state: 'completed', verdict: 'present' });
    expect((await scene.record(id)).parts[0]?.facts).toMatchObject({ landed: true });
  });

  test('the tenth comes behind the ninth, and files of other recordings are not among them', async () => {
    const id = await ended();
    const uris: string[] = [];
    for (const index of [10, 9, 1, 0]) uris.unshift(await put(`one/${index}-audio.wav`));
    await put('one-more/0-audio.wav');
    await put('one/0-metadata.json');
    await scene.ticks(worker(), 6 * minute, 5_000);
    expect(await masters(id)).toEqual(uris);
  });

  test('a process that begins anew goes by what the one before it saw', async () => {
    const id = await ended();
    const uri = await put('one/0.wav');
    // Each look is made by another process, as by a function that a timer calls.
    for (let look = 0; look < 12; look++) await scene.ticks(worker(), 30_000, 30_000);
    expect([await scene.state(id), await masters(id)]).toEqual(['completed', [uri]]);
  });

  test('what an event told of is not told again, and what it left out is', async () => {
    const id = await ended();
    const [first, second] = [await put('one/0.wav'), await put('one/1.wav')];
    await scene.seeing(id, { media: [{ key: first, uri: first, role: 'master', container: 'wav', index: 0 }] });
    await scene.ticks(worker(), 6 * minute, 5_000);
    const { snapshot, reports, transfers } = await scene.record(id);
    expect(await masters(id)).toEqual([first, second]);
    expect(snapshot).toMatchObject({ state: 'completed', verdict: 'present' });
    const told = reports.flatMap(({ seen }) => seen.media ?? []).filter(({ role }) => role === 'master');
    expect(told.map(({ uri, index }) => [uri, index])).toEqual([
      [first, 0],
      [second, 1],
    ]);
    expect(transfers.map(({ state }) => state)).toEqual(['stored', 'stored', 'stored']);
  });

  test('an event that comes afterwards changes nothing', async () => {
    const id = await ended();
    const uri = await put('one/0.wav');
    await scene.ticks(worker(), 6 * minute, 5_000);
    const before = await scene.record(id);
    await scene.seeing(id, { ended: true, media: [{ key: uri, uri, role: 'master', container: 'wav', index: 0 }] });
    await scene.ticks(worker(), 6 * minute, 5_000);
    const after = await scene.record(id);
    const media = ({ snapshot }: typeof before) => snapshot.artifacts.filter(({ role }) => role !== 'manifest');
    expect([media(after), after.snapshot.verdict]).toEqual([media(before), 'present']);
    expect(after.transfers[0]).toEqual(before.transfers[0]);
    expect(after.transfers).toHaveLength(2);
    expect(after.dueAt).toBeUndefined();
  });

  test('nobody looks where the driver has finished the part in time', async () => {
    const id = await ended();
    const uri = await put('one/0.wav');
    await scene.seeing(id, { media: [{ key: uri, uri, role: 'master', container: 'wav' }] });
    const { asked, store } = counted();
    const doFinalize = async () => ({ kind: 'done', reports: [] }) as const;
    await scene.ticks(worker(store, { doFinalize }), hour, 30_000);
    expect([await scene.state(id), asked]).toEqual(['completed', []]);
  });

  test('nor where it finished what an event gave it to look at, though the file is moved away', async () => {
    const id = await scene.recording({ archive: { mode: 'move' } });
    const uri = await put('one/0.wav');
    const expects = [{ prefix: place(), role: 'master', container: 'wav', several: true }] as const;
    const media = [{ key: uri, uri, role: 'master', container: 'wav' }] as const;
    await scene.seeing(id, { expects, ended: true, media, facts: { finalizeFor: uri } });
    const { asked, store } = counted();
    const doFinalize = async () => ({ kind: 'done', reports: [] }) as const;
    await scene.ticks(worker(store, { doFinalize }), hour, 30_000);
    expect([await scene.state(id), asked]).toEqual(['completed', []]);
    expect((await scene.record(id)).dueAt).toBeUndefined();
  });

  test('looks become rare where nothing comes, and end with the recording lost', async () => {
    const id = await ended();
    const { asked, store } = counted();
    const own = worker(store);
    await scene.ticks(own, hour, 10_000);
    expect(asked.length).toBeLessThan(50);
    expect(await scene.record(id)).toMatchObject({ snapshot: { state: 'processing', verdict: 'missing' } });
    await scene.ticks(own, 49 * hour, 10 * minute);
    expect((await scene.record(id)).snapshot).toMatchObject({ state: 'failed', endReason: 'lost', verdict: 'missing' });
    expect(asked.length).toBeLessThan(400);
    expect((await scene.record(id)).dueAt).toBeUndefined();
  });

  test('a recording whose files lie elsewhere after all is complete, and waits for nothing', async () => {
    const id = await ended();
    const uri = 'https://provider.example/files/1';
    scene.provider.files.set(uri, wav(100));
    await scene.seeing(id, { media: [{ key: uri, uri, role: 'master', container: 'wav' }] });
    await scene.ticks(worker(), 15 * minute, 5_000);
    expect((await scene.record(id)).snapshot).toMatchObject({ state: 'completed', verdict: 'present', anomalies: [] });
  });

  test('a place that nobody has registered is missing, and never lost', async () => {
    const id = await ended({ prefix: 'azblob://elsewhere/recordings/' });
    await scene.ticks(worker(), 60 * hour, hour / 2);
    expect((await scene.record(id)).snapshot).toMatchObject({ state: 'processing', verdict: 'missing' });
  });
});

test('a driver that finishes a part lists what its provider left in the landing store, and in no other place', async () => {
  await put('one/0.wav');
  await put('one/0.json');
  await put('two/0.wav');
  await ended();
  const listed: unknown[] = [];
  const doFinalize = async (_part: unknown, _step: unknown, { listLanded, signal }: DriverContext) => {
    for (const prefix of [place(), 'https://provider.example/', 'file:///etc/']) {
      const keys: string[] = [];
      const objects = listLanded?.(prefix, { signal });
      for await (const { key } of objects ?? []) keys.push(key);
      listed.push(objects && keys);
    }
    return { kind: 'done', reports: [] } as const;
  };
  await scene.ticks(worker(scene.landing, { doFinalize }), 1_000);
  expect(listed).toEqual([['in/one/0.json', 'in/one/0.wav'], undefined, undefined]);
});
