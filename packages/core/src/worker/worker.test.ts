import { createHash } from 'node:crypto';
import { VirtualClock } from '@onrecord/simulator';
import { memory } from '@onrecord/storage';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { commit } from '../engine/commit.ts';
import { createSession } from '../engine/create-session.ts';
import { newSessionId } from '../engine/ids.ts';
import { recordCommand } from '../engine/record-command.ts';
import { routeReports } from '../engine/route-reports.ts';
import { OnRecordError } from '../errors/index.ts';
import type { EventSink, RecordingEvent } from '../events/event.ts';
import { wavBytes } from '../media/index.ts';
import { executeCommand } from '../recorder/execute-command.ts';
import { correlationOf } from '../report/report.ts';
import { memorySessionStore } from '../session-store/index.ts';
import type { SessionStore } from '../session-store/session-store.ts';
import { Storage } from '../storage/index.ts';
import { fileReport, HostingProvider, hostingDriver } from './testing/hosting-driver.ts';
import { createWorker, type Worker } from './worker.ts';

let clock: VirtualClock;
let store: SessionStore;
let provider: HostingProvider;
let worker: Worker;
let delivered: RecordingEvent[];
let archive: ReturnType<typeof memory>;
let sink: EventSink;
const signal = new AbortController().signal;
const uri = 'https://provider.example/files/1';
const call = { kind: 'azure.server-call', provider: 'main', key: 'call-1', data: {} } as const;

beforeEach(() => {
  clock = new VirtualClock();
  store = memorySessionStore();
  provider = new HostingProvider();
  archive = memory();
  delivered = [];
  sink = { name: 'test', deliver: async (event) => void delivered.push(event) };
  worker = build();
});

afterEach(() => clock[Symbol.dispose]());

function build(): Worker {
  return createWorker({
    store,
    instances: { main: { driver: hostingDriver(provider, () => clock.now()) } },
    archive,
    sinks: [{ name: 'through', deliver: (event, options) => sink.deliver(event, options) }],
    clock,
  });
}

async function start(mode: 'none' | 'copy' | 'move' = 'copy'): Promise<string> {
  const id = newSessionId(clock.now());
  const record = createSession(
    {
      id,
      provider: 'main',
      deployment: 'test',
      call,
      output: { media: 'audio', layout: 'mixed', container: 'wav' },
      idempotencyKey: id,
      archive: { mode },
    },
    clock.now(),
  );
  await store.create(record, []);
  return id;
}

async function send(id: string, commandId?: string): Promise<void> {
  const record = await store.load(id);
  const command = commandId ?? record?.commands.at(-1)?.id ?? '';
  const context = { store, driver: hostingDriver(provider, () => clock.now()), instance: 'main', clock };
  await executeCommand(context, id, command, { signal });
}

async function ask(id: string, kind: 'pause' | 'resume' | 'stop'): Promise<void> {
  await commit(store, id, (before) => {
    const recorded = recordCommand(before, { kind }, clock.now());
    return recorded.kind === 'recorded' ? recorded.record : undefined;
  });
  await send(id);
}

async function tickFor(ms: number, stepMs = 500): Promise<void> {
  for (let passed = 0; passed < ms; passed += stepMs) {
    await worker.tick();
    await clock.advance(stepMs);
  }
  await worker.tick();
}

const state = async (id: string) => (await store.load(id))?.snapshot.state;
const wav = (ms: number) => wavBytes({ sampleRate: 8_000, channels: [new Int16Array(ms * 8)] });

test('a start, a pause and a stop that only a poll can confirm are confirmed', async () => {
  const id = await start('none');
  await send(id);
  expect(await state(id)).toBe('starting');
  await tickFor(1_000);
  expect(await state(id)).toBe('recording');
  await ask(id, 'pause');
  await tickFor(1_000);
  expect(await state(id)).toBe('paused');
  await ask(id, 'stop');
  await tickFor(1_000);
  expect(await state(id)).toBe('processing');
});

test('a finished file is copied, digested and described before the session completes', async () => {
  const id = await start();
  await send(id);
  await tickFor(1_000);
  provider.files.set(uri, wav(2_000));
  await ask(id, 'stop');
  await routeReports(store, 'main', [fileReport(correlationOf(id, 'p1'), uri, clock.now())], clock.now());
  await tickFor(1_000);
  const { snapshot } = (await store.load(id))!;
  expect(snapshot.state).toBe('completed');
  expect(snapshot.verdict).toBe('present');
  const master = snapshot.artifacts.find(({ role }) => role === 'master');
  expect(master).toMatchObject({ state: 'stored', bytes: 32_044, durationMs: 2_000, channels: 1 });
  expect(master?.sha256).toMatch(/^[0-9a-f]{64}$/);
  const storage = new Storage(archive);
  const keys: string[] = [];
  for await (const { key } of storage.list('')) keys.push(key);
  expect(keys).toEqual([expect.stringMatching(/manifest\.json$/), expect.stringMatching(/\.wav$/)]);
  expect(provider.deleted).toEqual([]);
  expect(delivered.map(({ sequence }) => Number(sequence))).toEqual(delivered.map((_, index) => index + 1));
  expect(delivered.map(({ type }) => type)).toContain('dev.onrecord.artifact.stored.v1');
});

test('the manifest describes the files that come after the session completed, too', async () => {
  const id = await start();
  await send(id);
  await tickFor(1_000);
  const metadata = 'https://provider.example/files/1/metadata';
  provider.files.set(uri, wav(2_000)).set(metadata, new TextEncoder().encode('{}'));
  const report = fileReport(correlationOf(id, 'p1'), uri, clock.now());
  const media = [...(report.seen.media ?? []), { key: metadata, uri: metadata, role: 'metadata' as const }];
  await ask(id, 'stop');
  await routeReports(store, 'main', [{ ...report, seen: { ...report.seen, media } }], clock.now());
  await tickFor(2_000);
  const { artifacts } = (await store.load(id))!.snapshot;
  const manifest = artifacts.find(({ role }) => role === 'manifest');
  const storage = new Storage(archive);
  const { body } = await storage.get(archive.keyOf(manifest?.location ?? '') ?? '', { signal });
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  const bytes = Buffer.concat(pieces);
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(manifest?.sha256);
  expect(JSON.parse(bytes.toString('utf8'))).toMatchObject({
    artifacts: artifacts
      .filter(({ role }) => role !== 'manifest')
      .map(({ id: artifactId, sha256 }) => ({ id: artifactId, state: 'stored', sha256 })),
  });
});

test('moving deletes the source only after the copy was verified', async () => {
  const id = await start('move');
  await send(id);
  await tickFor(1_000);
  provider.files.set(uri, wav(100).subarray(0, 1_000));
  await routeReports(store, 'main', [fileReport(correlationOf(id, 'p1'), uri, clock.now())], clock.now());
  await tickFor(2_000);
  expect(await state(id)).toBe('processing');
  expect(provider.deleted).toEqual([]);
  provider.files.set(uri, wav(100));
  await tickFor(60_000, 5_000);
  expect(await state(id)).toBe('completed');
  expect(provider.deleted).toEqual([uri]);
});

test('a file that never comes is said to be missing, then lost; a late file heals the first', async () => {
  const late = await start();
  const lost = await start();
  for (const id of [late, lost]) {
    await send(id);
    await tickFor(1_000);
    await ask(id, 'stop');
  }
  await tickFor(700_000, 50_000);
  expect((await store.load(late))?.snapshot.verdict).toBe('missing');
  expect(delivered.map(({ type }) => type)).toContain('dev.onrecord.recording.missing.v1');
  provider.files.set(uri, wav(50));
  await routeReports(store, 'main', [fileReport(correlationOf(late, 'p1'), uri, clock.now())], clock.now());
  await tickFor(3 * 24 * 3_600_000, 6 * 3_600_000);
  expect((await store.load(late))?.snapshot.state).toBe('completed');
  expect((await store.load(lost))?.snapshot).toMatchObject({ state: 'failed', endReason: 'lost' });
});

test('a command that nothing confirms is given up at its deadline', async () => {
  const id = await start('none');
  await send(id);
  provider.recordings.clear();
  await tickFor(100_000, 10_000);
  expect((await store.load(id))?.snapshot.commands[0]?.state).toBe('timed-out');
});

test('a command whose process died before sending it is sent by the worker, once', async () => {
  const id = await start('none');
  await tickFor(15_000, 1_000);
  expect(await state(id)).toBe('recording');
  expect(provider.requests.filter((request) => request === 'start')).toHaveLength(1);
});

test('an answer lost after the start is settled by the same request: one recording', async () => {
  const id = await start('none');
  const driver = hostingDriver(provider, () => clock.now());
  let lost = true;
  const losing = {
    ...driver,
    async doStart(...args: Parameters<typeof driver.doStart>) {
      const outcome = await driver.doStart(...args);
      if (lost) {
        lost = false;
        throw new OnRecordError('unavailable', 'The connection broke.', { retry: 'only-with-same-key' });
      }
      return outcome;
    },
  };
  const command = (await store.load(id))?.commands[0]?.id ?? '';
  await executeCommand({ store, driver: losing, instance: 'main', clock }, id, command, { signal });
  await tickFor(1_000);
  expect(provider.recordings.size).toBe(1);
  expect(await state(id)).toBe('recording');
});

test('a sink that fails is asked again, in order, and holds back what comes after', async () => {
  let failures = 2;
  sink = {
    name: 'flaky',
    async deliver(event) {
      if (failures-- > 0) throw new Error('down');
      delivered.push(event);
    },
  };
  const id = await start('none');
  await send(id);
  await tickFor(10_000);
  expect(delivered.map(({ sequence }) => Number(sequence))).toEqual(delivered.map((_, index) => index + 1));
  expect(delivered.length).toBeGreaterThanOrEqual(3);
  expect((await store.load(id))?.outbox).toEqual([]);
});

test('a secure section past its limit is announced and stays paused', async () => {
  const id = await start('none');
  await send(id);
  await tickFor(1_000);
  await commit(store, id, (before) => {
    const recorded = recordCommand(before, { kind: 'pause', purpose: 'secure', maxMs: 5_000 }, clock.now());
    return recorded.kind === 'recorded' ? recorded.record : undefined;
  });
  await send(id);
  await tickFor(10_000, 1_000);
  const types = delivered.map(({ type }) => type);
  expect(types.filter((type) => type === 'dev.onrecord.secure.expired.v1')).toHaveLength(1);
  expect(types.indexOf('dev.onrecord.secure.entered.v1')).toBeLessThan(types.indexOf('dev.onrecord.secure.expired.v1'));
  expect(await state(id)).toBe('paused');
});

test('a worker that died is replaced: its lease runs out and another goes on', async () => {
  const id = await start('none');
  await send(id);
  const claimed = await store.claimDue({
    now: new Date(clock.now()).toISOString(),
    limit: 10,
    leaseMs: 60_000,
    owner: 'a worker that dies now',
  });
  expect(claimed.map((record) => record.id)).toEqual([id]);
  await tickFor(30_000, 5_000);
  expect(await state(id)).toBe('starting');
  await tickFor(40_000, 5_000);
  expect(await state(id)).toBe('recording');
});
