import { VirtualClock } from '@onrecord/simulator';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CallRef } from '../call/index.ts';
import { timestamp } from '../clock.ts';
import type { Adoption, Parsed, RecordingDriver } from '../driver/driver.ts';
import { OnRecordError } from '../errors/index.ts';
import { createRecorder } from '../recorder/create-recorder.ts';
import { bareCapabilities, ScriptedProvider, scriptedDriver } from '../recorder/testing/scripted-provider.ts';
import type { Report, Seen } from '../report/report.ts';
import { memorySessionStore } from '../session-store/index.ts';
import type { SessionStore } from '../session-store/session-store.ts';
import { createIngestHandler } from './ingest-handler.ts';

const call: CallRef = { kind: 'test.call', provider: '', key: 'connector/call-1', data: {} };
const output = bareCapabilities.outputs[0];
const adoption: Adoption = { providerKey: 'call-1', call, output };
const consent = { basis: 'application', noticeId: 'sign' } as const;
let clock: VirtualClock;
let provider: ScriptedProvider;
let store: SessionStore;
let count: number;

beforeEach(() => {
  clock = new VirtualClock();
  provider = new ScriptedProvider();
  store = memorySessionStore();
  count = 0;
});

afterEach(() => clock[Symbol.dispose]());

/** A driver whose webhooks are what it makes of them. */
function driver(): RecordingDriver {
  return {
    ...scriptedDriver(provider, bareCapabilities),
    parse: async ({ body }) => ({ calls: [], unhandled: 0, ...(JSON.parse(Buffer.from(body).toString()) as Message) }),
  };
}

type Message = Pick<Parsed, 'reports' | 'adopt'>;

function handler() {
  const route = { instance: 'main', driver: driver(), adoption: { deployment: 'production' } };
  return createIngestHandler({ store, clock, routes: { '/main': route } });
}

function post(message: Message): Request {
  return new Request('http://localhost/main', { method: 'POST', body: JSON.stringify(message) });
}

function report(seen: Seen): Report {
  return {
    reportId: `event-${count++}`,
    subject: { providerKey: 'call-1' },
    seen,
    cause: { unattributed: true },
    clock: { domain: 'none' },
    via: 'push',
    receivedAt: timestamp(clock.now()),
  };
}

async function theOne() {
  const ids = await store.list();
  expect(ids).toHaveLength(1);
  const record = await store.load(ids[0]!);
  return record!;
}

const created = (): Message => ({ adopt: [adoption], reports: [report({ handle: 'h', capturing: true })] });

describe('a recording that began without us', () => {
  test('gets a session that records, with its ledger entry, its events and no request to the provider', async () => {
    expect((await handler()(post(created()))).status).toBe(200);
    const record = await theOne();
    expect(record).toMatchObject({ provider: 'main', deployment: 'production', call: { provider: 'main' }, output });
    expect(record.snapshot.state).toBe('recording');
    expect(record.commands).toMatchObject([{ kind: 'start', adopted: true }]);
    expect(record.parts[0]).toMatchObject({ handle: 'h', keys: ['call-1'] });
    expect(record.expectations).toMatchObject([{ partId: 'p1', state: 'expected' }]);
    const events = record.outbox.map(({ event }) => event);
    expect(events.map(({ type }) => type.split('.').slice(2, 4).join('.'))).toEqual([
      'recording.requested',
      'recording.starting',
      'recording.started',
      'command.confirmed',
    ]);
    expect(events[0]!.data).toMatchObject({ adopted: true });
    expect(events.map(({ sequence }) => sequence)).toEqual(['1', '2', '3', '4']);
    expect(provider.requests).toEqual([]);
  });

  test('is told of again and again, in one message and in several, and stays one', async () => {
    const receive = handler();
    await receive(post({ adopt: [adoption, adoption], reports: [] }));
    const { id, sequence } = await theOne();
    await receive(post({ adopt: [adoption], reports: [] }));
    expect(await theOne()).toMatchObject({ id, sequence });
  });

  test('costs no look for what waits for it once it has its session', async () => {
    const receive = handler();
    await receive(post(created()));
    const unpark = store.unpark.bind(store);
    let looks = 0;
    store.unpark = (...args) => {
      looks += 1;
      return unpark(...args);
    };
    for (let event = 0; event < 3; event++) {
      await receive(post({ adopt: [adoption], reports: [report({ capturing: true })] }));
    }
    expect(looks).toBe(0);
  });

  test('counts from when it began, as far as that is told, and not from a time to come', async () => {
    await handler()(post({ adopt: [{ ...adoption, startedAt: timestamp(clock.now() - 60_000) }], reports: [] }));
    expect((await theOne()).commands[0]?.firstSentAt).toBe(timestamp(clock.now() - 60_000));
    store = memorySessionStore();
    await handler()(post({ adopt: [{ ...adoption, startedAt: timestamp(clock.now() + 60_000) }], reports: [] }));
    expect((await theOne()).commands[0]?.firstSentAt).toBe(timestamp(clock.now()));
  });

  test('takes in what was told of it before anybody could know', async () => {
    const receive = handler();
    await receive(post({ reports: [report({ capturing: true, handle: 'h' })] }));
    expect(await store.list()).toEqual([]);
    await receive(post({ adopt: [adoption], reports: [] }));
    expect((await theOne()).snapshot.state).toBe('recording');
  });

  test('that is over when it is first told of goes straight to its file', async () => {
    const media = [{ key: 'f', uri: 'https://provider.example/f.wav', role: 'master', container: 'wav' } as const];
    await handler()(post({ adopt: [adoption], reports: [report({ ended: true, endReason: 'call-ended', media })] }));
    expect((await theOne()).snapshot).toMatchObject({
      state: 'completed',
      endReason: 'call-ended',
      verdict: 'present',
    });
  });

  test('is stopped like any other', async () => {
    await using recorder = createRecorder(driver(), { store, clock, instance: 'main', worker: false });
    provider.recordings.set('h', { correlation: '', handle: 'h', capturing: true, ended: false });
    await recorder.ingest(post(created()));
    const { id, deployment } = await theOne();
    expect(deployment).toBe('default');
    await (await recorder.attach(id)).stop({ until: 'accepted' });
    expect(provider.requests).toEqual(['stop']);
  });

  test('keeps its call from being started as if nothing recorded it', async () => {
    await using recorder = createRecorder(driver(), { store, clock, instance: 'main', worker: false });
    await recorder.ingest(post(created()));
    await expect(recorder.start({ call, consent })).rejects.toMatchObject({
      code: 'already-exists',
      context: { sessionId: (await theOne()).id },
    });
  });

  test('beside one that a program started on the same call is a session of its own', async () => {
    await using recorder = createRecorder(driver(), { store, clock, instance: 'main', worker: false });
    const started = await recorder.start({ call, consent });
    await recorder.ingest(post(created()));
    const ids = await store.list();
    expect(ids).toHaveLength(2);
    expect(ids).toContain(started.id);
  });

  test('of which nothing more is heard is an alarm: its start is given up like any other, and it is never sent', async () => {
    await using recorder = createRecorder(driver(), { store, clock, instance: 'main' });
    await recorder.ingest(post({ adopt: [adoption], reports: [] }));
    await clock.advance(120_000);
    const { snapshot } = await theOne();
    expect(snapshot.state).toBe('starting');
    expect(snapshot.anomalies.map(({ code }) => code)).toEqual(['command-timed-out']);
    expect(provider.requests.filter((request) => request === 'start')).toEqual([]);
  });

  test('makes no session when all that is told of it is too old, whatever came along in the same message', async () => {
    const at = timestamp(clock.now() - 26 * 3_600_000);
    const clockOf = { domain: 'provider:x', at } as const;
    const old = { ...report({ ended: true }), subject: { providerKey: 'old' }, clock: clockOf };
    const { adopt = [], reports } = created();
    const message = { adopt: [...adopt, { ...adoption, providerKey: 'old' }], reports: [...reports, old] };
    expect((await handler()(post(message))).status).toBe(200);
    expect((await theOne()).parts[0]).toMatchObject({ handle: 'h' });
  });

  test('in an output that the driver does not declare is a fault of the driver, and makes no session', async () => {
    const wrong = { ...adoption, output: { ...output, container: 'mp4' } } as const;
    expect((await handler()(post({ adopt: [wrong], reports: [] }))).status).toBe(400);
    expect(await store.list()).toEqual([]);
  });
});

describe('races and faults', () => {
  test('two workers that hear of it at once, several times each, make one session', async () => {
    const [one, other] = [handler(), handler()];
    const messages = Array.from({ length: 8 }, (_, index) => (index % 2 ? one : other)(post(created())));
    const answers = await Promise.all(messages);
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect((await theOne()).snapshot).toMatchObject({ state: 'recording', anomalies: [] });
  });

  test('two workers that take the same number of the call at once both get one', async () => {
    const other: Adoption = { ...adoption, providerKey: 'call-2' };
    await Promise.all([
      handler()(post({ adopt: [adoption], reports: [] })),
      handler()(post({ adopt: [other], reports: [] })),
    ]);
    expect(await store.list()).toHaveLength(2);
  });

  test('two deployments over one store make one session of it', async () => {
    const deployed = (deployment: string) =>
      createIngestHandler({
        store,
        clock,
        routes: { '/main': { instance: 'main', driver: driver(), adoption: { deployment } } },
      });
    const answers = await Promise.all(['blue', 'green'].map((name) => deployed(name)(post(created()))));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect((await theOne()).snapshot.state).toBe('recording');
  });

  test('a process that dies before it takes in what was told earlier leaves that to the worker', async () => {
    await handler()(post({ reports: [report({ capturing: true, handle: 'h' })] }));
    const unpark = store.unpark.bind(store);
    store.unpark = async () => {
      throw new Error('dead');
    };
    expect((await handler()(post({ adopt: [adoption], reports: [] }))).status).toBe(500);
    expect((await theOne()).snapshot.state).toBe('starting');
    store.unpark = unpark;
    await using recorder = createRecorder(driver(), { store, clock, instance: 'main', worker: false });
    await recorder.createWorker().tick();
    expect((await theOne()).snapshot.state).toBe('recording');
  });

  test('a store that cannot write gets the message again', async () => {
    const create = store.create.bind(store);
    store.create = async () => {
      throw new OnRecordError('unavailable', 'The store is down.', { retry: 'safe' });
    };
    expect((await handler()(post(created()))).status).toBe(503);
    expect(await store.list()).toEqual([]);
    store.create = create;
    expect((await handler()(post(created()))).status).toBe(200);
    expect((await theOne()).snapshot.state).toBe('recording');
  });

  test('a store whose answer was lost after it wrote makes no second session', async () => {
    const create = store.create.bind(store);
    store.create = async (...args) => {
      await create(...args);
      throw new Error('the answer was lost');
    };
    expect((await handler()(post(created()))).status).toBe(500);
    store.create = create;
    expect((await handler()(post(created()))).status).toBe(200);
    expect((await theOne()).snapshot.state).toBe('recording');
  });
});
