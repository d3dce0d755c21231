import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { commit } from '../engine/commit.ts';
import { Scene, wav } from './testing/scene.ts';

let scene: Scene;
const none = { archive: { mode: 'none' } } as const;

beforeEach(() => {
  scene = new Scene();
});

afterEach(() => scene[Symbol.dispose]());

describe('the lease of a record', () => {
  test('is renewed while a look takes long, so that no other worker joins in', async () => {
    const id = await scene.session(none);
    await scene.send(id);
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const plain = scene.driver();
    const driver = scene.driver({
      async doStatus(...args) {
        await released;
        return plain.doStatus!(...args);
      },
    });
    const slow = scene.worker({ instances: { main: { driver } }, intervals: { requestMs: 600_000 } });
    const running = slow.tick();
    await scene.clock.advance(300_000);
    expect(await scene.worker().tick()).toEqual({ sessions: 0, failures: 0 });
    release();
    await scene.clock.until(running);
    expect(await scene.state(id)).toBe('recording');
    expect((await scene.record(id)).lease).toBeUndefined();
  });

  test('of another worker is left alone by one that lost its own', async () => {
    const id = await scene.recording(none);
    const plain = scene.driver();
    const driver = scene.driver({
      async doStatus(...args) {
        const until = new Date(scene.clock.now() + 60_000).toISOString();
        await commit(scene.store, id, (before) => ({ ...before, lease: { owner: 'somebody else', until } }));
        return plain.doStatus!(...args);
      },
    });
    await scene.clock.advance(60_000);
    await scene.worker({ instances: { main: { driver } } }).tick();
    expect((await scene.record(id)).lease?.owner).toBe('somebody else');
  });
});

test('a tick looks at everything that is due, however little is taken at once', async () => {
  const ids: string[] = [];
  for (let index = 0; index < 7; index++) {
    const id = await scene.session(none);
    await scene.send(id);
    ids.push(id);
  }
  expect(await scene.worker({ concurrency: 2 }).tick()).toMatchObject({ sessions: 7, failures: 0 });
  for (const id of ids) expect(await scene.state(id)).toBe('recording');
});

test('a tick finishes what it begins: file, manifest and events', async () => {
  const { id } = await scene.finished(wav(100));
  await scene.clock.advance(5_000);
  await scene.worker().tick();
  expect(await scene.state(id)).toBe('completed');
  expect(scene.told()).toContain('artifact.stored');
  expect(scene.told()).toContain('recording.completed');
  expect(await scene.record(id)).toMatchObject({ outbox: [] });
  await scene.ticks(scene.worker(), 1_000);
  expect((await scene.record(id)).dueAt).toBeUndefined();
});

test('a file that takes an hour holds up neither its own session nor any other', async () => {
  const { id } = await scene.finished(wav(100), { emulate: ['pause-by-segments'] });
  const other = await scene.recording(none);
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const plain = scene.driver();
  const driver = scene.driver({
    async doOpenArtifact(...args) {
      await released;
      return plain.doOpenArtifact!(...args);
    },
  });
  const stop = new AbortController();
  const intervals = { requestMs: 7_200_000 };
  const worker = scene.worker({ instances: { main: { driver } }, intervals, concurrency: 1, transfers: 1 });
  const running = worker.run({ signal: stop.signal });
  await scene.clock.advance(10_000);
  await scene.ask(other, 'pause');
  await scene.clock.advance(2_000);
  expect(await scene.state(other)).toBe('paused');
  const told = scene.delivered.filter(({ subject }) => subject === id).length;
  expect(told).toBeGreaterThan(0);
  release();
  await scene.clock.advance(5_000);
  expect(await scene.state(id)).toBe('completed');
  stop.abort();
  await scene.clock.until(running);
});

test('reports that overtook their session are taken in by whoever looks at it first', async () => {
  const id = await scene.session(none);
  const at = new Date(scene.clock.now()).toISOString();
  await scene.store.park({
    key: `correlation/${id}.p1`,
    report: {
      reportId: 'early',
      subject: { correlation: `${id}.p1` },
      seen: { capturing: true, handle: 'h' },
      cause: { unattributed: true },
      clock: { domain: 'none' },
      via: 'push',
      receivedAt: at,
    },
    expiresAt: new Date(scene.clock.now() + 3_600_000).toISOString(),
  });
  await scene.worker().tick();
  expect((await scene.record(id)).parts[0]?.handle).toBe('h');
});

test('a store that cannot be read for a while ends nothing and is not asked in a loop', async () => {
  const id = await scene.session(none);
  await scene.send(id);
  const claimDue = scene.store.claimDue.bind(scene.store);
  let claims = 0;
  scene.store.claimDue = async () => {
    claims += 1;
    throw new Error('EIO');
  };
  const stop = new AbortController();
  const running = scene.worker().run({ signal: stop.signal });
  await scene.clock.advance(30_000);
  expect(claims).toBeLessThanOrEqual(31);
  scene.store.claimDue = claimDue;
  await scene.clock.advance(3_000);
  expect(await scene.state(id)).toBe('recording');
  stop.abort();
  await scene.clock.until(running);
});
