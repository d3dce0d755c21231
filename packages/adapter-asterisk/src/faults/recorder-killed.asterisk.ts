import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Clock, systemClock } from '@onrecord/core';
import { sqliteSessionStore } from '@onrecord/session-store';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { placeCall } from '../testing/phones/index.ts';
import { openScene, speak } from '../testing/scene.ts';
import type { AsteriskAccess, AsteriskSuite } from '../testing/server/index.ts';
import { describeOnAsterisk } from '../testing/server/lane.ts';
import { openCutProxy } from './testing/cut-proxy.ts';
import { fileOf, openLab } from './testing/fault-lab.ts';
import { heard } from './testing/heard.ts';
import type { RecordingOrder } from './testing/record-until-killed.ts';

const script = fileURLToPath(new URL('./testing/record-until-killed.ts', import.meta.url));
let folder: string;
let child: ChildProcess | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onrecord-killed-'));
});

afterEach(async () => {
  child?.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** Another process that records the bridge. */
function recordElsewhere(server: AsteriskAccess & { readonly suite: AsteriskSuite }, app: string, bridge: string) {
  const { url, username, password, suite } = server;
  const order: RecordingOrder = {
    driver: { url, username, password, app, server: suite },
    database: join(folder, 'sessions.db'),
    archive: join(folder, 'archive'),
    bridge,
  };
  child = fork(script, { execArgv: ['--conditions=@onrecord/source', '--disable-warning=ExperimentalWarning'] });
  child.send(order);
  return child;
}

async function kill(process: ChildProcess): Promise<void> {
  process.kill('SIGKILL');
  if (process.exitCode === null && process.signalCode === null) await once(process, 'exit');
}

/** Half a minute has passed, for which a command stays with the process that sends it. */
const later: Clock = { ...systemClock, now: () => systemClock.now() + 40_000 };

const sqlite = () => sqliteSessionStore({ path: join(folder, 'sessions.db') });

describeOnAsterisk('kill -9 of the process that records', (server) => {
  test('ends nothing: another one takes the session up, listens in its place, and finishes it', async () => {
    const app = `killed-${process.pid}-${server.suite}`;
    await using call = await placeCall(server);
    call.caller.say(440);
    const recording = recordElsewhere(server, app, call.bridgeId);
    const [id] = (await once(recording, 'message')) as [string];
    await speak(500);
    await kill(recording);
    await speak(500);
    await using lab = await openLab(server, { app, store: sqlite(), intervals: { leaseMs: 2_000 } });
    const session = await lab.recorder.attach(id);
    expect(session.state).toBe('recording');
    // Nobody hears of it: who takes over has to ask.
    await call.end();
    const listening = () => lab.log.some(({ message }) => message === 'worker: listening to a provider');
    // Who died keeps its turn to listen for 13 s at most.
    await expect.poll(listening, { timeout: 20_000 }).toBe(true);
    const snapshot = await lab.settled(session);
    expect(snapshot).toMatchObject({ state: 'completed', endReason: 'call-ended', verdict: 'present', anomalies: [] });
    const file = await heard(fileOf(snapshot, 'master'), [440]);
    // It covers the time in which nobody was there.
    expect(file.ms).toBeGreaterThan(900);
    expect(file.msOf('440')).toBeGreaterThan(100);
    expect(lab.said('warn')).toEqual([]);
  });

  test('before it had the answer to its start: another one finds the recording that runs, and makes no second one', async () => {
    const app = `killed-early-${process.pid}-${server.suite}`;
    await using call = await placeCall(server);
    await using scene = openScene(server);
    await using line = await openCutProxy(server.url);
    call.caller.say(440);
    const answered = line.swallow(/^POST [^ ]*\/record\?/);
    const recording = recordElsewhere({ ...server, url: line.url }, app, call.bridgeId);
    await answered;
    await kill(recording);
    await using lab = await openLab({ ...server, url: line.url }, { app, store: sqlite(), clock: later });
    const [id = ''] = await lab.store.list();
    const session = await lab.recorder.attach(id);
    expect(session.state).not.toBe('recording');
    await lab.until(id, ({ state }) => state === 'recording');
    await speak(500);
    await session.stop();
    const snapshot = await lab.settled(session);
    expect(snapshot).toMatchObject({ state: 'completed', endReason: 'requested', verdict: 'present', anomalies: [] });
    const { json } = await scene.ari('GET', '/recordings/stored');
    expect(JSON.stringify(json).split(id)).toHaveLength(2);
  });
});
