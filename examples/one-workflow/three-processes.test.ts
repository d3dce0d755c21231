import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SessionRecord } from '@onrecord/core';
import { sqliteSessionStore } from '@onrecord/session-store';
import { VOICE_RATE } from '@onrecord/simulator';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppProcess } from './cloud/app-process.ts';
import { openChimeSma } from './cloud/chime-sma.ts';
import { cardAbsent } from './measure/card-check.ts';
import { mediaOf } from './measure/measure-run.ts';
import { readRecordedFile } from './measure/recorded-file.ts';
import { cardWindow, duration, pauseMarks } from './measure/time-checks.ts';
import { readScript, type Turn } from './speech/script.ts';

type Scene = Awaited<ReturnType<typeof openChimeSma>>;

const signal = new AbortController().signal;
let folder: string;
let scene: Scene;
let running: AppProcess[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onrecord-processes-'));
  scene = await openChimeSma({ speechMsPerCharacter: 5, deliveryDelayMs: 100 });
  running = [];
});

afterEach(async () => {
  await Promise.all(running.map((child) => child.kill()));
  await scene[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

function start(role: 'web' | 'lambda' | 'worker'): AppProcess {
  const child = new AppProcess(role, {
    ...scene.environment,
    CONFIG: fileURLToPath(new URL('./configs/chime-sma.yaml', import.meta.url)),
    DEMO_DIR: folder,
    WORKER: 'elsewhere',
  });
  running.push(child);
  return child;
}

/** A caller dials; the three processes are up, and the call is being recorded. */
async function record(): Promise<AppProcess> {
  const [web, lambda, worker] = [start('web'), start('lambda'), start('worker')];
  const recording = web.next('state', ({ state }) => state === 'recording');
  const [, { url }] = await Promise.all([web.next('ready'), lambda.next('ready'), worker.next('ready')]);
  await Promise.all([scene.ring({ web: '', lambda: url }), recording]);
  return web;
}

/** What the session is for somebody who was not there. */
async function look<T>(work: (read: () => Promise<SessionRecord>, until: Until) => Promise<T>): Promise<T> {
  const store = sqliteSessionStore({ path: join(folder, 'sessions.db') });
  const read = async () => {
    const [id = ''] = await store.list();
    const found = await store.load(id);
    if (!found) throw new Error('there is no session');
    return found;
  };
  const until: Until = async (done) => {
    let found = await read();
    while (!done(found)) found = await store.watch(found.id, found.revision, { signal });
    return found;
  };
  try {
    return await work(read, until);
  } finally {
    await store.close();
  }
}

type Until = (done: (record: SessionRecord) => boolean) => Promise<SessionRecord>;

const pauseOf = ({ snapshot }: SessionRecord) => snapshot.commands.find(({ kind }) => kind === 'pause');

test('a pause outlives the process that asked for it, and another process goes on from there', {
  timeout: 30_000,
}, async () => {
  const [greeting, , , card, goodbye] = (await readScript()) as [Turn, Turn, Turn, Turn, Turn];
  const firstDigits: Turn = { ...card, samples: card.samples.subarray(0, 1.5 * VOICE_RATE) };
  const web = await record();
  expect(new Set([process.pid, ...running.map(({ pid }) => pid)]).size).toBe(4);
  await scene.conversation.say(greeting, signal);

  // The function learns of the pause only after the process that asked for it is gone.
  scene.chime.lambdaFaults.next({ match: 'CALL_UPDATE_REQUESTED', fault: { delayMs: 2_000 } });
  const accepted = web.next('done');
  web.tell({ tell: 'pause', until: 'accepted' });
  await accepted;
  await web.kill();
  expect(await web.exited).toBe('SIGKILL');

  await look(async (read, until) => {
    expect(pauseOf(await read())).toMatchObject({ state: 'accepted' });
    const paused = await until(({ snapshot }) => snapshot.state === 'paused');
    const pause = pauseOf(paused);
    expect(pause).toMatchObject({ state: 'confirmed', precision: 'confirmed' });
    expect(paused.reports.find(({ reportId }) => reportId === pause?.provenBy)).toMatchObject({ via: 'turn' });
  });
  await scene.conversation.say(firstDigits, signal);

  const next = start('web');
  await next.next('ready');
  const settled = next.next('settled');
  for (const [command, turn] of [
    ['resume', goodbye],
    ['stop', undefined],
  ] as const) {
    const done = next.next('done');
    next.tell({ tell: command, until: 'confirmed' });
    expect(await done).toMatchObject({ command });
    if (turn) await scene.conversation.say(turn, signal);
  }
  const { record: end } = await settled;
  expect(end.snapshot).toMatchObject({ state: 'completed', verdict: 'present', endReason: 'requested', anomalies: [] });
  expect(end.snapshot.commands.map(({ kind, state }) => `${kind} ${state}`)).toEqual(
    ['start', 'pause', 'resume', 'stop'].map((kind) => `${kind} confirmed`),
  );

  const [media] = mediaOf(end.snapshot.artifacts);
  const file = await readRecordedFile(fileURLToPath(media?.location ?? ''), 'wav', 'p1');
  expect(file.sha256).toBe(media?.sha256);
  const { spoken } = scene.conversation;
  for (const check of [
    cardAbsent([file], spoken),
    cardWindow([file], spoken, scene.capture()),
    pauseMarks(end.snapshot.pauses, spoken),
    duration([file], scene.capture()),
  ]) {
    expect(check).toMatchObject({ name: check.name, passed: true });
  }
});

test('a bucket that cannot be reached for a while costs time, and no recording', { timeout: 30_000 }, async () => {
  const web = await record();
  // More often than the SDK itself tries.
  scene.s3.faults.next({ match: 'GetObject', fault: 'drop-before-work', times: 4 });
  const settled = web.next('settled');
  const stopped = web.next('done');
  web.tell({ tell: 'stop', until: 'confirmed' });
  await stopped;
  const { record: end } = await settled;
  expect(scene.s3.faults.pending()).toBe(0);
  expect(end.snapshot).toMatchObject({ state: 'completed', verdict: 'present' });
  const [media] = mediaOf(end.snapshot.artifacts);
  expect(end.transfers.find(({ mediaKey }) => mediaKey === media?.mediaKey)?.attempts).toBeGreaterThan(1);
});
