import { VirtualClock } from '@onrecord/simulator';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CallRef } from '../call/call-ref.ts';
import { OnRecordError } from '../errors/index.ts';
import { memorySessionStore } from '../session-store/index.ts';
import type { SessionStore } from '../session-store/session-store.ts';
import { createRecorder } from './create-recorder.ts';
import { fullCapabilities, ScriptedProvider, scriptedDriver } from './testing/scripted-provider.ts';

const call: CallRef = { kind: 'test.call', provider: 'scripted', key: 'call-1', data: {} };
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

function recorder(options: { readonly worker?: boolean } = {}) {
  const made = createRecorder(scriptedDriver(provider, fullCapabilities), { clock, store, ...options });
  open.push(made);
  return made;
}

const state = async (id: string) => (await store.load(id))?.snapshot.state;
const capturing = () => [...provider.recordings.values()].at(-1)?.capturing;

test('collects only while the provider captures nothing, and records again after', async () => {
  const session = await recorder().start({ call });
  const seen = await session.secureSection(
    async ({ signal }) => {
      expect(signal.aborted).toBe(false);
      return capturing();
    },
    { maxMs: 60_000 },
  );
  expect(seen).toBe(false);
  expect(capturing()).toBe(true);
  expect(session.state).toBe('recording');
  const { commands } = await session.record();
  expect(commands.map(({ kind, purpose }) => [kind, purpose])).toEqual([
    ['start', undefined],
    ['pause', 'secure'],
    ['resume', 'secure'],
  ]);
});

test('what the function throws comes out, and the recording goes on', async () => {
  const session = await recorder().start({ call });
  const failed = session.secureSection(
    () => {
      throw new Error('the caller hung up on the form');
    },
    { maxMs: 60_000 },
  );
  await expect(failed).rejects.toThrow('the caller hung up on the form');
  expect(capturing()).toBe(true);
});

test('a pause that is not proven in time: the function never runs', async () => {
  const session = await recorder().start({ call });
  provider.mode = 'later';
  let ran = false;
  const failed = session.secureSection(
    () => {
      ran = true;
    },
    { maxMs: 60_000 },
  );
  const told = expect(failed).rejects.toMatchObject({ code: 'timeout' });
  await clock.advance(30_000);
  await told;
  expect(ran).toBe(false);
  expect(provider.requests).not.toContain('stop');
});

test('an accepted pause is no proof', async () => {
  const made = recorder();
  const session = await made.start({ call });
  provider.mode = 'later';
  let ran = false;
  const section = session.secureSection(
    () => {
      ran = true;
    },
    { maxMs: 60_000 },
  );
  await clock.advance(5_000);
  expect(provider.requests).toContain('pause');
  expect(ran).toBe(false);
  const proof = provider.settle();
  provider.mode = 'answer';
  await made.ingest(proof);
  await section;
  expect(ran).toBe(true);
});

test('onUnproven stop: the recording is stopped, the function never runs, and the caller is told', async () => {
  const session = await recorder().start({ call });
  provider.failures.push({
    operation: 'pause',
    error: new OnRecordError('provider-contract', 'Pausing is broken.', { blame: 'provider' }),
  });
  let ran = false;
  const failed = session.secureSection(
    () => {
      ran = true;
    },
    { maxMs: 60_000, onUnproven: 'stop' },
  );
  await expect(failed).rejects.toMatchObject({ code: 'provider-contract' });
  expect(ran).toBe(false);
  expect(capturing()).toBe(false);
  expect(session.state).toBe('processing');
});

test('neither paused nor stopped: the error says that it still records', async () => {
  const session = await recorder().start({ call });
  const broken = new OnRecordError('provider-contract', 'Broken.', { blame: 'provider' });
  provider.failures.push({ operation: 'pause', error: broken }, { operation: 'stop', error: broken });
  const failed = session.secureSection(() => {}, { maxMs: 60_000, onUnproven: 'stop' });
  await expect(failed).rejects.toMatchObject({
    code: 'provider-contract',
    message: expect.stringContaining('Assume that it still records'),
    cause: expect.any(AggregateError),
  });
});

test('past maxMs the signal aborts, the recording stays paused while the function runs, and after it', async () => {
  const session = await recorder().start({ call });
  let finish = () => {};
  let aborted: unknown;
  const section = session.secureSection(
    ({ signal }) =>
      new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => {
          aborted = signal.reason;
        });
        finish = resolve;
      }),
    { maxMs: 60_000 },
  );
  const told = expect(section).rejects.toMatchObject({
    code: 'timeout',
    message: expect.stringContaining('stays paused'),
  });
  await clock.advance(59_999);
  expect(aborted).toBeUndefined();
  await clock.advance(1);
  expect(aborted).toMatchObject({ code: 'timeout' });
  await clock.advance(600_000);
  expect(await state(session.id)).toBe('paused');
  finish();
  await told;
  await clock.advance(600_000);
  expect(await state(session.id)).toBe('paused');
  expect(provider.requests).not.toContain('resume');
  await session.resume();
  expect(capturing()).toBe(true);
});

test('a function that throws too late keeps its error as the cause', async () => {
  const session = await recorder().start({ call });
  const section = session.secureSection(
    async ({ signal }) => {
      await clock.delay(120_000, { signal });
    },
    { maxMs: 60_000 },
  );
  const told = expect(section).rejects.toMatchObject({ code: 'timeout', cause: expect.any(AggregateError) });
  await clock.advance(60_000);
  await told;
  expect(await state(session.id)).toBe('paused');
});

test('a process that dies inside leaves the recording paused, whatever time passes', async () => {
  const session = await recorder({ worker: false }).start({ call });
  void session.secureSection(() => new Promise(() => {}), { maxMs: 60_000 });
  await clock.idle();
  expect(await state(session.id)).toBe('paused');
  // Another process with a worker, over the same store and provider.
  const elsewhere = await recorder().attach(session.id);
  await clock.advance(3_600_000);
  expect(capturing()).toBe(false);
  expect((await elsewhere.snapshot()).state).toBe('paused');
  expect(provider.requests).not.toContain('resume');
});

test('onAbandoned stop: another process stops what the dead one left paused', async () => {
  const session = await recorder({ worker: false }).start({ call });
  void session.secureSection(() => new Promise(() => {}), { maxMs: 60_000, onAbandoned: 'stop' });
  await clock.idle();
  await recorder().attach(session.id);
  await clock.advance(55_000);
  expect(provider.requests).not.toContain('stop');
  await clock.advance(30_000);
  expect(provider.requests).toContain('stop');
});

test('somebody who resumes meanwhile aborts the section, which fails whatever it collected', async () => {
  const session = await recorder().start({ call });
  let reason: unknown;
  const section = session.secureSection(
    async ({ signal }) => {
      await session.resume();
      await clock.idle();
      reason = signal.reason;
      return 'digits';
    },
    { maxMs: 60_000 },
  );
  await expect(section).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('treat it as sensitive'),
  });
  expect(reason).toMatchObject({ code: 'conflict' });
});

test('a session that was paused before stays paused after', async () => {
  const session = await recorder().start({ call });
  await session.pause();
  expect(await session.secureSection(() => 'digits', { maxMs: 60_000 })).toBe('digits');
  expect(session.state).toBe('paused');
  expect(provider.requests).toEqual(['start', 'pause']);
});

test('two sections at once: the second is refused, so that the first cannot resume under it', async () => {
  const session = await recorder().start({ call });
  let finish = () => {};
  const first = session.secureSection(
    () =>
      new Promise<void>((resolve) => {
        finish = resolve;
      }),
    { maxMs: 60_000 },
  );
  await clock.idle();
  let ran = false;
  const second = session.secureSection(
    () => {
      ran = true;
    },
    { maxMs: 60_000 },
  );
  await expect(second).rejects.toMatchObject({ code: 'conflict' });
  expect(ran).toBe(false);
  finish();
  await first;
  expect(capturing()).toBe(true);
});

test('the call ends inside: the result is kept, and nothing is resumed', async () => {
  const made = recorder();
  const session = await made.start({ call });
  const section = session.secureSection(
    async () => {
      const ended = provider.report({ capturing: false, ended: true, endReason: 'call-ended' });
      await made.ingest(provider.webhook({ reports: [ended] }));
      return 'digits';
    },
    { maxMs: 60_000 },
  );
  expect(await section).toBe('digits');
  expect(provider.requests).not.toContain('resume');
});

test('a recording that cannot be resumed is an error, not a silence', async () => {
  const session = await recorder().start({ call });
  provider.failures.push({
    operation: 'resume',
    error: new OnRecordError('provider-contract', 'Resuming is broken.', { blame: 'provider' }),
  });
  const section = session.secureSection(() => 'digits', { maxMs: 60_000 });
  await expect(section).rejects.toMatchObject({ code: 'provider-contract' });
});

test('a section without a limit is refused before anything is paused', async () => {
  const session = await recorder().start({ call });
  for (const maxMs of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    await expect(session.secureSection(() => {}, { maxMs })).rejects.toMatchObject({ code: 'invalid-request' });
  }
  expect(provider.requests).toEqual(['start']);
});

test('an abort of the caller reaches the function, and the recording goes on once it has ended', async () => {
  const session = await recorder().start({ call });
  const abort = new AbortController();
  const section = session.secureSection(({ signal }) => clock.delay(50_000, { signal }), {
    maxMs: 60_000,
    signal: abort.signal,
  });
  const told = expect(section).rejects.toThrow('cancelled');
  await clock.idle();
  abort.abort(new Error('cancelled'));
  await told;
  expect(capturing()).toBe(true);
});
