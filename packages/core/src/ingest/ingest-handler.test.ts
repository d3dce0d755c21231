import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { VirtualClock } from '@onrecord/simulator';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CallNotice, CallRef } from '../call/index.ts';
import { timestamp } from '../clock.ts';
import type { InboundRequest, Parsed, RecordingDriver } from '../driver/driver.ts';
import { OnRecordError } from '../errors/index.ts';
import { createRecorder } from '../recorder/create-recorder.ts';
import { fullCapabilities, ScriptedProvider, scriptedDriver } from '../recorder/testing/scripted-provider.ts';
import type { Report } from '../report/report.ts';
import { memorySessionStore } from '../session-store/index.ts';
import type { SessionStore } from '../session-store/session-store.ts';
import { createIngestHandler, type IngestOptions } from './ingest-handler.ts';
import { toNodeHandler } from './to-node-handler.ts';

const call: CallRef = { kind: 'test.call', provider: 'main', key: 'call-1', data: {} };
const url = 'http://localhost/onrecord/main';
let clock: VirtualClock;
let provider: ScriptedProvider;
let store: SessionStore;
let driver: RecordingDriver;
let failures: { readonly error: unknown; readonly status: number }[];

beforeEach(() => {
  clock = new VirtualClock();
  provider = new ScriptedProvider();
  store = memorySessionStore();
  driver = scriptedDriver(provider, fullCapabilities);
  failures = [];
});

afterEach(() => clock[Symbol.dispose]());

function handler(options: Partial<IngestOptions> & { readonly onNotice?: (notice: CallNotice) => Promise<void> } = {}) {
  const { onNotice, ...others } = options;
  return createIngestHandler({
    store,
    clock,
    routes: { '/onrecord/main': { instance: 'main', driver, onNotice } },
    onError: (error, { status }) => failures.push({ error, status }),
    ...others,
  });
}

function post(body: unknown, headers: Record<string, string> = { key: provider.key }, to: string = url): Request {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return new Request(to, { method: 'POST', headers, body: text });
}

/** A session that records, and a report about it. */
async function recording(): Promise<{ readonly id: string; readonly ended: (at?: string) => Report }> {
  const recorder = createRecorder(driver, { store, clock, instance: 'main', worker: false });
  const { id } = await recorder.start({ call });
  const report = provider.report({ ended: true, capturing: false });
  return {
    id,
    ended: (at) => (at === undefined ? report : { ...report, clock: { domain: 'provider:test', at } }),
  };
}

const state = async (id: string) => (await store.load(id))?.snapshot.state;

/** A driver that parses as told. */
function parsing(parse: (request: InboundRequest) => Promise<Partial<Parsed>>): void {
  driver = {
    ...driver,
    parse: async (request) => ({ reports: [], calls: [], unhandled: 0, ...(await parse(request)) }),
  };
}

test('a success means that it is in the store', async () => {
  const { id, ended } = await recording();
  const response = await handler()(post({ reports: [ended()] }));
  expect(response.status).toBe(200);
  expect(await state(id)).toBe('processing');
});

test('a store that cannot write gets the message again, not lost', async () => {
  const { id, ended } = await recording();
  const save = store.save.bind(store);
  store.save = async () => {
    throw new OnRecordError('storage-failed', 'The disk is full.');
  };
  expect((await handler()(post({ reports: [ended()] }))).status).toBe(503);
  store.save = save;
  expect((await handler()(post({ reports: [ended()] }))).status).toBe(200);
  expect(await state(id)).toBe('processing');
});

test('a forged message is refused without a word, and changes nothing', async () => {
  const { id, ended } = await recording();
  for (const headers of [{}, { key: 'guessed' }]) {
    const response = await handler()(post({ reports: [ended()] }, headers));
    expect(response.status).toBe(401);
    expect(await response.text()).toBe('');
  }
  expect(await state(id)).toBe('recording');
  expect(failures).toMatchObject([{ status: 401, error: { code: 'signature-invalid' } }, { status: 401 }]);
});

test.each([
  [new OnRecordError('unauthenticated', 'No token.'), 401],
  [new OnRecordError('permission-denied', 'Wrong audience.'), 403],
  [new OnRecordError('invalid-request', 'Not an array.'), 400],
  [new OnRecordError('unavailable', 'The keys cannot be fetched.'), 503],
  [new Error('a bug with a detail'), 503],
] as const)('what parse throws becomes a status and nothing else: %s → %d', async (error, status) => {
  parsing(async () => {
    throw error;
  });
  const response = await handler()(post({}));
  expect(response.status).toBe(status);
  expect(await response.text()).toBe('');
});

test('a malformed message is 400', async () => {
  expect((await handler()(post('{"reports":['))).status).toBe(400);
});

test('a long body is refused, whether its length is announced or not, and never parsed', async () => {
  let parsed = 0;
  parsing(async () => {
    parsed += 1;
    return {};
  });
  const handle = handler({ maxBytes: 100 });
  expect((await handle(post('x'.repeat(100)))).status).toBe(200);
  expect((await handle(post('x'.repeat(101)))).status).toBe(413);
  let pulled = 0;
  const endless = new ReadableStream({
    pull(controller) {
      pulled += 1;
      controller.enqueue(new TextEncoder().encode('x'.repeat(10)));
    },
  });
  const streamed = new Request(url, { method: 'POST', body: endless, duplex: 'half' });
  expect((await handle(streamed)).status).toBe(413);
  expect(pulled).toBeLessThan(20);
  expect(parsed).toBe(1);
});

test('what is too old by its own clock is refused; what is fresh in the same message is kept', async () => {
  const { id, ended } = await recording();
  const at = (ageMs: number) => timestamp(clock.now() - ageMs);
  const handle = handler({ maxAgeMs: 60_000 });
  expect((await handle(post({ reports: [ended(at(60_001))] }))).status).toBe(400);
  expect(failures).toMatchObject([{ status: 400, error: { message: expect.stringContaining('too old') } }]);
  expect(await state(id)).toBe('recording');
  const stale = { ...ended(at(60_001)), reportId: 'stale' };
  expect((await handle(post({ reports: [stale, ended(at(60_000))] }))).status).toBe(200);
  expect(failures).toHaveLength(2);
  expect(await state(id)).toBe('processing');
  expect((await store.load(id))?.reports.map(({ reportId }) => reportId)).not.toContain('stale');
});

test('what made no sense in a message that is kept is told, with the status of its answer', async () => {
  const { id, ended } = await recording();
  const problem = new OnRecordError('invalid-request', 'The second event has no type.');
  const parse = async () => ({
    reports: [ended()],
    calls: [],
    unhandled: 0,
    problems: [problem],
    response: { status: 400 },
  });
  driver = { ...driver, parse };
  expect((await handler()(post({}))).status).toBe(400);
  expect(await state(id)).toBe('processing');
  expect(failures).toEqual([{ error: problem, status: 400 }]);
});

test('a late redelivery of a day is not too old by default', async () => {
  const { id, ended } = await recording();
  const report = ended(timestamp(clock.now() - 24 * 3_600_000));
  expect((await handler()(post({ reports: [report] }))).status).toBe(200);
  expect(await state(id)).toBe('processing');
});

test('the same message twice counts once', async () => {
  const { id, ended } = await recording();
  const handle = handler();
  for (let time = 0; time < 3; time++) expect((await handle(post({ reports: [ended()] }))).status).toBe(200);
  expect((await store.load(id))?.reports.filter(({ reportId }) => reportId === ended().reportId)).toHaveLength(1);
});

test('an event that overtakes the answer with its key waits for it', async () => {
  const early = { ...provider.report({ capturing: true }, 'unknown-yet'), reportId: 'early' };
  expect((await handler()(post({ reports: [early] }))).status).toBe(200);
  const parked = await store.unpark(['provider/main/unknown-yet'], timestamp(clock.now()));
  expect(parked).toMatchObject([{ report: { reportId: 'early' } }]);
});

test('a handshake is answered as the driver says', async () => {
  parsing(async () => ({
    response: { status: 202, headers: { 'webhook-allowed-origin': '*' }, body: '{"validationResponse":"7"}' },
  }));
  const response = await handler()(new Request(url, { method: 'OPTIONS' }));
  expect(response.status).toBe(202);
  expect(response.headers.get('webhook-allowed-origin')).toBe('*');
  expect(await response.json()).toEqual({ validationResponse: '7' });
});

test('the URL that was signed comes from the configuration, never from Host', async () => {
  const seen: (string | undefined)[] = [];
  parsing(async ({ url: signed }) => {
    seen.push(signed);
    return {};
  });
  const request = () => post({}, { host: 'evil.example' }, 'http://evil.example/onrecord/main?s=1.p1');
  await handler({ publicUrl: 'https://voice.example.com/hooks/' })(request());
  await handler()(request());
  expect(seen).toEqual(['https://voice.example.com/hooks/onrecord/main?s=1.p1', undefined]);
});

test.each(['voice.example.com', 'ftp://voice.example.com', 'https://voice.example.com/?a=1'])(
  'the public address %s is refused at start-up',
  (publicUrl) => {
    expect(() => handler({ publicUrl })).toThrow(expect.objectContaining({ code: 'invalid-request' }));
  },
);

test('other paths, and instances that take no webhooks, are not there', async () => {
  expect((await handler()(post({}, {}, 'http://localhost/other'))).status).toBe(404);
  const { parse: _, ...mute } = driver;
  const routes = { '/onrecord/main': { instance: 'main', driver: mute } };
  expect((await handler({ routes })(post({}))).status).toBe(404);
});

test('a notice that is not handled is delivered again', async () => {
  const notice: CallNotice = { type: 'call.connected', noticeId: 'n1', call, answered: true };
  let tries = 0;
  const handle = handler({
    onNotice: async () => {
      tries += 1;
      if (tries === 1) throw new Error('not now');
    },
  });
  expect((await handle(post({ calls: [notice] }))).status).toBe(500);
  expect((await handle(post({ calls: [notice] }))).status).toBe(200);
});

test('node:http serves it: method, path, headers and body arrive, status and body return', async () => {
  const { id, ended } = await recording();
  const server = createServer(toNodeHandler(handler()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const send = (path: string, headers: Record<string, string>, body: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const outgoing = httpRequest({ port, path, method: 'POST', headers }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode));
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  const body = JSON.stringify({ reports: [ended()] });
  expect(await send('/onrecord/main', { key: 'guessed' }, body)).toBe(401);
  expect(await send('/elsewhere', { key: provider.key }, body)).toBe(404);
  expect(await send('/onrecord/main', { key: provider.key }, body)).toBe(200);
  expect(await state(id)).toBe('processing');
  await new Promise((resolve) => server.close(resolve));
});

test('node:http gets a 500 when a handler throws', async () => {
  const server = createServer(toNodeHandler(() => Promise.reject(new Error('a bug'))));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}/x`);
  expect([response.status, await response.text()]).toEqual([500, '']);
  await new Promise((resolve) => server.close(resolve));
});

test('a webhook that leaves open what is the case makes the provider be asked before it is answered', async () => {
  const { id } = await recording();
  const asked: string[] = [];
  parsing(async () => ({ ask: [`${id}.p1`, `${id}.p1`, 'nothing', '01890a5d-ac96-774b-bcce-b302099a8057.p1'] }));
  driver = {
    ...driver,
    async doStatus({ correlation }, { pollId }) {
      asked.push(correlation);
      return [{ ...provider.report({ ended: true, endReason: 'call-ended' }), reportId: pollId, via: 'poll' }];
    },
  };
  expect((await handler()(post({}))).status).toBe(200);
  expect(asked).toEqual([`${id}.p1`]);
  expect((await store.load(id))?.snapshot.state).toBe('processing');
});

test('a provider that cannot be asked is no reason to refuse its webhook', async () => {
  const { id } = await recording();
  parsing(async () => ({ ask: [`${id}.p1`] }));
  driver = {
    ...driver,
    async doStatus() {
      throw new OnRecordError('unavailable', 'Not now.');
    },
  };
  expect((await handler()(post({}))).status).toBe(200);
  expect(failures).toMatchObject([{ status: 200 }]);
  driver = { ...driver, doStatus: () => new Promise(() => {}) };
  const answer = handler()(post({}));
  expect((await clock.until(answer, 6_000)).status).toBe(200);
});
