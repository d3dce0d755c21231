import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sqliteSessionStore } from '@onrecord/session-store';
import { VirtualClock } from '@onrecord/simulator';
import { filesystem } from '@onrecord/storage';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SessionStore } from '../session-store/session-store.ts';
import { Storage } from '../storage/index.ts';
import { endedSession } from './testing/ended-session.ts';
import { HostingProvider, hostingDriver } from './testing/hosting-driver.ts';
import { wav } from './testing/scene.ts';
import { createWorker } from './worker.ts';

const script = fileURLToPath(new URL('./testing/transfer-until-killed.ts', import.meta.url));
const uri = 'https://provider.example/files/1';
const bytes = wav(60_000);
let directory: string;
let store: SessionStore;
let child: ChildProcess | undefined;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'onrecord-killed-'));
  store = sqliteSessionStore({ path: join(directory, 'sessions.db') });
});

afterEach(async () => {
  child?.kill('SIGKILL');
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

/** Everything below a folder, by path. */
function files(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
}

test('kill -9 in the middle of a transfer: the next worker leaves one whole file, described once', async () => {
  const id = await endedSession(store, uri);
  const folder = join(directory, 'archive');
  child = fork(script, [join(directory, 'sessions.db'), folder], {
    execArgv: ['--conditions=@onrecord/source', '--disable-warning=ExperimentalWarning'],
  });
  const ended = once(child, 'exit');
  const [message] = await Promise.race([
    once(child, 'message'),
    ended.then(() => Promise.reject(new Error('the worker ended by itself'))),
  ]);
  expect(message).toBe('half');
  expect((await store.load(id))?.transfers).toMatchObject([{ state: 'running', attempts: 1 }]);
  child.kill('SIGKILL');
  expect((await ended)[1]).toBe('SIGKILL');
  expect(files(folder), 'half a file is on the disk').toHaveLength(1);

  const provider = new HostingProvider();
  provider.files.set(uri, bytes);
  const next = (aheadMs: number) => {
    const clock = new VirtualClock(Date.now() + aheadMs);
    const archive = filesystem(folder, { clock });
    const instances = { main: { driver: hostingDriver(provider, () => clock.now()) } };
    return { clock, archive, worker: createWorker({ store, instances, archive, clock, owner: 'next' }) };
  };
  {
    // While the dead one could still be at work, nobody begins anew.
    const { clock, worker } = next(30_000);
    using _ = clock;
    await worker.tick();
    expect(provider.requests).not.toContain('open');
  }
  const { clock, archive, worker } = next(25 * 3_600_000);
  using _ = clock;
  await worker.tick();
  const { snapshot, transfers } = (await store.load(id))!;
  expect(snapshot).toMatchObject({ state: 'completed', verdict: 'present' });
  expect(provider.requests.filter((request) => request === 'open')).toHaveLength(1);
  expect(provider.deleted).toEqual([uri]);

  const storage = new Storage(archive);
  const keys: string[] = [];
  for await (const { key } of storage.list('')) keys.push(key);
  expect(keys).toEqual([expect.stringMatching(/\/manifest\.json$/), expect.stringMatching(/\/p1-master-0\.wav$/)]);
  const hash = createHash('sha256');
  for await (const piece of (await storage.get(keys[1]!)).body) hash.update(piece);
  const digest = createHash('sha256').update(bytes).digest('hex');
  expect(hash.digest('hex')).toBe(digest);
  expect(transfers.find(({ mediaKey }) => mediaKey === uri)).toMatchObject({
    state: 'stored',
    attempts: 2,
    bytes: bytes.length,
    sha256: digest,
  });
  const pieces: Uint8Array[] = [];
  for await (const piece of (await storage.get(keys[0]!)).body) pieces.push(piece);
  expect(JSON.parse(Buffer.concat(pieces).toString())).toMatchObject({
    session: { id, state: 'completed' },
    artifacts: [{ state: 'stored', sha256: digest }],
  });
  expect(
    files(folder).filter((path) => path.endsWith('.wav') || path.endsWith('manifest.json')),
    'nothing is there twice',
  ).toHaveLength(2);
});
