import { createHash } from 'node:crypto';
import { encodeMp4Audio } from '@onrecord/simulator';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { NewSession } from '../engine/create-session.ts';
import { OnRecordError } from '../errors/index.ts';
import { readWav } from '../media/index.ts';
import { opusPages } from '../media/testing/ogg-file.ts';
import type { MediaSighting } from '../report/report.ts';
import { brokenWav, toneWav } from './testing/broken-wav.ts';
import { putting, Scene, wav } from './testing/scene.ts';

let scene: Scene;

beforeEach(() => {
  scene = new Scene();
});

afterEach(() => scene[Symbol.dispose]());

const tracks = [{ from: 'everyone', relativeTo: 'call-1', offsetMs: 0, prompts: 'absent' }] as const;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const opens = () => scene.provider.requests.filter((request) => request === 'open').length;

/** A session that captured for ten seconds, and what its provider then has of it. */
async function captured(bytes: Uint8Array, file: Partial<MediaSighting> = {}, changes: Partial<NewSession> = {}) {
  const id = await scene.recording(changes);
  await scene.ticks(scene.asking(), 10_000);
  await scene.ask(id, 'stop');
  await scene.ticks(scene.asking(), 1_000);
  const uri = file.uri ?? `https://provider.example/files/${id}`;
  scene.provider.files.set(uri, bytes);
  await scene.tell(id, { key: uri, uri, role: 'master', container: 'wav', tracks, ...file });
  return { id, uri };
}

async function manifest(): Promise<{ readonly artifacts: readonly object[]; readonly anomalies: readonly object[] }> {
  const found = [...(await scene.contents())].find(([key]) => key.endsWith('manifest.json'));
  return JSON.parse(Buffer.from(found![1]).toString());
}

const snapshot = async (id: string) => (await scene.record(id)).snapshot;

describe('a WAV file that breaks off, which its provider will not complete', () => {
  const broken = brokenWav(5_000);

  test('is archived as it is, with a repaired copy beside it, and the session completes as short', async () => {
    const { id } = await captured(broken, { final: true });
    await scene.ticks(scene.worker(), 2_000);
    const { state, verdict, endReason, artifacts, anomalies } = await snapshot(id);
    expect({ state, verdict, endReason }).toEqual({ state: 'completed', verdict: 'short', endReason: 'requested' });
    const [master, copy] = artifacts;
    expect(master).toMatchObject({
      id: 'p1-master-0',
      role: 'master',
      state: 'stored',
      sha256: sha256(broken),
      bytes: broken.length,
      durationMs: 5_000,
      codec: 'pcm_s16le',
      problem: expect.stringMatching(/announces no length/),
    });
    expect(copy).toMatchObject({
      id: 'p1-master-0-repaired',
      role: 'derived',
      derivedFrom: 'p1-master-0',
      state: 'stored',
      sha256: sha256(toneWav(5_000)),
      durationMs: 5_000,
      channels: 1,
      sampleRateHz: 8_000,
      container: 'wav',
      tracks,
    });
    expect(copy).not.toHaveProperty('problem');
    const contents = await scene.contents();
    expect(Buffer.from(contents.get(scene.archive.keyOf(master!.location)!)!).equals(broken)).toBe(true);
    expect(readWav(contents.get(scene.archive.keyOf(copy!.location)!)!)).toMatchObject({
      integrity: 'complete',
      durationMs: 5_000,
    });
    expect(anomalies.map(({ code, message }) => ({ code, message }))).toEqual([
      {
        code: 'broken-off',
        message: expect.stringMatching(
          /^The file p1-master-0 breaks off: .* 5000 ms, which p1-master-0-repaired plays/,
        ),
      },
      { code: 'duration-mismatch', message: expect.stringMatching(/^The files of p1 last 5000 ms, and \d+ ms were/) },
    ]);
  });

  test('is described with its copy, and told of in events', async () => {
    await captured(broken, { final: true });
    await scene.ticks(scene.worker(), 30_000, 5_000);
    const { artifacts, anomalies } = await manifest();
    expect(artifacts).toMatchObject([
      { id: 'p1-master-0', role: 'master', sha256: sha256(broken), problem: expect.any(String) },
      { role: 'derived', derivedFrom: 'p1-master-0', sha256: sha256(toneWav(5_000)) },
    ]);
    expect(anomalies).toMatchObject([{ code: 'broken-off' }, { code: 'duration-mismatch' }]);
    const stored = scene.delivered
      .filter(({ type }) => type.includes('artifact.stored'))
      .map(({ data }) => data['role']);
    expect(stored).toEqual(expect.arrayContaining(['master', 'derived', 'manifest']));
    expect(scene.told().filter((name) => name === 'recording.anomaly')).toHaveLength(2);
    expect(scene.told()).toContain('recording.completed');
  });

  test('is not looked at again', async () => {
    const { id } = await captured(broken, { final: true });
    await scene.ticks(scene.worker(), 30_000, 5_000);
    const before = await scene.record(id);
    expect(before.dueAt).toBeUndefined();
    await scene.ticks(scene.worker(), 600_000, 60_000);
    expect(await scene.record(id)).toEqual(before);
    expect(opens()).toBe(1);
  });

  test('is present, not short, when it holds what was captured', async () => {
    const { id } = await captured(brokenWav(9_900), { final: true });
    await scene.ticks(scene.worker(), 2_000);
    expect(await snapshot(id)).toMatchObject({
      state: 'completed',
      verdict: 'present',
      anomalies: [{ code: 'broken-off' }],
    });
  });

  test('is not taken while its part still captures, whatever is said of it', async () => {
    const id = await scene.recording();
    const uri = 'https://provider.example/files/early';
    scene.provider.files.set(uri, broken);
    const report = { key: uri, uri, role: 'master', container: 'wav', final: true } as const;
    await scene.seeing(id, { media: [report] });
    await scene.ticks(scene.worker(), 120_000, 5_000);
    expect((await scene.artifact(id))?.state).toBe('available');
    expect(await scene.contents()).toEqual(new Map());
    scene.provider.files.set(uri, toneWav(130_000));
    await scene.ask(id, 'stop');
    await scene.ticks(scene.worker(), 400_000, 5_000);
    const { artifacts, state } = await snapshot(id);
    expect(state).toBe('completed');
    expect(artifacts.map(({ role }) => role)).toEqual(['master', 'manifest']);
    expect(artifacts[0]).not.toHaveProperty('problem');
  });

  test('leaves the session as it was when the archive has no room for the copy, and goes on without fetching anew', async () => {
    const { id, uri } = await captured(broken, { final: true });
    const full = putting(scene.archive, async (key, body, options) => {
      if (key.includes('repaired')) throw new OnRecordError('storage-failed', 'No space is left.', { retry: 'safe' });
      return scene.archive.doPut(key, body, options);
    });
    await scene.ticks(scene.worker({ archive: full }), 5_000);
    expect(await scene.state(id)).toBe('processing');
    scene.provider.files.delete(uri);
    await scene.ticks(scene.worker(), 60_000, 5_000);
    const { state, artifacts } = await snapshot(id);
    expect(state).toBe('completed');
    expect(artifacts.map(({ role, state: own }) => [role, own])).toEqual([
      ['master', 'stored'],
      ['derived', 'stored'],
      ['manifest', 'stored'],
    ]);
    expect(opens()).toBe(1);
  });

  test('and whose worker dies over the copy is taken up by the next one, from the archive', async () => {
    const { id } = await captured(broken, { final: true });
    const stuck = putting(scene.archive, (key, body, options) =>
      key.includes('repaired') ? new Promise(() => {}) : scene.archive.doPut(key, body, options),
    );
    let renewing = true;
    const store = Object.assign(Object.create(scene.store) as typeof scene.store, {
      save: (...args: Parameters<typeof scene.store.save>) =>
        renewing ? scene.store.save(...args) : new Promise(() => {}),
    });
    for (const name of ['load', 'findByKey', 'claimDue', 'unpark', 'remember', 'recall'] as const) {
      Object.assign(store, { [name]: scene.store[name].bind(scene.store) });
    }
    void scene.worker({ archive: stuck, store, owner: 'dead' }).tick();
    await scene.clock.idle();
    renewing = false;
    expect((await scene.record(id)).transfers).toMatchObject([
      { state: 'running', verifiedAt: expect.any(String), brokenOff: { final: true } },
      { state: 'running', derivedFrom: expect.any(String), uri: expect.stringMatching(/p1-master-0-repaired\.wav$/) },
    ]);
    await scene.ticks(scene.worker({ owner: 'next' }), 120_000, 5_000);
    expect(await snapshot(id)).toMatchObject({ state: 'completed', verdict: 'short' });
    expect(opens()).toBe(1);
    expect([...(await scene.contents()).keys()]).toHaveLength(3);
  });

  test('is moved when its provider said that it is all there is', async () => {
    const { id, uri } = await captured(broken, { final: true }, { archive: { mode: 'move' } });
    await scene.ticks(scene.worker(), 10_000);
    expect(await scene.state(id)).toBe('completed');
    expect(scene.provider.deleted).toEqual([uri]);
  });

  test('that lies in the archive already stays where it is, and the copy goes beside it', async () => {
    const uri = scene.landing.uriOf('in/a.wav');
    async function* once() {
      yield broken;
    }
    await scene.landing.doPut('in/a.wav', once(), { signal: new AbortController().signal });
    const { id } = await captured(broken, { uri, final: true }, { archive: { mode: 'in-place' } });
    await scene.ticks(scene.worker({ archive: scene.landing }), 5_000);
    const { state, artifacts } = await snapshot(id);
    expect(state).toBe('completed');
    const of = (role: string) => artifacts.find((artifact) => artifact.role === role);
    expect(of('master')).toMatchObject({ location: uri, sha256: sha256(broken) });
    expect(of('derived')).toMatchObject({ sha256: sha256(toneWav(5_000)) });
    expect((await scene.contents(scene.landing)).get('in/a.wav')).toEqual(Buffer.from(broken));
  });

  test('and whose address is signed has it in no name', async () => {
    const uri = 'https://provider.example/files/1?sig=s3cr3t';
    const { id } = await captured(broken, { uri, final: true });
    await scene.ticks(scene.worker(), 5_000);
    expect(JSON.stringify(await manifest())).not.toContain('s3cr3t');
    expect(JSON.stringify((await snapshot(id)).artifacts.find(({ role }) => role === 'derived'))).not.toContain(
      's3cr3t',
    );
    expect(scene.log.join()).not.toContain('s3cr3t');
  });
});

describe('a file that breaks off, of which its provider says nothing more', () => {
  test('is given time, and taken once that is over and it has not changed', async () => {
    const { id } = await captured(brokenWav(5_000));
    await scene.ticks(scene.worker(), 3_500_000, 60_000);
    expect(await scene.state(id)).toBe('processing');
    expect(await scene.contents()).toEqual(new Map());
    expect((await scene.record(id)).transfers[0]).toMatchObject({
      state: 'failed',
      error: expect.stringMatching(/^integrity-failed: .*announces no length/),
      brokenOff: { final: false },
    });
    await scene.ticks(scene.worker(), 600_000, 60_000);
    expect(await snapshot(id)).toMatchObject({ state: 'completed', verdict: 'short' });
  });

  test('is whole when it was completed meanwhile: nothing is left of the trouble', async () => {
    const { id, uri } = await captured(brokenWav(5_000));
    await scene.ticks(scene.worker(), 600_000, 60_000);
    scene.provider.files.set(uri, toneWav(10_000));
    await scene.ticks(scene.worker(), 600_000, 60_000);
    const { state, verdict, artifacts, anomalies } = await snapshot(id);
    expect({ state, verdict, anomalies }).toEqual({ state: 'completed', verdict: 'present', anomalies: [] });
    expect(artifacts.map(({ role }) => role)).toEqual(['master', 'manifest']);
    expect((await scene.record(id)).transfers[0]?.brokenOff).toBeUndefined();
  });

  test('is not taken while it grows', async () => {
    const { id, uri } = await captured(brokenWav(1_000));
    for (let step = 1; step <= 100; step++) {
      scene.provider.files.set(uri, brokenWav(1_000 + step * 10));
      await scene.ticks(scene.worker(), 60_000, 60_000);
    }
    expect(await scene.state(id)).toBe('processing');
    await scene.ticks(scene.worker(), 1_200_000, 60_000);
    expect(await scene.artifact(id)).toMatchObject({ state: 'stored', durationMs: 2_000 });
  });

  test('is taken before its provider deletes it', async () => {
    const expiresAt = new Date(scene.clock.now() + 600_000).toISOString();
    const { id } = await captured(brokenWav(5_000), { expiresAt });
    await scene.ticks(scene.worker(), 600_000, 10_000);
    expect(await snapshot(id)).toMatchObject({ state: 'completed', verdict: 'short' });
  });

  test('is not deleted at its provider, which might complete it after all', async () => {
    const { id } = await captured(brokenWav(5_000), {}, { archive: { mode: 'move' } });
    await scene.ticks(scene.worker(), 5_000_000, 60_000);
    expect(await scene.state(id)).toBe('completed');
    expect(scene.provider.deleted).toEqual([]);
    expect((await scene.record(id)).dueAt).toBeUndefined();
  });

  test('is never taken from a line that swallows its end', async () => {
    const { id } = await captured(toneWav(5_000), { final: true });
    const doOpenArtifact = async () => {
      async function* body() {
        yield toneWav(5_000).subarray(0, 20_000);
      }
      return { body: body(), bytes: toneWav(5_000).length };
    };
    const instances = { main: { driver: scene.driver({ doOpenArtifact }) } };
    await scene.ticks(scene.worker({ instances }), 7_200_000, 60_000);
    expect(await scene.state(id)).toBe('processing');
    expect((await scene.record(id)).transfers[0]?.error).toMatch(/20000 bytes, 80044 were announced/);
  });
});

describe('a file without any audio', () => {
  const header = brokenWav(0);
  test.each([
    { what: '0 bytes', bytes: new Uint8Array(0), container: 'wav' },
    { what: 'half a header', bytes: header.subarray(0, 30), container: 'wav' },
    { what: 'a header that announces nothing', bytes: header, container: 'wav' },
    { what: 'a sound header alone', bytes: wav(0), container: 'wav' },
    { what: '0 bytes', bytes: new Uint8Array(0), container: 'ogg' },
    { what: '0 bytes', bytes: new Uint8Array(0), container: 'mp4' },
  ] as const)(
    '($what as $container) of a part that captured fails the session, and is told',
    async ({ bytes, container }) => {
      const { id } = await captured(bytes, { final: true, container }, { archive: { mode: 'move' } });
      await scene.ticks(scene.worker(), 5_000);
      const { state, endReason, verdict, anomalies, artifacts } = await snapshot(id);
      expect({ state, endReason, verdict }).toEqual({
        state: 'failed',
        endReason: 'storage-error',
        verdict: 'missing',
      });
      expect(artifacts).toMatchObject([{ role: 'master', state: 'missing', problem: expect.any(String) }]);
      expect(anomalies).toContainEqual({
        code: 'broken-off',
        message: expect.stringMatching(/^The file p1-master-0 holds no audio: /),
        partId: 'p1',
      });
      expect(scene.told()).toEqual(
        expect.arrayContaining(['artifact.missing', 'recording.failed', 'recording.missing']),
      );
      expect(scene.log.join()).toContain('holds no audio');
      expect(await scene.contents()).toEqual(new Map());
      expect(scene.provider.deleted).toEqual([]);
      expect((await scene.record(id)).dueAt).toBeUndefined();
    },
  );

  test('fails the session after a while where its provider says nothing more', async () => {
    const { id } = await captured(new Uint8Array(0));
    await scene.ticks(scene.worker(), 3_500_000, 60_000);
    expect(await scene.state(id)).toBe('processing');
    await scene.ticks(scene.worker(), 600_000, 60_000);
    expect(await snapshot(id)).toMatchObject({ state: 'failed', endReason: 'storage-error' });
  });

  test('of a part that never captured is what was to be expected', async () => {
    const { id } = await captured(header, { final: true }, { startPaused: true });
    await scene.ticks(scene.worker(), 5_000);
    expect(await snapshot(id)).toMatchObject({ state: 'completed', endReason: 'empty', verdict: 'none' });
    expect((await scene.record(id)).dueAt).toBeUndefined();
  });

  test('beside one that is sound makes the session short', async () => {
    const { id } = await captured(toneWav(10_000), { role: 'track', final: true });
    const uri = 'https://provider.example/files/out';
    scene.provider.files.set(uri, new Uint8Array(0));
    await scene.tell(id, { key: uri, uri, role: 'track', container: 'wav', final: true });
    await scene.ticks(scene.worker(), 5_000);
    const { state, endReason, verdict, anomalies } = await snapshot(id);
    expect({ state, endReason, verdict }).toEqual({ state: 'completed', endReason: 'requested', verdict: 'short' });
    expect(anomalies.map(({ code }) => code)).toEqual(['broken-off', 'duration-mismatch']);
  });
});

test('an Ogg file that breaks off is kept as it is: players read it as far as it goes', async () => {
  const page = { frames: [50, 50], bytes: 100 };
  const source = { channels: 1, preSkip: 312, inputSampleRate: 8_000, start: 0n, trim: 0, ended: true };
  const bytes = Buffer.concat(opusPages({ ...source, pages: [page, page, page] })).subarray(0, -10);
  const { id } = await captured(bytes, { container: 'ogg', final: true });
  await scene.ticks(scene.worker(), 5_000);
  const { state, verdict, artifacts, anomalies } = await snapshot(id);
  expect({ state, verdict }).toEqual({ state: 'completed', verdict: 'short' });
  expect(artifacts.map(({ role }) => role)).toEqual(['master', 'manifest']);
  expect(artifacts[0]).toMatchObject({ codec: 'opus', sha256: sha256(bytes), problem: expect.any(String) });
  expect(anomalies[0]?.message).toMatch(/^The file p1-master-0 breaks off: .* It holds 3994 ms\.$/);
});

test('an MP4 file that breaks off is archived as it came, and told: what is in it can be saved by hand', async () => {
  const whole = await encodeMp4Audio(new Int16Array(80_000), 8_000);
  const bytes = whole.subarray(0, Math.floor(whole.length / 2));
  const { id } = await captured(bytes, { container: 'mp4', final: true });
  await scene.ticks(scene.worker(), 5_000);
  const { state, verdict, artifacts, anomalies } = await snapshot(id);
  expect({ state, verdict }).toEqual({ state: 'completed', verdict: 'short' });
  expect(artifacts[0]).toMatchObject({
    role: 'master',
    state: 'stored',
    sha256: sha256(bytes),
    problem: expect.any(String),
  });
  expect(anomalies.map(({ code }) => code)).toContain('broken-off');
});

test('a server that was killed between two looks leaves a short file, however little was proven of it', async () => {
  const id = await scene.recording();
  await scene.clock.advance(25_000);
  const uri = 'https://provider.example/files/killed';
  scene.provider.files.set(uri, brokenWav(6_000));
  // Nobody asked since the start, so capture is proven for a moment only, and believed until now.
  const media = [{ key: uri, uri, role: 'master', container: 'wav', final: true } as const];
  await scene.seeing(id, { ended: true, endReason: 'provider-error', media });
  expect((await scene.record(id)).expectations[0]?.minDurationMs).toBeLessThan(6_000);
  await scene.ticks(scene.worker(), 5_000);
  expect(await snapshot(id)).toMatchObject({
    state: 'completed',
    endReason: 'provider-error',
    verdict: 'short',
    anomalies: [{ code: 'broken-off' }, { code: 'duration-mismatch' }],
  });
});
