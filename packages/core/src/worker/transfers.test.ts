import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { OpenedMedia } from '../driver/driver.ts';
import { OnRecordError } from '../errors/index.ts';
import { readRecord } from '../schema/index.ts';
import type { StorageDriver } from '../storage/storage-driver.ts';
import { putting, Scene, wav } from './testing/scene.ts';

let scene: Scene;

beforeEach(() => {
  scene = new Scene();
});

afterEach(() => scene[Symbol.dispose]());

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const opens = () => scene.provider.requests.filter((request) => request === 'open').length;

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** A gate that work waits at until it is let through. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

const archiveThat = (doPut: StorageDriver['doPut']) => putting(scene.archive, doPut);

async function manifest(): Promise<Record<string, unknown>> {
  const contents = await scene.contents();
  const found = [...contents].filter(([key]) => key.endsWith('manifest.json'));
  expect(found).toHaveLength(1);
  return JSON.parse(Buffer.from(found[0]![1]).toString()) as Record<string, unknown>;
}

describe('a transfer', () => {
  test('that takes longer than a lease is not begun by another worker', async () => {
    const slow = gate();
    const bytes = wav(100);
    const { id } = await scene.finished(bytes);
    const doOpenArtifact = async (): Promise<OpenedMedia> => {
      scene.provider.requests.push('open');
      async function* body() {
        yield bytes.subarray(0, 1_000);
        await slow.opened;
        yield bytes.subarray(1_000);
      }
      return { body: body(), bytes: bytes.length };
    };
    const instances = { main: { driver: scene.driver({ doOpenArtifact }) } };
    // It does not move, but nobody has given it up: the piece may come within the hour.
    const first = scene.worker({ instances, owner: 'first', intervals: { requestMs: 3_600_000 } });
    const second = scene.worker({ instances, owner: 'second' });
    const running = first.tick();
    await scene.clock.idle();
    for (let minute = 0; minute < 10; minute++) {
      await scene.clock.advance(60_000);
      await second.tick();
    }
    expect(opens()).toBe(1);
    slow.open();
    await scene.clock.until(running);
    expect(opens()).toBe(1);
    expect(await scene.artifact(id)).toMatchObject({ state: 'stored', sha256: sha256(bytes) });
  });

  test('whose worker dies is taken over when its time is up, and what the dead one still does counts for nothing', async () => {
    const stuck = gate();
    const bytes = wav(100);
    const { id } = await scene.finished(bytes);
    let renewing = true;
    // A worker that is cut off from the store: it can renew nothing, and comes back too late.
    const store = Object.assign(Object.create(scene.store) as typeof scene.store, {
      save: (...args: Parameters<typeof scene.store.save>) =>
        renewing ? scene.store.save(...args) : Promise.reject(new OnRecordError('storage-failed', 'Out of reach.')),
    });
    for (const name of ['load', 'findByKey', 'claimDue', 'unpark', 'remember', 'recall'] as const) {
      Object.assign(store, { [name]: scene.store[name].bind(scene.store) });
    }
    const cutOff = scene.worker({
      store,
      owner: 'cut off',
      archive: archiveThat(async (key, body, options) => {
        renewing = false;
        await stuck.opened;
        return scene.archive.doPut(key, body, options);
      }),
    });
    const running = cutOff.tick();
    await scene.clock.idle();
    await scene.ticks(scene.worker(), 30_000, 5_000);
    expect(opens()).toBe(1);
    await scene.ticks(scene.worker(), 60_000, 5_000);
    expect(await scene.artifact(id)).toMatchObject({ state: 'stored', sha256: sha256(bytes) });
    const before = await scene.record(id);
    renewing = true;
    stuck.open();
    await scene.clock.until(running);
    const { transfers, snapshot } = await scene.record(id);
    expect(transfers).toEqual(before.transfers);
    expect(snapshot).toEqual(before.snapshot);
  });

  test('that is broken off by the end of its worker is taken up by the next one at once', async () => {
    const bytes = wav(100);
    const { id } = await scene.finished(bytes);
    const end = new AbortController();
    const stalled = archiveThat((_key, _body, { signal }) => {
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    });
    const running = scene.worker({ archive: stalled }).tick({ signal: end.signal });
    await scene.clock.idle();
    end.abort(new Error('shutting down'));
    await running;
    expect((await scene.record(id)).transfers).toMatchObject([{ state: 'failed' }]);
    await scene.ticks(scene.worker(), 1_000);
    expect(await scene.state(id)).toBe('completed');
  });

  test('goes on where the body broke off', async () => {
    const bytes = wav(1_000);
    const { id } = await scene.finished(bytes);
    const ranges: number[] = [];
    const driver = scene.driver({
      async doOpenArtifact(_, { range }) {
        const first = range?.first ?? 0;
        ranges.push(first);
        async function* body() {
          yield bytes.subarray(first, first + 4_000);
          if (first + 4_000 < bytes.length) throw Object.assign(new Error('terminated'), { code: 'ECONNRESET' });
        }
        return { body: body(), bytes: bytes.length };
      },
    });
    const running = scene.worker({ instances: { main: { driver } } }).tick();
    await scene.clock.until(running);
    expect(ranges).toEqual([0, 4_000, 8_000, 12_000, 16_000]);
    expect(await scene.artifact(id)).toMatchObject({ state: 'stored', sha256: sha256(bytes) });
  });

  test('goes on from there, too, when it cannot be opened again at once', async () => {
    const bytes = wav(1_000);
    const { id } = await scene.finished(bytes);
    const ranges: number[] = [];
    const driver = scene.driver({
      async doOpenArtifact(_, { range }) {
        const first = range?.first ?? 0;
        ranges.push(first);
        if (first > 0 && ranges.filter((each) => each === first).length < 3) {
          throw new OnRecordError('unavailable', 'Not now.', { retry: 'safe' });
        }
        async function* body() {
          yield bytes.subarray(first, first + 8_000);
          if (first + 8_000 < bytes.length) throw Object.assign(new Error('terminated'), { code: 'ECONNRESET' });
        }
        return { body: body(), bytes: bytes.length };
      },
    });
    const running = scene.worker({ instances: { main: { driver } } }).tick();
    await scene.clock.until(running);
    expect(ranges).toEqual([0, 8_000, 8_000, 8_000, 16_000, 16_000, 16_000]);
    expect(await scene.artifact(id)).toMatchObject({ state: 'stored', sha256: sha256(bytes) });
    expect((await scene.record(id)).transfers[0]?.attempts).toBe(1);
  });

  test('goes on from there no sooner than the provider says', async () => {
    const bytes = wav(1_000);
    const { id } = await scene.finished(bytes);
    const asked: (readonly [first: number, seconds: number])[] = [];
    const begin = scene.clock.now();
    const driver = scene.driver({
      async doOpenArtifact(_, { range }) {
        const first = range?.first ?? 0;
        asked.push([first, Math.floor((scene.clock.now() - begin) / 1_000)]);
        if (asked.length === 2) {
          throw new OnRecordError('rate-limited', 'Later.', { retry: 'safe', context: { retryAfterMs: 20_000 } });
        }
        async function* body() {
          yield bytes.subarray(first, first + 8_000);
          if (asked.length === 1) throw Object.assign(new Error('terminated'), { code: 'ECONNRESET' });
          yield bytes.subarray(first + 8_000);
        }
        return { body: body(), bytes: bytes.length };
      },
    });
    await scene.clock.until(scene.worker({ instances: { main: { driver } } }).tick());
    expect(asked).toEqual([
      [0, 0],
      [8_000, 1],
      [8_000, 21],
    ]);
    expect(await scene.artifact(id)).toMatchObject({ state: 'stored', sha256: sha256(bytes) });
    expect((await scene.record(id)).transfers[0]?.attempts).toBe(1);
  });

  test('waits as long as the provider says, where that is longer', async () => {
    const { id } = await scene.finished(wav(100));
    const times: number[] = [];
    const plain = scene.driver();
    const driver = scene.driver({
      async doOpenArtifact(...asked) {
        times.push(scene.clock.now());
        if (times.length > 1) return plain.doOpenArtifact!(...asked);
        throw new OnRecordError('rate-limited', 'Later.', { retry: 'safe', context: { retryAfterMs: 60_000 } });
      },
    });
    await scene.ticks(scene.worker({ instances: { main: { driver } } }), 90_000, 1_000);
    expect(await scene.state(id)).toBe('completed');
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(60_000);
  });

  test('from a connection that says nothing any more is given up and repeated', async () => {
    const bytes = wav(1_000);
    const { id } = await scene.finished(bytes);
    let attempts = 0;
    const driver = scene.driver({
      async doOpenArtifact() {
        attempts += 1;
        async function* body() {
          yield bytes.subarray(0, 4_000);
          if (attempts < 6) await new Promise(() => {});
          yield bytes.subarray(4_000);
        }
        return { body: body(), bytes: bytes.length };
      },
    });
    // A source that ignores where to begin would make another file: only a whole one is taken.
    const running = scene.worker({ instances: { main: { driver } } }).tick();
    await scene.clock.until(running, 300_000);
    expect((await scene.record(id)).transfers[0]?.error).toMatch(/^(timeout|integrity-failed|unavailable)/);
    await scene.ticks(scene.worker(), 10_000, 1_000);
    expect(await scene.artifact(id)).toMatchObject({ state: 'stored', sha256: sha256(bytes) });
  });
});

describe('a file that is not sound', () => {
  const page = new TextEncoder().encode('<!DOCTYPE html><html><body>Bad Gateway</body></html>');
  const error = new TextEncoder().encode('\n<?xml version="1.0"?><Error/>');
  test.each([
    { what: 'zero bytes', bytes: new Uint8Array(0), container: 'wav' },
    { what: 'an HTML page', bytes: page, container: 'wav' },
    { what: 'half of it', bytes: wav(1_000).subarray(0, 9_000), container: 'wav' },
    { what: 'zero bytes', bytes: new Uint8Array(0), container: 'mp3' },
    { what: 'an HTML page', bytes: page, container: 'mp3' },
    { what: 'something else', bytes: wav(10), container: 'mp3' },
    { what: 'an HTML page', bytes: page, container: undefined },
    { what: 'an XML error', bytes: error, container: undefined },
  ] as const)('($what as $container) completes no session while it may become sound', async ({ bytes, container }) => {
    const { id, uri } = await scene.finished(bytes, { archive: { mode: 'move' } }, { container });
    await scene.ticks(scene.worker(), 3_000_000, 60_000);
    expect(await scene.state(id)).toBe('processing');
    expect((await scene.record(id)).transfers[0]).toMatchObject({
      state: 'failed',
      error: expect.stringMatching(/^integrity-failed: /),
    });
    expect(await scene.contents()).toEqual(new Map());
    expect(scene.provider.deleted).toEqual([]);
    scene.provider.files.set(uri, container === 'mp3' ? new TextEncoder().encode('ID3…') : wav(1_000));
    await scene.ticks(scene.worker(), 600_000, 10_000);
    expect(await scene.state(id)).toBe('completed');
  });
});

describe('an archive that fails', () => {
  const full = new OnRecordError('storage-failed', 'No space is left on the device.', {
    retry: 'safe',
    blame: 'destination',
  });

  test('is tried again, less and less often, and nothing is lost', async () => {
    const { id, uri } = await scene.finished(wav(100), { archive: { mode: 'move' } });
    const puts: number[] = [];
    const archive = archiveThat(async () => {
      puts.push(scene.clock.now());
      throw full;
    });
    await scene.ticks(scene.worker({ archive }), 600_000, 500);
    const waits = puts.slice(1).map((at, index) => at - puts[index]!);
    expect(waits.length).toBeLessThan(15);
    expect(waits.slice(0, 6).map((wait) => Math.round(wait / 1_000))).toEqual([1, 2, 4, 8, 16, 32]);
    expect((await scene.record(id)).transfers[0]).toMatchObject({
      state: 'failed',
      error: 'storage-failed: No space is left on the device.',
    });
    expect(scene.provider.files.has(uri)).toBe(true);
    expect(scene.provider.deleted).toEqual([]);
    await scene.ticks(scene.worker(), 300_000, 10_000);
    expect(await scene.state(id)).toBe('completed');
    expect(scene.provider.deleted).toEqual([uri]);
  });

  test('only on the manifest keeps the copy: it is verified, not copied again', async () => {
    const { id } = await scene.finished(wav(100));
    const broken = archiveThat(async (key, body, options) => {
      if (key.endsWith('manifest.json')) throw full;
      return scene.archive.doPut(key, body, options);
    });
    await scene.ticks(scene.worker({ archive: broken }), 5_000, 500);
    expect(await scene.state(id)).toBe('processing');
    expect((await scene.record(id)).transfers[0]).toMatchObject({ state: 'failed', sha256: sha256(wav(100)) });
    await scene.ticks(scene.worker(), 60_000, 5_000);
    expect(await scene.state(id)).toBe('completed');
    expect(opens()).toBe(1);
    expect(await manifest()).toMatchObject({ artifacts: [{ state: 'stored', sha256: sha256(wav(100)) }] });
  });

  test('only on the manifest loses no file, even if the provider deletes its copy meanwhile', async () => {
    const expiresAt = new Date(scene.clock.now() + 60_000).toISOString();
    const { id, uri } = await scene.finished(wav(100), {}, { expiresAt });
    const broken = archiveThat(async (key, body, options) => {
      if (key.endsWith('manifest.json')) throw full;
      return scene.archive.doPut(key, body, options);
    });
    await scene.ticks(scene.worker({ archive: broken }), 120_000, 5_000);
    scene.provider.files.delete(uri);
    await scene.ticks(scene.worker(), 600_000, 10_000);
    expect(await scene.artifact(id)).toMatchObject({ state: 'stored', sha256: sha256(wav(100)) });
    expect((await scene.record(id)).snapshot.verdict).not.toBe('missing');
    expect(await manifest()).toMatchObject({ artifacts: [{ state: 'stored' }] });
  });

  test('for want of one is said once, and holds nothing in a loop', async () => {
    const { id } = await scene.finished(wav(100));
    await scene.ticks(scene.worker({ archive: undefined }), 60_000, 1_000);
    expect(await scene.state(id)).toBe('processing');
    expect(scene.log.filter((line) => line.includes('wants an archive')).length).toBeLessThan(30);
  });
});

describe('a file whose provider deletes it', () => {
  test('is tried until then, more often towards the end, and lost afterwards: nobody tries for ever', async () => {
    const expiresAt = new Date(scene.clock.now() + 3_600_000).toISOString();
    const { id, uri } = await scene.finished(wav(100), {}, { expiresAt });
    scene.provider.files.delete(uri);
    await scene.ticks(scene.worker(), 2 * 3_600_000, 10_000);
    expect(await scene.artifact(id)).toMatchObject({ state: 'expired' });
    expect((await scene.record(id)).snapshot).toMatchObject({
      state: 'failed',
      endReason: 'lost',
      verdict: 'missing',
    });
    expect((await scene.record(id)).dueAt).toBeUndefined();
    expect(scene.told()).toContain('artifact.missing');
    expect(scene.told().at(-1)).toBe('recording.missing');
  });

  test('and says so, though it never said when, is lost after the time that missing files are given', async () => {
    const { id, uri } = await scene.finished(wav(100));
    scene.provider.files.delete(uri);
    await scene.ticks(scene.worker(), 47 * 3_600_000, 1_800_000);
    expect(await scene.state(id)).toBe('processing');
    await scene.ticks(scene.worker(), 2 * 3_600_000, 600_000);
    expect((await scene.record(id)).snapshot).toMatchObject({ state: 'failed', endReason: 'lost' });
    expect((await scene.record(id)).dueAt).toBeUndefined();
  });

  test('goes first', async () => {
    const at = (ms: number) => new Date(scene.clock.now() + ms).toISOString();
    const later = await scene.finished(wav(100), {}, { expiresAt: at(90_000_000) });
    const soon = await scene.finished(wav(100), {}, { expiresAt: at(600_000) });
    const whenever = await scene.finished(wav(100));
    const order: string[] = [];
    const doOpenArtifact = async ({ source }: { readonly source: string }): Promise<OpenedMedia> => {
      order.push(source);
      return { body: once(wav(100)), bytes: wav(100).length };
    };
    const driver = scene.driver({ doOpenArtifact });
    await scene.clock.advance(5_000);
    await scene.worker({ instances: { main: { driver } }, transfers: 1 }).tick();
    expect(order).toHaveLength(3);
    // The first to be looked at is under way before the others are known.
    expect(order.slice(1)).toEqual([soon.uri, later.uri, whenever.uri].filter((uri) => uri !== order[0]));
  });
});

describe('moving', () => {
  test('deletes nothing before every file is described, and tries again where deleting fails', async () => {
    const { id, uri } = await scene.finished(wav(100), { archive: { mode: 'move' } });
    let refusals = 2;
    const driver = scene.driver({
      async doDeleteArtifact({ source }) {
        expect([...(await scene.contents()).keys()].some((key) => key.endsWith('manifest.json'))).toBe(true);
        if (refusals-- > 0) throw new OnRecordError('unavailable', 'Not now.', { retry: 'safe' });
        scene.provider.deleted.push(source);
      },
    });
    const worker = scene.worker({ instances: { main: { driver } } });
    await scene.ticks(worker, 2_000, 500);
    expect(await scene.state(id)).toBe('completed');
    expect((await scene.record(id)).dueAt).toBeDefined();
    await scene.ticks(worker, 300_000, 5_000);
    expect(scene.provider.deleted).toEqual([uri]);
    expect((await scene.record(id)).dueAt).toBeUndefined();
  });

  test('leaves a receipt with the file, and an event: when it was deleted, and by which request', async () => {
    const { id } = await scene.finished(wav(100), { archive: { mode: 'move' } });
    const driver = scene.driver({ doDeleteArtifact: async () => ({ requestId: 'request-1' }) });
    await scene.ticks(scene.worker({ instances: { main: { driver } } }), 60_000, 1_000);
    const released = { outcome: 'deleted', at: expect.any(String), requestId: 'request-1' };
    const artifact = await scene.artifact(id);
    expect(artifact).toMatchObject({ state: 'stored', released });
    const events = scene.delivered.filter(({ type }) => type === 'dev.onrecord.artifact.released.v1');
    expect(events.map(({ data }) => data)).toEqual([{ artifactId: artifact?.id, ...released }]);
  });

  test('notes no request of a driver that gives something else back', async () => {
    const { id } = await scene.finished(wav(100), { archive: { mode: 'move' } });
    const driver = scene.driver({ doDeleteArtifact: async () => JSON.parse('{"requestId":5}') });
    await scene.ticks(scene.worker({ instances: { main: { driver } } }), 60_000, 1_000);
    expect((await scene.artifact(id))?.released).toEqual({ outcome: 'deleted', at: expect.any(String) });
    expect(readRecord(JSON.parse(JSON.stringify(await scene.record(id))))).toMatchObject({ id });
  });

  test('from a provider that deletes nothing by command leaves its copy, and says so', async () => {
    const { id } = await scene.finished(wav(100), { archive: { mode: 'move' } });
    const { doDeleteArtifact: _, ...driver } = scene.driver();
    await scene.ticks(scene.worker({ instances: { main: { driver } } }), 60_000, 1_000);
    expect(await scene.artifact(id)).toMatchObject({ state: 'stored', released: { outcome: 'kept' } });
    expect((await scene.record(id)).dueAt).toBeUndefined();
  });

  test('gives up where it may not delete, and leaves it at that', async () => {
    const { id } = await scene.finished(wav(100), { archive: { mode: 'move' } });
    let asked = 0;
    const driver = scene.driver({
      async doDeleteArtifact() {
        asked += 1;
        throw new OnRecordError('permission-denied', 'No.', { retry: 'never' });
      },
    });
    await scene.ticks(scene.worker({ instances: { main: { driver } } }), 600_000, 10_000);
    expect(asked).toBe(1);
    expect(await scene.artifact(id)).toMatchObject({ released: { outcome: 'kept' } });
    expect(await scene.state(id)).toBe('completed');
    expect((await scene.record(id)).dueAt).toBeUndefined();
  });

  test('never deletes under a hold', async () => {
    const { id } = await scene.finished(wav(100), { archive: { mode: 'move' } });
    const record = await scene.record(id);
    await scene.store.save({ ...record, hold: { reason: 'litigation' } }, record.revision);
    await scene.ticks(scene.worker(), 600_000, 10_000);
    expect(await scene.state(id)).toBe('completed');
    expect(scene.provider.deleted).toEqual([]);
  });

  test('a landing file deletes it from its store, and never what was stored in place of it', async () => {
    const instances = { main: { driver: scene.driver(), landing: scene.landing } };
    await scene.landing.doPut('in/a.wav', once(wav(100)), { signal: new AbortController().signal });
    const landed = await scene.finished(
      wav(1),
      { archive: { mode: 'move' } },
      { uri: scene.landing.uriOf('in/a.wav') },
    );
    await scene.ticks(scene.worker({ instances }), 10_000, 1_000);
    expect(await scene.state(landed.id)).toBe('completed');
    expect(await scene.contents(scene.landing)).toEqual(new Map());
    expect((await scene.contents()).size).toBe(2);
  });
});

describe('in place', () => {
  test('no bytes move, and the file is read once for its digest', async () => {
    const bytes = wav(100);
    await scene.landing.doPut('in/a.wav', once(bytes), { signal: new AbortController().signal });
    const uri = scene.landing.uriOf('in/a.wav');
    const { id } = await scene.finished(wav(1), { archive: { mode: 'in-place' } }, { uri });
    await scene.ticks(scene.worker({ archive: scene.landing }), 5_000, 500);
    expect(await scene.artifact(id)).toMatchObject({ state: 'stored', location: uri, sha256: sha256(bytes) });
    const keys = [...(await scene.contents(scene.landing)).keys()];
    expect(keys).toEqual([expect.stringMatching(/manifest\.json$/), 'in/a.wav']);
    expect(scene.provider.deleted).toEqual([]);
  });

  test('a file that lies elsewhere is copied', async () => {
    const { id } = await scene.finished(wav(100), { archive: { mode: 'in-place' } });
    await scene.ticks(scene.worker(), 5_000, 500);
    expect(await scene.artifact(id)).toMatchObject({ state: 'stored', location: expect.stringMatching(/^mem:/) });
  });
});

describe('several files of one session', () => {
  test('keep their places when one turns up late and takes the number of another', async () => {
    const [first, late] = [wav(100), wav(300)];
    const { id } = await scene.finished(first, {}, { uri: 'https://provider.example/files/z' });
    await scene.ticks(scene.worker(), 2_000, 500);
    scene.provider.files.set('https://provider.example/files/a', late);
    const uri = 'https://provider.example/files/a';
    await scene.tell(id, { key: uri, uri, role: 'master', container: 'wav' });
    await scene.ticks(scene.worker(), 5_000, 500);
    const contents = await scene.contents();
    const { artifacts } = (await scene.record(id)).snapshot;
    for (const { role, location, sha256: digest } of artifacts) {
      if (role === 'manifest') continue;
      const bytes = contents.get(scene.archive.keyOf(location) ?? '');
      expect(bytes && sha256(bytes)).toBe(digest);
    }
    expect(artifacts.map(({ sha256: digest }) => digest)).toEqual(
      expect.arrayContaining([sha256(first), sha256(late)]),
    );
  });

  test('that are finished at once are all described', async () => {
    const { id } = await scene.finished(wav(100));
    const more = ['b', 'c', 'd'].map((name) => `https://provider.example/files/${name}`);
    for (const [index, uri] of more.entries()) {
      scene.provider.files.set(uri, wav(200 + index));
      await scene.tell(id, { key: uri, uri, role: 'master', container: 'wav' });
    }
    await Promise.all([scene.worker({ owner: 'a' }).tick(), scene.worker({ owner: 'b' }).tick()]);
    await scene.ticks(scene.worker(), 2_000, 500);
    const { artifacts, state } = (await scene.record(id)).snapshot;
    expect(state).toBe('completed');
    const described = (await manifest())['artifacts'] as { readonly sha256?: string; readonly state: string }[];
    expect(described).toHaveLength(4);
    expect(described.every((each) => each.state === 'stored')).toBe(true);
    const own = artifacts.find(({ role }) => role === 'manifest');
    const bytes = (await scene.contents()).get(scene.archive.keyOf(own?.location ?? '') ?? '');
    expect(bytes && sha256(bytes)).toBe(own?.sha256);
  });
});

test('what a driver learns after the end of a session is described as well', async () => {
  let told = false;
  const driver = scene.driver({
    async doFinalize(part) {
      if (!told) throw new OnRecordError('unavailable', 'Not yet.', { retry: 'safe' });
      const tracks = [{ from: 'everyone', relativeTo: 'call-1', offsetMs: 0, prompts: 'absent' }] as const;
      const at = new Date(scene.clock.now()).toISOString();
      const uri = [...scene.provider.files.keys()][0] ?? '';
      return {
        kind: 'done',
        reports: [
          {
            reportId: 'tracks',
            subject: { correlation: part.correlation },
            seen: { media: [{ key: uri, uri, role: 'master', tracks }] },
            cause: { unattributed: true },
            clock: { domain: 'none' },
            via: 'poll',
            receivedAt: at,
          },
        ],
      };
    },
  });
  const { id } = await scene.finished(wav(100));
  const worker = scene.worker({ instances: { main: { driver } } });
  await scene.ticks(worker, 5_000, 500);
  expect(await scene.state(id)).toBe('completed');
  told = true;
  await scene.ticks(worker, 120_000, 5_000);
  expect(await manifest()).toMatchObject({ artifacts: [{ tracks: [{ prompts: 'absent' }] }] });
  expect((await scene.record(id)).dueAt).toBeUndefined();
});

test.each(['not a uri', '', 'file:', 'HTTPS://[', '../../etc/passwd', 'mem://'])(
  'an address that is none (%j) is an error of its transfer, and of nothing else',
  async (uri) => {
    const { id } = await scene.finished(wav(100), {}, { uri, key: 'odd' });
    const { doOpenArtifact: _, ...driver } = scene.driver();
    const worker = scene.worker({ instances: { main: { driver, landing: scene.landing } } });
    await scene.ticks(worker, 2_000, 500);
    expect((await scene.record(id)).transfers[0]?.error).toMatch(/^(unsupported|invalid-request|not-found): /);
    expect(scene.log.join()).not.toContain('a step failed');
  },
);

test('a signed link is in no log line, no journal and no manifest', async () => {
  const uri = 'https://provider.example/files/1?sig=s3cr3t';
  const { id } = await scene.finished(wav(100), {}, { uri });
  const driver = scene.driver({
    async doOpenArtifact() {
      throw new Error(`Failed to fetch ${uri}`);
    },
  });
  await scene.ticks(scene.worker({ instances: { main: { driver } } }), 2_000, 500);
  expect(JSON.stringify((await scene.record(id)).transfers.map(({ error }) => error))).not.toContain('s3cr3t');
  expect(scene.log.join()).not.toContain('s3cr3t');
  await scene.ticks(scene.worker(), 60_000, 5_000);
  expect(JSON.stringify(await manifest())).not.toContain('s3cr3t');
});
