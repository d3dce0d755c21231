import { VirtualClock } from '@onrecord/simulator';
import { memory } from '@onrecord/storage';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CallRef } from '../call/call-ref.ts';
import type { RecordingEvent } from '../events/event.ts';
import { wavBytes } from '../media/index.ts';
import { memorySessionStore } from '../session-store/index.ts';
import { createRecorder } from './create-recorder.ts';
import { fullCapabilities, ScriptedProvider, scriptedDriver } from './testing/scripted-provider.ts';

const call: CallRef = { kind: 'test.call', provider: 'scripted', key: 'call-1', data: {} };
const file = wavBytes({ sampleRate: 8_000, channels: [new Int16Array(8_000)] });
let clock: VirtualClock;
let provider: ScriptedProvider;
const open: AsyncDisposable[] = [];

beforeEach(() => {
  clock = new VirtualClock();
  provider = new ScriptedProvider();
});

afterEach(async () => {
  for (const each of open.splice(0)) await each[Symbol.asyncDispose]();
  clock[Symbol.dispose]();
});

function recorder(options: Omit<Parameters<typeof createRecorder>[1] & object, 'emulate'> = {}) {
  const made = createRecorder(scriptedDriver(provider, fullCapabilities), { clock, ...options });
  open.push(made);
  return made;
}

test('settled waits for the archive, where there is one', async () => {
  const archive = memory();
  const made = recorder({ archive });
  const session = await made.start({ call });
  await clock.advance(1_000);
  await session.stop();
  const settled = session.settled();
  await made.ingest(provider.fileReady(file));
  const { state, artifacts } = await clock.until(settled, 60_000);
  expect(state).toBe('completed');
  const master = artifacts.find(({ role }) => role === 'master');
  expect(master).toMatchObject({ state: 'stored', bytes: file.length, location: expect.stringMatching(/^mem:/) });
  expect((await session.record()).archive).toEqual({ mode: 'copy' });
});

test('without an archive settled means available at the provider', async () => {
  const made = recorder();
  const session = await made.start({ call });
  await clock.advance(1_000);
  await session.stop();
  await made.ingest(provider.fileReady(file));
  const { artifacts } = await clock.until(session.settled(), 60_000);
  expect(artifacts).toMatchObject([{ role: 'master', state: 'available' }]);
});

test('settled ends with its signal', async () => {
  const session = await recorder().start({ call });
  const abort = new AbortController();
  const settled = expect(session.settled({ signal: abort.signal })).rejects.toThrow('enough');
  abort.abort(new Error('enough'));
  await settled;
});

test('an archive that is the landing store is not copied to', async () => {
  const landing = memory();
  const session = await recorder({ archive: landing, landing }).start({ call });
  expect((await session.record()).archive).toEqual({ mode: 'in-place' });
  const moved = recorder({ archive: { store: memory(), mode: 'move' } });
  const other = await moved.start({ call: { ...call, key: 'call-2' } });
  expect((await other.record()).archive).toEqual({ mode: 'move' });
});

test('watch tells each change once, and ends when nothing is outstanding', async () => {
  const made = recorder();
  const session = await made.start({ call });
  const states: string[] = [];
  const watching = (async () => {
    for await (const snapshot of session.watch()) {
      if (states.at(-1) !== snapshot.state) states.push(snapshot.state);
    }
  })();
  await clock.advance(1_000);
  await session.pause();
  await clock.advance(1_000);
  await session.resume();
  await clock.advance(1_000);
  await session.stop();
  await clock.advance(1_000);
  await made.ingest(provider.fileReady(file));
  await clock.until(watching, 60_000);
  expect(states).toEqual(['recording', 'paused', 'recording', 'processing', 'completed']);
});

test('discard ends capture where the provider can', async () => {
  const session = await recorder().start({ call });
  await session.discard();
  expect(provider.requests).toContain('discard');
  expect([...provider.recordings.values()][0]?.ended).toBe(true);
});

test('handlers get the events of the session in order, the failing one again', async () => {
  const events: RecordingEvent[] = [];
  let failures = 1;
  const made = recorder({
    store: memorySessionStore(),
    handlers: {
      any: (event) => void events.push(event),
      'recording.started': () => {
        if (failures-- > 0) throw new Error('not now');
      },
    },
  });
  const session = await made.start({ call });
  await clock.advance(10_000);
  await session.stop();
  await clock.advance(10_000);
  const types = events.map(({ type }) => type.replace(/^dev\.onrecord\.(.*)\.v1$/, '$1'));
  const started = events.find(({ type }) => type === 'dev.onrecord.recording.started.v1');
  expect(events.filter(({ id }) => id === started?.id)).toHaveLength(2);
  const order = [...new Set(events.map(({ sequence }) => Number(sequence)))];
  expect(order).toEqual(order.toSorted((left, right) => left - right));
  expect(types).toContain('recording.stopping');
  expect(events.every(({ subject }) => subject === session.id)).toBe(true);
});

test('the timeline maps the call to its file', async () => {
  const session = await recorder().start({ call });
  await clock.advance(10_000);
  await session.pause();
  await clock.advance(5_000);
  await session.resume();
  await clock.advance(10_000);
  await session.stop();
  const timeline = await session.timeline();
  expect(timeline.durationMs('p1')).toBe(20_000);
  const resumed = timeline.wallTime({ partId: 'p1', ms: 10_000 });
  expect(resumed?.at).toBe('2026-01-05T09:00:15.000Z');
});

test('closing ends what waits its turn, sends nothing more, and leaves the session to others', async () => {
  const store = memorySessionStore();
  const made = recorder({ store });
  const session = await made.start({ call });
  provider.mode = 'later';
  await session.pause({ until: 'accepted' });
  const waiting = expect(session.resume()).rejects.toMatchObject({ code: 'aborted' });
  await clock.idle();
  await made.close();
  await waiting;
  await expect(session.stop()).rejects.toMatchObject({ code: 'aborted' });
  await expect(made.start({ call })).rejects.toMatchObject({ code: 'aborted' });
  expect(provider.requests).toEqual(['start', 'pause', 'close']);
  await made.close();
  provider.mode = 'answer';
  const elsewhere = recorder({ store });
  await elsewhere.ingest(provider.settle());
  const taken = await elsewhere.attach(session.id);
  await taken.resume();
  expect(taken.state).toBe('recording');
});
