import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ObjectFacts, RecordingDriver } from '../driver/driver.ts';
import { OnRecordError } from '../errors/index.ts';
import type { DoPutOptions, ObjectInfo, StorageDriver } from '../storage/storage-driver.ts';
import { putting, Scene, wav } from './testing/scene.ts';

const hour = 3_600_000;
let scene: Scene;
beforeEach(() => {
  scene = new Scene();
});
afterEach(() => scene[Symbol.dispose]());

const describeObject = ({ metadata }: ObjectInfo): ObjectFacts =>
  metadata['seconds'] === undefined ? {} : { durationMs: Number(metadata['seconds']) * 1_000 };

/** A worker that keeps files where they landed, and counts how often it looks at them. */
function worker(changes: Partial<RecordingDriver> = { describeObject }) {
  const heads: string[] = [];
  const failures: Error[] = [];
  const { landing } = scene;
  const counted: StorageDriver = {
    ...putting(landing, (key, body, options) => landing.doPut(key, body, options)),
    async doHead(key, options) {
      heads.push(key);
      const failure = failures.pop();
      if (failure) throw failure;
      return landing.doHead(key, options);
    },
  };
  const instances = { main: { driver: scene.driver(changes), landing: counted } };
  return { heads, failures, worker: scene.worker({ instances, archive: undefined }) };
}

async function* once(bytes: Uint8Array) {
  yield bytes;
}

/** A recording of ten seconds that was stopped, and its file in the landing store. */
async function landed(metadata: DoPutOptions['metadata']) {
  const id = await scene.recording({ archive: { mode: 'none' } });
  await scene.clock.advance(10_000);
  await scene.ask(id, 'stop');
  const { signal } = new AbortController();
  const info = await scene.landing.doPut('in/a.wav', once(wav(10)), { metadata, signal });
  return { id, info };
}

const file = ({ uri, bytes }: Pick<ObjectInfo, 'uri' | 'bytes'>) =>
  ({ key: uri, uri, role: 'master', container: 'wav', bytes }) as const;

test('a file that stays where it landed is as long as its metadata say, though its session is completed', async () => {
  const { id, info } = await landed({ seconds: '3' });
  const { worker: own, heads } = worker();
  await scene.seeing(id, { ended: true, media: [file(info)] });
  expect((await scene.record(id)).snapshot).toMatchObject({ state: 'completed', verdict: 'present' });
  await scene.ticks(own, 60_000);
  const { snapshot } = await scene.record(id);
  expect(snapshot).toMatchObject({ state: 'completed', verdict: 'short', anomalies: [{ code: 'duration-mismatch' }] });
  expect(snapshot.artifacts[0]).toMatchObject({ durationMs: 3_000, bytes: info.bytes });
  expect(heads).toEqual(['in/a.wav']);
});

test('metadata that say nothing are read once', async () => {
  const { id, info } = await landed({});
  const { worker: own, heads } = worker();
  await scene.seeing(id, { ended: true, media: [file(info)] });
  await scene.ticks(own, 3_600_000, 60_000);
  expect(heads).toEqual(['in/a.wav']);
  expect((await scene.record(id)).dueAt).toBeUndefined();
});

// A file that is gone was once looked for a single time and stayed `available`: a lost recording of which nobody knew.
test('a file that is gone is awaited, then missing, and at last looked for no more', async () => {
  const { id, info } = await landed({ seconds: '10' });
  const { worker: own, heads } = worker();
  await scene.landing.doDelete('in/a.wav', { signal: new AbortController().signal });
  await scene.seeing(id, { ended: true, media: [file(info)] });
  await scene.ticks(own, 540_000, 10_000);
  expect((await scene.record(id)).snapshot).toMatchObject({ verdict: 'present', artifacts: [{ state: 'available' }] });
  await scene.ticks(own, 180_000, 10_000);
  const { snapshot, expectations } = await scene.record(id);
  expect(snapshot).toMatchObject({ state: 'completed', verdict: 'missing', artifacts: [{ state: 'missing' }] });
  expect(expectations).toMatchObject([{ state: 'expected', missingSince: expect.any(String) }]);
  for (const name of ['artifact.missing', 'recording.missing'])
    expect(scene.told().filter((told) => told === name)).toEqual([name]);
  await scene.ticks(own, 49 * hour, hour / 2);
  expect((await scene.record(id)).dueAt).toBeUndefined();
  expect(heads.length).toBeLessThan(200);
  expect(scene.told().filter((told) => told.endsWith('.missing'))).toHaveLength(2);
});

test('a file that its store shows late is recovered, and described', async () => {
  const { id, info } = await landed({});
  const { worker: own } = worker();
  await scene.seeing(id, { ended: true, media: [{ ...file(info), key: 'late', uri: `${info.uri}.late` }] });
  await scene.ticks(own, hour, 60_000);
  expect((await scene.record(id)).snapshot.verdict).toBe('missing');
  const metadata = { seconds: '10' };
  await scene.landing.doPut('in/a.wav.late', once(wav(10)), { metadata, signal: new AbortController().signal });
  await scene.ticks(own, hour, 60_000);
  const artifacts = [{ state: 'available', durationMs: 10_000 }];
  expect((await scene.record(id)).snapshot).toMatchObject({ verdict: 'late', artifacts });
  expect(scene.told()).toContain('recording.recovered');
  expect((await scene.record(id)).dueAt).toBeUndefined();
});

test('a worker that comes back after days says that a file is gone', async () => {
  const { id, info } = await landed({});
  await scene.seeing(id, { ended: true, media: [{ ...file(info), key: 'gone', uri: `${info.uri}.gone` }] });
  await scene.clock.advance(72 * hour);
  const { worker: own, heads } = worker();
  await scene.ticks(own, hour, 60_000);
  expect((await scene.record(id)).snapshot.verdict).toBe('missing');
  expect(heads).toEqual(['in/a.wav.gone']);
  expect((await scene.record(id)).dueAt).toBeUndefined();
});

test('a store that fails is asked again', async () => {
  const { id, info } = await landed({ seconds: '10' });
  const { worker: own, failures } = worker();
  failures.push(new Error('not now'));
  await scene.seeing(id, { ended: true, media: [file(info)] });
  await scene.ticks(own, 60_000, 1_000);
  expect((await scene.record(id)).snapshot).toMatchObject({ verdict: 'present', artifacts: [{ durationMs: 10_000 }] });
});

test('a store that never admits us is left alone in the end', async () => {
  const { id, info } = await landed({ seconds: '10' });
  const { worker: own, failures, heads } = worker();
  const refused = () => new OnRecordError('permission-denied', 'You may not look.', { retry: 'never' });
  failures.push(...Array.from({ length: 10_000 }, refused));
  await scene.seeing(id, { ended: true, media: [file(info)] });
  await scene.ticks(own, 47 * hour, hour / 4);
  expect((await scene.record(id)).dueAt).toBeDefined();
  await scene.ticks(own, 2 * hour, hour / 4);
  expect((await scene.record(id)).dueAt).toBeUndefined();
  expect(heads.length).toBeGreaterThan(100);
});

test('a worker that comes back after days looks once all the same', async () => {
  const { id, info } = await landed({ seconds: '3' });
  await scene.seeing(id, { ended: true, media: [file(info)] });
  await scene.clock.advance(72 * hour);
  await scene.ticks(worker().worker, 60_000, 30_000);
  expect((await scene.record(id)).snapshot).toMatchObject({ verdict: 'short', artifacts: [{ durationMs: 3_000 }] });
});

test('nothing is read for a driver that does not know the metadata', async () => {
  const { id, info } = await landed({ seconds: '3' });
  const { worker: own, heads } = worker({});
  await scene.seeing(id, { ended: true, media: [file(info)] });
  await scene.ticks(own, 60_000);
  expect(heads).toEqual([]);
});

test('of two messages about a file the later version stands, in whichever order they come', async () => {
  for (const versions of [
    ['A1', 'A2'],
    ['A2', 'A1'],
  ]) {
    const { id, info } = await landed({});
    for (const version of versions) {
      await scene.clock.advance(1);
      await scene.seeing(id, { ended: true, media: [{ ...file(info), version, bytes: version === 'A2' ? 2 : 1 }] });
    }
    expect((await scene.record(id)).snapshot.artifacts).toMatchObject([{ bytes: 2 }]);
  }
});
