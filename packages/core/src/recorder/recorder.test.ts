import { VirtualClock } from '@onrecord/simulator';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CallRef } from '../call/call-ref.ts';
import type { Capabilities } from '../capabilities/capabilities.ts';
import type { RecordingDriver, StartUpSetting, StartWish } from '../driver/driver.ts';
import { OnRecordError } from '../errors/index.ts';
import { runInsideTurn } from '../flow/inside-turn.ts';
import type { SessionRecord } from '../session/record.ts';
import { memorySessionStore } from '../session-store/index.ts';
import type { SessionStore } from '../session-store/session-store.ts';
import { createRecorder } from './create-recorder.ts';
import { bareCapabilities, fullCapabilities, ScriptedProvider, scriptedDriver } from './testing/scripted-provider.ts';

const call: CallRef = { kind: 'test.call', provider: 'scripted', key: 'call-1', data: { line: 1 } };
const vouched = { basis: 'application', noticeId: 'n1' } as const;
let clock: VirtualClock;
let provider: ScriptedProvider;
let store: SessionStore;
const open: AsyncDisposable[] = [];

beforeEach(() => {
  clock = new VirtualClock();
  provider = new ScriptedProvider();
  store = memorySessionStore();
});

afterEach(async () => {
  for (const each of open.splice(0)) await each[Symbol.asyncDispose]();
  clock[Symbol.dispose]();
});

function full() {
  const recorder = createRecorder(scriptedDriver(provider, fullCapabilities), { clock, store });
  open.push(recorder);
  return recorder;
}

function bare() {
  const recorder = createRecorder(scriptedDriver(provider, bareCapabilities), { clock, store });
  open.push(recorder);
  return recorder;
}

test('starts, pauses, resumes and stops, each confirmed when its promise resolves', async () => {
  const session = await full().start({ call });
  expect(session.state).toBe('recording');
  await session.pause();
  expect(session.state).toBe('paused');
  await session.resume();
  expect(session.state).toBe('recording');
  await session.stop();
  expect(session.state).toBe('processing');
  expect(provider.requests.filter((each) => each !== 'close')).toEqual(['start', 'pause', 'resume', 'stop']);
});

test('an output that the provider lacks is refused before any request', async () => {
  const request = { call, output: { media: 'audio-video', layout: 'mixed', container: 'mp4' } } as const;
  // @ts-expect-error: it does not compile either
  await expect(full().start(request)).rejects.toMatchObject({
    code: 'unsupported',
    message: expect.stringMatching(/audio-video\/mixed\/mp4.*audio\/mixed\/wav/),
  });
  expect(provider.requests).toEqual([]);
  expect(await store.list()).toEqual([]);
});

test('a driver says why it offers no such start', async () => {
  const lacks = { start: (wish: StartWish) => `Nobody documents ${JSON.stringify(wish)}.` };
  const driver = { ...scriptedDriver(provider, bareCapabilities), lacks };
  const recorder = createRecorder(driver, { store, clock, worker: false });
  const consent = { basis: 'application', noticeId: 'sign' } as const;
  const output = { media: 'audio-video', layout: 'mixed', container: 'mp4' } as const;
  const starts: readonly (readonly [object, string])[] = [
    [{ call: { ...call, kind: 'other.call' } }, 'Nobody documents {"call":"other.call"}.'],
    [{ call, output }, `Nobody documents ${JSON.stringify({ output })}.`],
    [{ call, startPaused: true }, 'Nobody documents {"startPaused":true}.'],
  ];
  for (const [request, sentence] of starts) {
    const refused = recorder.start({ call, consent, ...request } as Parameters<typeof recorder.start>[0]);
    await expect(refused).rejects.toMatchObject({ code: 'unsupported', message: expect.stringContaining(sentence) });
  }
  expect(provider.requests).toEqual([]);
});

test('a driver is told the time at the start of a recorder, and what it says then is in the report', () => {
  const asked: StartUpSetting[] = [];
  const driver: RecordingDriver<typeof fullCapabilities> = {
    ...scriptedDriver(provider, fullCapabilities),
    warnings: (setting) => {
      asked.push(setting);
      return ['It hears nothing.', { id: 'end', message: 'It ends soon.', fix: 'Move.' }, { id: 'x', message: 'So.' }];
    },
  };
  const recorder = createRecorder(driver, { store, clock, ingest: { publicUrl: 'https://app.example' } });
  open.push(recorder);
  expect(asked).toEqual([{ publicUrl: 'https://app.example', nowMs: clock.now() }]);
  expect(recorder.report().warnings).toEqual(['It hears nothing.', 'It ends soon. Move.', 'So.']);
});

test.each([
  ['a kind of call that is not recorded', { call: { ...call, kind: 'other.call' } }, 'unsupported'],
  ['a call without a key', { call: { ...call, key: '' } }, 'invalid-request'],
  [
    'more than 16 labels',
    { call, labels: Object.fromEntries(Array.from({ length: 17 }, (_, n) => [`l${n}`, 'x'])) },
    'invalid-request',
  ],
  ['a duration that is none', { call, maxDurationMs: 0 }, 'invalid-request'],
  ['a duration beyond the limit', { call, maxDurationMs: 3_600_001 }, 'unsupported'],
  ['options that are not JSON', { call, providerOptions: { big: 1n as never } }, 'invalid-request'],
] as const)('%s is refused before any request', async (_, request, code) => {
  await expect(full().start(request)).rejects.toMatchObject({ code });
  expect(provider.requests).toEqual([]);
  expect(await store.list()).toEqual([]);
});

test('starting paused needs a provider that can', async () => {
  await expect(bare().start({ call, consent: vouched, startPaused: true })).rejects.toMatchObject({
    code: 'unsupported',
  });
  expect(provider.requests).toEqual([]);
  const session = await full().start({ call, startPaused: true });
  expect(session.state).toBe('paused');
});

test('where nobody can announce, the application has to vouch', async () => {
  await expect(bare().start({ call })).rejects.toMatchObject({
    code: 'invalid-request',
    message: expect.stringContaining("basis: 'application'"),
  });
  await expect(bare().start({ call, consent: { basis: 'announced', noticeId: 'n1' } })).rejects.toMatchObject({
    code: 'invalid-request',
  });
  await expect(full().start({ call: { ...call, kind: 'test.line' } })).rejects.toMatchObject({
    code: 'invalid-request',
  });
  expect(provider.requests).toEqual([]);
  const session = await bare().start({ call, consent: vouched });
  expect((await session.record()).consent).toEqual(vouched);
});

test('a call that is being recorded is not started again, and the error names its session', async () => {
  const recorder = full();
  const session = await recorder.start({ call });
  const again = recorder.start({ call });
  await expect(again).rejects.toMatchObject({ code: 'already-exists', context: { sessionId: session.id } });
  await session.stop();
  const next = await recorder.start({ call });
  expect(next.id).not.toBe(session.id);
  expect((await next.record()).idempotencyKey).toBe('test.call:call-1#2');
});

test('two starts at once record once', async () => {
  const recorder = full();
  const results = await Promise.allSettled([recorder.start({ call }), recorder.start({ call })]);
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(provider.recordings.size).toBe(1);
});

test('an idempotency key makes a repeated start the same start, and another request a conflict', async () => {
  const recorder = full();
  const first = await recorder.start({ call, idempotencyKey: 'order-7' });
  const again = await recorder.start({ call, idempotencyKey: 'order-7' });
  expect(again.id).toBe(first.id);
  expect(provider.recordings.size).toBe(1);
  const other = { call: { ...call, key: 'call-2' }, idempotencyKey: 'order-7' };
  await expect(recorder.start(other)).rejects.toMatchObject({ code: 'conflict' });
  const tenant = await recorder.start({ ...other, tenant: 'acme' });
  expect(tenant.id).not.toBe(first.id);
});

test('a provider that records a call once is not asked a second time', async () => {
  const once = { ...fullCapabilities, starts: { scope: 'leg', concurrent: 1, total: 1 } } as const;
  const recorder = createRecorder(scriptedDriver(provider, once), { clock, store });
  open.push(recorder);
  const session = await recorder.start({ call });
  await session.stop();
  await expect(recorder.start({ call })).rejects.toMatchObject({ code: 'unsupported' });
  expect(provider.recordings.size).toBe(1);
});

test('a refused start is the error of start(), and the session says so, too', async () => {
  provider.failures.push({
    operation: 'start',
    error: new OnRecordError('permission-denied', 'Recording is not allowed here.', { blame: 'caller' }),
  });
  const recorder = full();
  await expect(recorder.start({ call })).rejects.toMatchObject({ code: 'permission-denied' });
  const [id] = await store.list();
  expect((await store.load(id!))?.snapshot).toMatchObject({ state: 'failed', endReason: 'permission-denied' });
  const next = await recorder.start({ call });
  expect(next.state).toBe('recording');
});

test('an answer that is lost after the start: the same request again, one recording', async () => {
  const lost = new OnRecordError('unavailable', 'The connection broke.', { retry: 'only-with-same-key' });
  provider.failures.push({ operation: 'start', error: lost, executed: true });
  const session = await full().start({ call });
  expect(session.state).toBe('recording');
  expect(provider.requests).toEqual(['start', 'start']);
  expect(provider.recordings.size).toBe(1);
});

test('an answer that is lost where nothing can be looked up: an event brings the recording back', async () => {
  const lost = new OnRecordError('unavailable', 'The connection broke.', { retry: 'only-with-same-key' });
  provider.failures.push({ operation: 'start', error: lost, executed: true });
  const driver = scriptedDriver(provider, { ...fullCapabilities, lookup: 'none' });
  const recorder = createRecorder(driver, { clock, store });
  open.push(recorder);
  const started = recorder.start({ call });
  await clock.advance(1_000);
  const [recording] = provider.recordings.values();
  const seen = { capturing: true, handle: recording!.handle, providerKeys: [recording!.handle] };
  const event = { ...provider.report(seen), subject: { correlation: recording!.correlation } };
  await recorder.ingest(provider.webhook({ reports: [event] }));
  const session = await started;
  await session.stop();
  expect(provider.requests).toEqual(['start', 'stop']);
  expect(recording?.ended).toBe(true);
});

test('confirmed waits for the record, whoever writes it', async () => {
  provider.mode = 'later';
  const recorder = full();
  const started = recorder.start({ call });
  await clock.advance(5_000);
  expect(provider.requests).toEqual(['start']);
  expect((await recorder.ingest(provider.settle())).status).toBe(200);
  const session = await started;
  expect(session.state).toBe('recording');
});

test('what a queue was handed comes in with that transport, in batches as large as a function takes', async () => {
  const seen: unknown[] = [];
  const driver: RecordingDriver = {
    ...scriptedDriver(provider, bareCapabilities),
    async parse({ transport, body }) {
      seen.push(transport, body.byteLength);
      return { reports: [], calls: [], unhandled: 0 };
    },
  };
  await using recorder = createRecorder(driver, { store, clock, worker: false });
  const batch = () => new Request('http://localhost/', { method: 'POST', body: new Uint8Array(6 * 1024 * 1024) });
  expect((await recorder.ingest(batch(), { transport: 'queue' })).status).toBe(200);
  expect((await recorder.ingest(batch())).status).toBe(413);
  await expect(recorder.ingest(batch(), { transport: 'pigeon' as never })).rejects.toThrow('no transport "pigeon"');
  expect(seen).toEqual(['queue', 6 * 1024 * 1024]);
});

test('accepted does not wait, and another recorder over the same store sees the rest', async () => {
  provider.mode = 'later';
  const recorder = full();
  const session = await recorder.start({ call }, { until: 'accepted' });
  expect(session.state).toBe('starting');
  const elsewhere = await full().attach(session.id);
  await recorder.ingest(provider.settle());
  expect((await elsewhere.snapshot()).state).toBe('recording');
  const paused = elsewhere.pause();
  await clock.idle();
  await recorder.ingest(provider.settle());
  await paused;
  expect((await session.snapshot()).state).toBe('paused');
});

test('a command that is not confirmed by its deadline is a timeout, and a late proof still counts', async () => {
  provider.mode = 'later';
  const recorder = full();
  const started = recorder.start({ call });
  const failed = expect(started).rejects.toMatchObject({
    code: 'timeout',
    message: expect.stringContaining('90000 ms'),
  });
  await clock.advance(90_000);
  await failed;
  const [id] = await store.list();
  expect((await store.load(id!))?.snapshot.commands).toMatchObject([{ state: 'timed-out' }]);
  await recorder.ingest(provider.settle());
  expect((await store.load(id!))?.snapshot).toMatchObject({ state: 'recording', commands: [{ state: 'confirmed' }] });
});

/** Changes the one session as another process does. */
async function edit(change: (record: SessionRecord) => SessionRecord): Promise<string> {
  const [id = ''] = await store.list();
  const record = (await store.load(id))!;
  expect(await store.save(change(record), record.revision)).toBe('saved');
  return id;
}

test('a command that takes longer, as another process learns meanwhile, is waited for until then', async () => {
  provider.mode = 'later';
  const recorder = full();
  const started = recorder.start({ call });
  await clock.advance(1_000);
  await edit((record) => ({
    ...record,
    commands: record.commands.map((command) => ({ ...command, confirmWithinMs: 300_000 })),
  }));
  await clock.advance(290_000);
  await recorder.ingest(provider.settle());
  expect((await (await started).snapshot()).commands).toMatchObject([{ state: 'confirmed' }]);
});

test('what a command waits for is named in its timeout', async () => {
  const recorder = full();
  const session = await recorder.start({ call });
  provider.mode = 'later';
  const failed = expect(session.pause()).rejects.toMatchObject({
    code: 'timeout',
    message: expect.stringContaining('It waits for the end of Speak.'),
    context: { blockedBy: 'Speak' },
  });
  await clock.advance(1_000);
  await edit((record) => ({
    ...record,
    parts: record.parts.map((part) => ({
      ...part,
      facts: { blockedBy: { command: record.commands.at(-1)?.id ?? '', action: 'Speak' } },
    })),
  }));
  await clock.advance(30_000);
  await failed;
});

test('a provider that cannot be reached until the deadline is named in the timeout', async () => {
  const recorder = full();
  const unreachable = new OnRecordError('unavailable', 'Nobody answers at provider.example.', { retry: 'safe' });
  for (let attempt = 0; attempt < 30; attempt++) provider.failures.push({ operation: 'start', error: unreachable });
  const failed = expect(recorder.start({ call })).rejects.toMatchObject({
    code: 'timeout',
    message: expect.stringMatching(/90000 ms: Nobody answers at provider\.example\./),
    cause: unreachable,
  });
  await clock.advance(90_000);
  await failed;
  // Nothing was begun, so nothing stands in the way of the next start.
  const [id] = await store.list();
  expect((await store.load(id!))?.snapshot).toMatchObject({ state: 'failed', endReason: 'provider-error' });
  provider.failures.length = 0;
  expect((await recorder.start({ call })).state).toBe('recording');
});

test('a start whose answer was lost once may have begun, whatever the attempts after it met', async () => {
  const recorder = full();
  const lost = new OnRecordError('unavailable', 'The line broke.', { retry: 'only-with-same-key' });
  const unreachable = new OnRecordError('unavailable', 'Nobody answers at provider.example.', { retry: 'safe' });
  provider.failures.push({ operation: 'start', error: lost });
  for (let attempt = 0; attempt < 30; attempt++) provider.failures.push({ operation: 'start', error: unreachable });
  const failed = expect(recorder.start({ call })).rejects.toMatchObject({ code: 'timeout' });
  await clock.advance(90_000);
  await failed;
  const [id] = await store.list();
  expect((await store.load(id!))?.snapshot.state).not.toBe('failed');
});

test('deadlines are options', async () => {
  provider.mode = 'later';
  const recorder = createRecorder(scriptedDriver(provider, fullCapabilities), {
    clock,
    store,
    deadlines: { start: 10 },
  });
  open.push(recorder);
  const failed = expect(recorder.start({ call })).rejects.toMatchObject({ code: 'timeout' });
  await clock.advance(10);
  await failed;
});

test('an abort ends the waiting, not the command', async () => {
  provider.mode = 'later';
  const recorder = full();
  const abort = new AbortController();
  const started = expect(recorder.start({ call }, { signal: abort.signal })).rejects.toThrow('no time');
  await clock.idle();
  abort.abort(new Error('no time'));
  await started;
  await recorder.ingest(provider.settle());
  const [id] = await store.list();
  expect((await store.load(id!))?.snapshot.state).toBe('recording');
  await expect(recorder.start({ call }, { signal: abort.signal })).rejects.toThrow('no time');
});

test('a verb waits for the command in flight', async () => {
  provider.mode = 'later';
  const recorder = full();
  const session = await recorder.start({ call }, { until: 'accepted' });
  const paused = session.pause();
  await clock.advance(1_000);
  expect(provider.requests).toEqual(['start']);
  await recorder.ingest(provider.settle());
  await clock.idle();
  expect(provider.requests).toEqual(['start', 'pause']);
  await recorder.ingest(provider.settle());
  await paused;
  expect(session.state).toBe('paused');
});

test('stop overtakes what is in flight, and who waited for that learns that the session ended', async () => {
  provider.mode = 'later';
  const recorder = full();
  const session = await recorder.start({ call }, { until: 'accepted' });
  await recorder.ingest(provider.settle());
  const pause = expect(session.pause()).rejects.toMatchObject({ code: 'invalid-state' });
  await clock.idle();
  provider.mode = 'answer';
  await session.stop();
  await pause;
  await session.stop();
  expect(provider.requests.filter((each) => each === 'stop')).toHaveLength(1);
});

test('pausing what is paused needs no request', async () => {
  const session = await full().start({ call });
  await session.pause();
  await session.pause();
  expect(provider.requests).toEqual(['start', 'pause']);
});

test('inside a turn waiting is refused at once', async () => {
  const recorder = full();
  const session = await recorder.start({ call });
  await runInsideTurn(async () => {
    await expect(session.pause()).rejects.toMatchObject({ code: 'invalid-state' });
    await expect(recorder.start({ call: { ...call, key: 'call-2' } })).rejects.toMatchObject({ code: 'invalid-state' });
    await session.pause({ until: 'accepted' });
  });
  expect(provider.requests).toEqual(['start', 'pause']);
});

test('verbs that a provider lacks do not exist', async () => {
  const recorder = bare();
  const session = await recorder.start({ call, consent: vouched });
  expect('pause' in session || 'secureSection' in session || 'discard' in session).toBe(false);
  expect('announce' in recorder).toBe(false);
});

test('a pause made of segments is marked, and starts a new part', async () => {
  const recorder = createRecorder(scriptedDriver(provider, bareCapabilities), {
    clock,
    store,
    emulate: ['pause-by-segments'],
  });
  open.push(recorder);
  expect(recorder.report()).toMatchObject({ emulated: ['pause-by-segments'] });
  const session = await recorder.start({ call, consent: vouched });
  await session.pause();
  expect(session.state).toBe('paused');
  await session.resume();
  expect(await session.snapshot()).toMatchObject({
    state: 'recording',
    emulated: ['pause-by-segments'],
    parts: [{ id: 'p1' }, { id: 'p2' }],
  });
  expect(provider.requests).toEqual(['start', 'stop', 'start']);
});

test('segments cannot stand in where a call can be recorded once', () => {
  const once = { ...bareCapabilities, starts: { scope: 'leg', concurrent: 1, total: 1 } } as const;
  expect(() => createRecorder(scriptedDriver(provider, once), { clock, emulate: ['pause-by-segments'] })).toThrow(
    expect.objectContaining({ code: 'unsupported' }),
  );
});

test('a requirement fails with every gap at once, or chooses the output and names what is missing', () => {
  const recorder = bare();
  const video = { media: 'audio-video', layout: 'mixed', container: 'mp4' } as const;
  const mixed = { media: 'audio', layout: 'mixed', container: 'wav' } as const;
  expect(() => recorder.require({ outputs: [video], pause: 'required', announce: 'required' })).toThrow(
    expect.objectContaining({
      code: 'unsupported',
      message: expect.stringMatching(/audio-video\/mixed\/mp4[\s\S]*pause[\s\S]*announce/),
    }),
  );
  const met = recorder.require({ outputs: [video, mixed], pause: 'preferred' });
  expect(met.output).toEqual(mixed);
  expect(met.report()).toMatchObject({ output: 'audio/mixed/wav', missing: [expect.stringContaining('pause')] });
});

test('a session that nobody knows cannot be attached to', async () => {
  await expect(full().attach('none')).rejects.toMatchObject({ code: 'not-found' });
});

test('sessions of a draining instance go on; those of an unknown one are refused by name', async () => {
  const first = await full().start({ call });
  const other = new ScriptedProvider();
  const driver = scriptedDriver(other, fullCapabilities);
  const without = createRecorder(driver, { clock, store, instance: 'new' });
  open.push(without);
  const unknown = await without.attach(first.id);
  await expect(unknown.pause()).rejects.toMatchObject({
    code: 'invalid-state',
    message: expect.stringContaining('"scripted"'),
  });
  const draining = { scripted: { driver: scriptedDriver(provider, fullCapabilities) } };
  const recorder = createRecorder(driver, { clock, store, instance: 'new', draining });
  open.push(recorder);
  const session = await recorder.attach(first.id);
  await session.pause();
  expect(provider.requests).toContain('pause');
  expect(other.requests).not.toContain('pause');
});

test('a store that fails before the start keeps the request from leaving', async () => {
  const broken: SessionStore = Object.assign(memorySessionStore(), {
    create: async () => {
      throw new OnRecordError('storage-failed', 'The disk is full.');
    },
  });
  const recorder = createRecorder(scriptedDriver(provider, fullCapabilities), { clock, store: broken });
  open.push(recorder);
  await expect(recorder.start({ call })).rejects.toMatchObject({ code: 'storage-failed' });
  expect(provider.requests).toEqual([]);
});

test('an announcement is played with the id that its notice will carry', async () => {
  const recorder = full();
  const id = await recorder.announce(call, { text: 'This call is recorded.' }, { announcementId: 'a1' });
  expect(id).toBe('a1');
  expect(provider.requests).toEqual(['announce:This call is recorded.']);
  expect(await store.recall('announcement/a1')).toMatchObject({ call: 'call-1', digest: expect.any(String) });
});

test.each([
  ['a call on which it cannot be played', { ...call, kind: 'test.line' }, { text: 'x' }],
  ['a source it cannot be played from', call, { file: 'https://prompts.example/1.wav' }],
] as const)('an announcement is refused before any request: %s', async (_, where, announcement) => {
  await expect(full().announce(where, announcement)).rejects.toMatchObject({ code: 'unsupported' });
  expect(provider.requests).toEqual([]);
});

test('an announcement that the provider asks to repeat is repeated', async () => {
  const recorder = full();
  provider.failures.push({
    operation: 'announce:x',
    error: new OnRecordError('rate-limited', 'Too many.', { retry: 'safe' }),
  });
  const announced = recorder.announce(call, { text: 'x' });
  await clock.advance(1_000);
  await announced;
  expect(provider.requests).toEqual(['announce:x', 'announce:x']);
});

const twoEffects = {
  ...fullCapabilities,
  pause: { effects: ['omitted', 'silence'], fidelity: 'native', startPaused: true },
} as const satisfies Capabilities;

test('a start chooses what pauses do, the requirement what they do else, and the driver is told', async () => {
  const told: unknown[] = [];
  const driver = scriptedDriver(provider, twoEffects);
  const recorder = createRecorder(
    {
      ...driver,
      doStart(plan, context) {
        told.push(plan.pauseEffect);
        return driver.doStart(plan, context);
      },
    },
    { clock, store },
  );
  open.push(recorder);
  const line = (key: string) => ({ call: { ...call, key } });
  await recorder.start(line('first'));
  await recorder.start({ ...line('asked'), pauseEffect: 'silence' });
  const silent = recorder.require({ pause: { effects: ['silence', 'segmented'] } });
  expect(silent.report().pauseEffect).toBe('silence');
  await silent.start(line('required'));
  await silent.require({ discard: 'required' }).start(line('required before'));
  expect(told).toEqual(['omitted', 'silence', 'silence', 'silence']);
});

test('a start with another effect under the same key is another request', async () => {
  const recorder = createRecorder(scriptedDriver(provider, twoEffects), { clock, store });
  open.push(recorder);
  await recorder.start({ call, idempotencyKey: 'once', pauseEffect: 'omitted' });
  await recorder.start({ call, idempotencyKey: 'once' });
  const other = recorder.start({ call, idempotencyKey: 'once', pauseEffect: 'silence' });
  await expect(other).rejects.toMatchObject({ code: 'conflict' });
});

test.each([
  ['has another', fullCapabilities, /no pause with the effect silence.*omitted/],
  ['cannot pause', bareCapabilities, /no pause with the effect silence.*cannot pause/],
] as const)('an effect is refused before any request where the provider %s', async (_, capabilities, message) => {
  const recorder = createRecorder<Capabilities, unknown>(scriptedDriver(provider, capabilities), { clock, store });
  open.push(recorder);
  const started = recorder.require({ pause: 'preferred' }).start({ call, consent: vouched, pauseEffect: 'silence' });
  await expect(started).rejects.toMatchObject({ code: 'unsupported', message: expect.stringMatching(message) });
  expect(provider.requests).toEqual([]);
  expect(await store.list()).toEqual([]);
});

test('a driver says why it lacks a verb, to whoever asks for it all the same', async () => {
  const own = {
    ...scriptedDriver(provider, bareCapabilities),
    lacks: { pause: 'It pauses what listens, not the file.' },
  };
  const plain = createRecorder(own, { store, clock, worker: false });
  const session = await plain.start({ call, consent: { basis: 'application', noticeId: 'sign' } });
  const full = createRecorder(scriptedDriver(provider, fullCapabilities), {
    store,
    clock,
    worker: false,
    draining: { [plain.instance]: { driver: own } },
    instance: 'other',
  });
  const typed = await full.attach(session.id);
  await expect(typed.pause()).rejects.toThrow('nothing stands in for it. It pauses what listens, not the file.');
});
