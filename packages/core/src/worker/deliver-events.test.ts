import { afterEach, beforeEach, expect, test } from 'vitest';
import { commit } from '../engine/commit.ts';
import { publish } from '../engine/refold.ts';
import type { EventSink, RecordingEvent } from '../events/event.ts';
import { Scene } from './testing/scene.ts';

let scene: Scene;

beforeEach(() => {
  scene = new Scene();
});

afterEach(() => scene[Symbol.dispose]());

function collecting(name: string, events: RecordingEvent[] = []): EventSink & { readonly events: RecordingEvent[] } {
  return { name, events, deliver: async (event) => void events.push(event) };
}

function failing(name: string, fails: (event: RecordingEvent) => boolean = () => true) {
  const tried: number[] = [];
  const sink = collecting(name);
  return {
    ...sink,
    tried,
    async deliver(event: RecordingEvent) {
      tried.push(Number(event.sequence));
      if (fails(event)) throw new Error('down');
      sink.events.push(event);
    },
  };
}

const sequences = (events: readonly RecordingEvent[]) => events.map(({ sequence }) => Number(sequence));

test('a sink that fails holds back no other: each gets its events in order', async () => {
  const [broken, fine] = [failing('webhook'), collecting('flows')];
  const id = await scene.recording({ archive: { mode: 'none' } });
  const worker = scene.worker({ sinks: [broken, fine] });
  await scene.ticks(worker, 5_000, 500);
  const { sequence } = await scene.record(id);
  expect(sequences(fine.events)).toEqual(Array.from({ length: sequence }, (_, index) => index + 1));
  expect(new Set(broken.tried)).toEqual(new Set([1]));
  expect((await scene.record(id)).outbox).toHaveLength(sequence);
});

test('a sink that fails for one session holds back no other session', async () => {
  const first = await scene.recording({ archive: { mode: 'none' } });
  const second = await scene.recording({ archive: { mode: 'none' } });
  const sink = failing('picky', ({ subject }) => subject === first);
  await scene.ticks(scene.worker({ sinks: [sink] }), 5_000, 500);
  expect((await scene.record(second)).outbox).toEqual([]);
  expect(new Set(sink.events.map(({ subject }) => subject))).toEqual(new Set([second]));
});

test('what a sink will not take goes to the dead letters, named, and the next ones pass in order', async () => {
  const id = await scene.recording({ archive: { mode: 'none' } });
  const picky = failing('picky', ({ sequence }) => sequence === '2');
  const fine = collecting('fine');
  await scene.ticks(scene.worker({ sinks: [picky, fine], maxDeliveries: 3 }), 20_000, 500);
  const { sequence, outbox } = await scene.record(id);
  const all = Array.from({ length: sequence }, (_, index) => index + 1);
  expect(outbox).toEqual([]);
  expect(sequences(fine.events)).toEqual(all);
  expect(sequences(picky.events)).toEqual(all.filter((each) => each !== 2));
  expect(picky.tried.filter((each) => each === 2)).toHaveLength(3);
  expect(await scene.store.recall(`dead-letter/${id}/2`)).toMatchObject({ sequence: '2', sinks: ['0/picky'] });
});

test('a dead letter that cannot be kept stays an event', async () => {
  const id = await scene.recording({ archive: { mode: 'none' } });
  scene.store.remember = async () => {
    throw new Error('EIO');
  };
  await scene.ticks(scene.worker({ sinks: [failing('broken')], maxDeliveries: 2 }), 20_000, 500);
  expect((await scene.record(id)).outbox[0]?.event.sequence).toBe('1');
});

test('a sink that takes its time holds up neither its session nor any other', async () => {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const slow = collecting('slow');
  const deliver: EventSink['deliver'] = async (event, options) => {
    await released;
    await slow.deliver(event, options);
  };
  const id = await scene.session({ archive: { mode: 'none' } });
  await scene.send(id);
  const stop = new AbortController();
  const worker = scene.worker({ sinks: [{ name: 'slow', deliver }], concurrency: 1 });
  const running = worker.run({ signal: stop.signal });
  await scene.clock.advance(5_000);
  expect(await scene.state(id)).toBe('recording');
  const other = await scene.session({ archive: { mode: 'none' } });
  await scene.send(other);
  await scene.ask(id, 'pause');
  await scene.clock.advance(5_000);
  expect(await scene.state(id)).toBe('paused');
  expect(await scene.state(other)).toBe('recording');
  release();
  await scene.clock.advance(5_000);
  const own = slow.events.filter(({ subject }) => subject === id);
  expect(sequences(own)).toEqual(own.map((_, index) => index + 1));
  expect((await scene.record(id)).outbox).toEqual([]);
  stop.abort();
  await scene.clock.until(running);
});

test('while one worker delivers slowly another one does not deliver the same', async () => {
  const id = await scene.recording({ archive: { mode: 'none' } });
  const slow: EventSink = { name: 'slow', deliver: () => new Promise(() => {}) };
  const stop = new AbortController();
  const running = scene.worker({ sinks: [slow], owner: 'slow' }).run({ signal: stop.signal });
  await scene.clock.advance(3_000);
  const other = collecting('other');
  await scene.ticks(scene.worker({ sinks: [other], owner: 'other' }), 30_000, 5_000);
  expect(other.events).toEqual([]);
  stop.abort();
  await scene.clock.until(running);
  await scene.ticks(scene.worker({ sinks: [other], owner: 'other' }), 120_000, 5_000);
  expect(sequences(other.events)).toEqual(other.events.map((_, index) => index + 1));
  expect((await scene.record(id)).outbox).toEqual([]);
});

test('a sink that never answers has failed after its time', async () => {
  const id = await scene.recording({ archive: { mode: 'none' } });
  const hanging: EventSink = { name: 'hanging', deliver: () => new Promise(() => {}) };
  const before = (await scene.record(id)).outbox[0]!.attempts;
  const stop = new AbortController();
  const running = scene.worker({ sinks: [hanging] }).run({ signal: stop.signal });
  await scene.clock.advance(70_000);
  expect((await scene.record(id)).outbox[0]?.attempts).toBe(before + 1);
  stop.abort();
  await scene.clock.until(running);
});

test('a restarted worker tries a failing sink early, yet counts no attempt before its time', async () => {
  const id = await scene.recording({ archive: { mode: 'none' } });
  const broken = failing('webhook');
  await scene.worker({ sinks: [broken, collecting('a')] }).tick();
  const { attempts } = (await scene.record(id)).outbox[0]!;
  for (let restart = 0; restart < 5; restart++) {
    await commit(scene.store, id, (before) => ({ ...before, dueAt: new Date(scene.clock.now()).toISOString() }));
    const fine = collecting('a');
    await scene.worker({ sinks: [broken, fine] }).tick();
    expect(sequences(fine.events)).toEqual(fine.events.map((_, index) => index + 1));
    expect(fine.events.length).toBeGreaterThan(0);
  }
  expect((await scene.record(id)).outbox[0]?.attempts).toBe(attempts);
});

test('an event that comes while others are delivered goes out right after them', async () => {
  const id = await scene.recording({ archive: { mode: 'none' } });
  const sink = collecting('adding');
  let added = false;
  const deliver: EventSink['deliver'] = async (event, options) => {
    await sink.deliver(event, options);
    if (added) return;
    added = true;
    await commit(scene.store, id, (before) =>
      publish(before, [{ name: 'recording.anomaly', data: { code: 'late' } }], scene.clock.now()),
    );
  };
  await scene.clock.advance(5_000);
  await scene.worker({ sinks: [{ name: 'adding', deliver }] }).tick();
  expect(sink.events.at(-1)?.data['code']).toBe('late');
  expect((await scene.record(id)).outbox).toEqual([]);
});
