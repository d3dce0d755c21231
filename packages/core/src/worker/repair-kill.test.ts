import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sqliteSessionStore } from '@onrecord/session-store';
import { VirtualClock } from '@onrecord/simulator';
import { filesystem } from '@onrecord/storage';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readWav } from '../media/index.ts';
import type { SessionStore } from '../session-store/session-store.ts';
import { brokenWav, toneWav } from './testing/broken-wav.ts';
import { endedSession } from './testing/ended-session.ts';
import { HostingProvider, hostingDriver } from './testing/hosting-driver.ts';
import { createWorker } from './worker.ts';

const script = fileURLToPath(new URL('./testing/repair-until-killed.ts', import.meta.url));
const uri = 'https://provider.example/files/1';
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

/** Has a worker go on until a step, and kills it there. */
async function killAt(step: string): Promise<void> {
  child = fork(script, [join(directory, 'sessions.db'), join(directory, 'archive'), uri, step], {
    execArgv: ['--conditions=@onrecord/source', '--disable-warning=ExperimentalWarning'],
  });
  const ended = once(child, 'exit');
  const early = ended.then(() => Promise.reject(new Error('the worker ended by itself')));
  expect((await Promise.race([once(child, 'message'), early]))[0]).toBe(step);
  early.catch(() => {});
  child.kill('SIGKILL');
  await ended;
}

test.each([
  ['after the master', 1],
  ['inside the copy', 0],
  ['after the copy', 0],
])('kill -9 %s: the next worker leaves one master and one repaired copy', async (step, opens) => {
  const broken = brokenWav(60_000);
  const id = await endedSession(store, uri, { final: true });
  await killAt(step);
  using clock = new VirtualClock(Date.now() + 25 * 3_600_000);
  const provider = new HostingProvider();
  provider.files.set(uri, broken);
  const archive = filesystem(join(directory, 'archive'), { clock });
  const driver = hostingDriver(provider, () => clock.now());
  await createWorker({ store, instances: { main: { driver } }, archive, clock, owner: 'next' }).tick();

  const { state, artifacts } = (await store.load(id))!.snapshot;
  expect(state).toBe('completed');
  expect(provider.requests.filter((request) => request === 'open')).toHaveLength(opens);
  const stored = readdirSync(join(directory, 'archive'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(wav|json)$/.test(entry.name))
    .map(({ parentPath, name }) => [name, readFileSync(join(parentPath, name))] as const);
  const files = new Map(stored);
  expect([...files.keys()].sort()).toEqual(
    expect.arrayContaining(['manifest.json', 'p1-master-0-repaired.wav', 'p1-master-0.wav']),
  );
  expect(Buffer.from(broken).equals(files.get('p1-master-0.wav')!)).toBe(true);
  expect(Buffer.from(toneWav(60_000)).equals(files.get('p1-master-0-repaired.wav')!)).toBe(true);
  expect(readWav(files.get('p1-master-0-repaired.wav')!).integrity).toBe('complete');
  for (const { role, sha256, bytes } of artifacts.filter((artifact) => artifact.role !== 'manifest')) {
    const file = files.get(role === 'master' ? 'p1-master-0.wav' : 'p1-master-0-repaired.wav')!;
    expect({ sha256, bytes }).toEqual({
      sha256: createHash('sha256').update(file).digest('hex'),
      bytes: file.length,
    });
  }
  expect(JSON.parse(String(files.get('manifest.json')))).toMatchObject({
    artifacts: [{ role: 'master' }, { role: 'derived', derivedFrom: 'p1-master-0' }],
  });
  expect((await store.load(id))?.transfers).toHaveLength(3);
});
