import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RecordingDriver } from '../driver/driver.ts';
import { routeReports } from '../engine/route-reports.ts';
import { OnRecordError } from '../errors/index.ts';
import { correlationOf, type MediaExpectation } from '../report/report.ts';
import type { StorageDriver } from '../storage/storage-driver.ts';
import { Scene, wav } from './testing/scene.ts';

let scene: Scene;
const hour = 3_600_000;

beforeEach(() => {
  scene = new Scene();
});

afterEach(() => scene[Symbol.dispose]());

/** A session that ended, and whose file must turn up at a place. */
async function ended(expected: Partial<MediaExpectation>): Promise<string> {
  const id = await scene.recording();
  const at = new Date(scene.clock.now()).toISOString();
  const report = {
    reportId: `expects/${id}`,
    subject: { correlation: correlationOf(id, 'p1') },
    seen: { ended: true, expects: [{ role: 'master', container: 'wav', ...expected }] },
    cause: { unattributed: true },
    clock: { domain: 'none' },
    via: 'push',
    receivedAt: at,
  } as const;
  await routeReports(scene.store, 'main', [report], scene.clock.now());
  return id;
}

function worker(landing?: StorageDriver, changes: Partial<RecordingDriver> = {}) {
  const main = { driver: scene.driver(changes), ...(landing ? { landing } : {}) };
  return scene.worker({ instances: { main } });
}

async function* body() {
  yield wav(100);
}

const verdict = async (id: string) => (await scene.record(id)).snapshot.verdict;

test('a file that a store was asked for and has not is missing, then lost', async () => {
  const id = await ended({ uri: scene.landing.uriOf('in/a.wav') });
  const own = worker(scene.landing);
  await scene.ticks(own, 660_000, 30_000);
  expect(await verdict(id)).toBe('missing');
  expect((await scene.record(id)).expectations[0]).toMatchObject({ state: 'expected', by: expect.any(String) });
  await scene.ticks(own, 49 * hour, hour / 2);
  expect((await scene.record(id)).snapshot).toMatchObject({ state: 'failed', endReason: 'lost' });
  expect((await scene.record(id)).dueAt).toBeUndefined();
});

test('a file in a store that cannot be reached is missing, and never lost', async () => {
  const id = await ended({ uri: scene.landing.uriOf('in/a.wav') });
  const closed: StorageDriver = {
    type: 'memory',
    scheme: 'mem',
    capabilities: scene.landing.capabilities,
    uriOf: (key) => scene.landing.uriOf(key),
    keyOf: (uri) => scene.landing.keyOf(uri),
    doPut: (...args) => scene.landing.doPut(...args),
    doGet: (...args) => scene.landing.doGet(...args),
    doHead: async () => {
      throw new OnRecordError('permission-denied', 'The credentials have expired.');
    },
    doDelete: (...args) => scene.landing.doDelete(...args),
    doList: (...args) => scene.landing.doList(...args),
    classifyError: (error) => scene.landing.classifyError(error),
    native: () => undefined,
    close: async () => {},
  };
  await scene.ticks(worker(closed), 60 * hour, hour / 2);
  expect(await scene.state(id)).toBe('processing');
  expect(await verdict(id)).toBe('missing');
  await scene.landing.doPut('in/a.wav', body(), { signal: new AbortController().signal });
  await scene.ticks(worker(scene.landing), hour, 60_000);
  expect((await scene.record(id)).snapshot).toMatchObject({ state: 'completed', verdict: 'late' });
});

test('a file in a store that nobody has registered is missing, and never lost', async () => {
  const id = await ended({ uri: 's3://elsewhere/in/a.wav' });
  await scene.ticks(worker(scene.landing), 60 * hour, hour / 2);
  expect(await scene.state(id)).toBe('processing');
  expect(await verdict(id)).toBe('missing');
});

test('a provider that cannot be asked to finish a file has not denied it', async () => {
  const id = await ended({});
  const doFinalize = async () => {
    throw new OnRecordError('unavailable', 'Down.', { retry: 'safe' });
  };
  await scene.ticks(worker(undefined, { doFinalize }), 60 * hour, hour / 2);
  expect(await scene.state(id)).toBe('processing');
  await scene.ticks(worker(undefined, { doFinalize: async () => ({ kind: 'accepted' }) }), hour, 60_000);
  expect((await scene.record(id)).snapshot).toMatchObject({ state: 'failed', endReason: 'lost' });
});

test('one part that fails to be finalized keeps no probe from finding a file', async () => {
  const id = await ended({ uri: scene.landing.uriOf('in/a.wav') });
  await scene.landing.doPut('in/a.wav', body(), { signal: new AbortController().signal });
  const doFinalize = async () => {
    throw new Error('unexpected');
  };
  await scene.ticks(worker(scene.landing, { doFinalize }), 10_000, 1_000);
  expect(await scene.state(id)).toBe('completed');
});

test('keys that a driver learns while finalizing lead what was parked under them to the session', async () => {
  const id = await ended({});
  const parked = {
    reportId: 'parked',
    subject: { providerKey: 'pipeline-9' },
    seen: { facts: { pipeline: 'done' } },
    cause: { unattributed: true },
    clock: { domain: 'none' },
    via: 'push',
    receivedAt: new Date(scene.clock.now()).toISOString(),
  } as const;
  expect((await routeReports(scene.store, 'main', [parked], scene.clock.now())).parked).toBe(1);
  const doFinalize = async () => ({ kind: 'accepted', providerKeys: ['pipeline-9'] }) as const;
  await worker(undefined, { doFinalize }).tick();
  expect((await scene.record(id)).parts[0]?.facts).toMatchObject({ pipeline: 'done' });
  expect((await scene.record(id)).commands[0]).not.toHaveProperty('answerLost');
});

test('what waited for a key comes to the session though the process that learned the key died before', async () => {
  const id = await ended({});
  const now = new Date(scene.clock.now()).toISOString();
  const rest = { cause: { unattributed: true }, clock: { domain: 'none' }, via: 'push', receivedAt: now } as const;
  const seen = { facts: { pipeline: 'done' } };
  const parked = { reportId: 'parked', subject: { providerKey: 'pipeline-9' }, seen, ...rest };
  await routeReports(scene.store, 'main', [parked], scene.clock.now());
  const subject = { correlation: correlationOf(id, 'p1') };
  const bringing = { reportId: 'bringing', subject, seen: { providerKeys: ['pipeline-9'] }, ...rest };
  const unpark = scene.store.unpark.bind(scene.store);
  scene.store.unpark = async () => {
    throw new Error('killed');
  };
  await expect(routeReports(scene.store, 'main', [bringing], scene.clock.now())).rejects.toThrow('killed');
  scene.store.unpark = unpark;
  // The event that brought the key comes again, and changes nothing.
  await routeReports(scene.store, 'main', [bringing], scene.clock.now());
  await worker(undefined, { doFinalize: async () => ({ kind: 'accepted' }) }).tick();
  expect((await scene.record(id)).parts[0]?.facts).toMatchObject({ pipeline: 'done' });
});

test('new facts of a part are a reason to finalize it at once', async () => {
  const id = await ended({});
  let asked = 0;
  const doFinalize = async () => {
    asked += 1;
    return { kind: 'accepted' } as const;
  };
  const own = worker(undefined, { doFinalize });
  await scene.ticks(own, 300_000, 5_000);
  const before = asked;
  const told = { reportId: 'told', subject: { correlation: correlationOf(id, 'p1') }, seen: { facts: { done: true } } };
  const rest = { cause: { unattributed: true }, clock: { domain: 'none' }, via: 'push' } as const;
  const receivedAt = new Date(scene.clock.now()).toISOString();
  await routeReports(scene.store, 'main', [{ ...told, ...rest, receivedAt }], scene.clock.now());
  await own.tick();
  expect(asked).toBe(before + 1);
});

test('a start of which nobody ever heard is lost in the end, and said to be missing', async () => {
  const id = await scene.session();
  const lost = new OnRecordError('unavailable', 'Lost.', { retry: 'only-with-same-key' });
  const plain = scene.driver();
  const driver = { ...plain, capabilities: { ...plain.capabilities, lookup: 'none' } } as const;
  scene.provider.failures.push(lost);
  const own = scene.worker({ instances: { main: { driver } } });
  await scene.ticks(own, 200_000, 10_000);
  expect((await scene.record(id)).snapshot.anomalies).toMatchObject([{ code: 'capturing-uncontrolled' }]);
  await scene.ticks(own, 49 * hour, hour / 2);
  expect((await scene.record(id)).snapshot).toMatchObject({ state: 'failed', endReason: 'lost', verdict: 'missing' });
  expect((await scene.record(id)).dueAt).toBeUndefined();
});

test('a file that the provider made from the recording is no proof that the recording arrived', async () => {
  const id = await ended({ prefix: scene.landing.uriOf('in/a_'), except: '_enhanced' });
  const options = { signal: new AbortController().signal };
  await scene.landing.doPut('in/a_1_enhanced.wav', body(), options);
  const uri = scene.landing.uriOf('in/a_1_enhanced.wav');
  const report = {
    reportId: 'derived',
    subject: { correlation: correlationOf(id, 'p1') },
    seen: { media: [{ key: uri, uri, role: 'derived', container: 'wav' }] },
    cause: { unattributed: true },
    clock: { domain: 'none' },
    via: 'push',
    receivedAt: new Date(scene.clock.now()).toISOString(),
  } as const;
  await routeReports(scene.store, 'main', [report], scene.clock.now());
  await scene.ticks(worker(scene.landing), 660_000, 30_000);
  const before = (await scene.record(id)).snapshot;
  expect(before.verdict).toBe('missing');
  expect(before.artifacts.map(({ role }) => role)).toEqual(['derived']);
  await scene.landing.doPut('in/a_1.wav', body(), options);
  await scene.ticks(worker(scene.landing), hour, 60_000);
  const after = (await scene.record(id)).snapshot;
  expect(after).toMatchObject({ state: 'completed', verdict: 'late' });
  expect(after.artifacts.map(({ role }) => role).sort()).toEqual(['derived', 'manifest', 'master']);
});
