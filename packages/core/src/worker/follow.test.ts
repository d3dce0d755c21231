import { afterEach, beforeEach, expect, test } from 'vitest';
import { OnRecordError } from '../errors/index.ts';
import type { RunningWorker } from './testing/socket-scene.ts';
import { SocketScene } from './testing/socket-scene.ts';

let scene: SocketScene;
const workers: RunningWorker[] = [];

beforeEach(() => {
  scene = new SocketScene();
  for (const name of ['anna', 'ben']) scene.provider.participants.add(name);
});

afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.stop();
  scene[Symbol.dispose]();
});

async function run(...options: Parameters<SocketScene['running']>): Promise<RunningWorker> {
  const worker = await scene.running(...options);
  workers.push(worker);
  return worker;
}

const joins = (name: string) => scene.clock.hold(scene.provider.send({ calls: [scene.provider.joined(name)] }));
const everybody = ['anna', 'ben', 'carl'];

test('who joins a call late gets a track, with a tenant or without', async () => {
  const plain = await scene.conference();
  await run();
  const tenants = await scene.conference({ tenant: 'acme' });
  await scene.tells(tenants, { capturing: true });
  await joins('carl');
  await scene.clock.advance(100);
  expect(await scene.tracks(plain)).toEqual(everybody);
  expect(await scene.tracks(tenants)).toEqual(everybody);
});

test('who leaves a call is followed at once, not with the next poll', async () => {
  await scene.conference();
  await run();
  const before = scene.asked('follow');
  await scene.clock.hold(scene.provider.send({ calls: [scene.provider.left('ben')] }));
  await scene.clock.advance(100);
  expect(scene.asked('follow')).toBe(before + 1);
});

test('nothing is followed that is mixed, or over', async () => {
  await scene.recording({ archive: { mode: 'none' } });
  const over = await scene.conference();
  await scene.ask(over, 'stop');
  await scene.ticks(scene.asking(), 1_000);
  const before = scene.asked('follow');
  await run();
  await joins('carl');
  await scene.clock.advance(5_000);
  expect(scene.asked('follow')).toBe(before);
});

test('who joined while nobody listened gets a track with the next connection', async () => {
  const id = await scene.conference();
  await run();
  scene.provider.refusals.push(new Error('ECONNREFUSED'));
  scene.provider.break();
  scene.provider.participants.add('carl');
  await scene.clock.advance(5_000);
  expect(await scene.tracks(id)).toEqual(everybody);
});

test('who joined while it started gets a track once it is known to record', async () => {
  const id = await scene.session({
    output: { media: 'audio', layout: 'per-participant', container: 'wav' },
    archive: { mode: 'none' },
  });
  await run();
  await scene.send(id);
  await joins('carl');
  expect(await scene.tracks(id)).toEqual(['anna', 'ben']);
  await scene.clock.advance(2_000);
  expect(await scene.state(id)).toBe('recording');
  expect(await scene.tracks(id)).toEqual(everybody);
});

test('who joined during a pause gets a track after the resume and not before', async () => {
  const id = await scene.conference();
  await run();
  await scene.ask(id, 'pause');
  await scene.clock.advance(5_000);
  expect(await scene.state(id)).toBe('paused');
  await joins('carl');
  scene.provider.break();
  await scene.clock.advance(60_000);
  expect(await scene.tracks(id)).toEqual(['anna', 'ben']);
  await scene.ask(id, 'resume');
  await scene.clock.advance(5_000);
  expect(await scene.state(id)).toBe('recording');
  expect(await scene.tracks(id)).toEqual(everybody);
});

test('a pause waits until a track that is being begun is there, so that it holds for it', async () => {
  const id = await scene.conference();
  await run();
  let begin = () => {};
  scene.provider.following = new Promise<void>((resolve) => {
    begin = resolve;
  });
  await joins('carl');
  await scene.clock.advance(100);
  const paused = scene.ask(id, 'pause');
  await scene.clock.advance(1_000);
  expect(scene.asked('pause')).toBe(0);
  begin();
  await scene.clock.until(paused);
  expect(scene.provider.requests.filter((each) => each !== 'status').slice(-2)).toEqual(['follow', 'pause']);
  expect(await scene.tracks(id)).toEqual(everybody);
});

test('who joins while a pause is on its way gets a track when the provider refuses the pause', async () => {
  const id = await scene.conference();
  let refuse = () => {};
  const refused = new Promise<never>((_, reject) => {
    refuse = () => reject(new OnRecordError('conflict', 'Not now.'));
  });
  scene.driver = (changes = {}) => ({
    ...SocketScene.prototype.driver.call(scene),
    doPause: () => refused,
    ...changes,
  });
  await run();
  const paused = scene.ask(id, 'pause').catch((error: unknown) => error);
  await scene.clock.advance(1_000);
  await joins('carl');
  await scene.clock.advance(2_000);
  expect(await scene.tracks(id)).toEqual(['anna', 'ben']);
  refuse();
  expect(OnRecordError.is(await paused, 'conflict')).toBe(true);
  await scene.clock.advance(1_000);
  expect(await scene.tracks(id)).toEqual(everybody);
});

test('a driver that hangs does not keep a pause for long', async () => {
  const id = await scene.conference();
  await run();
  scene.provider.following = new Promise(() => {});
  await joins('carl');
  await scene.clock.advance(100);
  await scene.clock.until(scene.ask(id, 'pause'), 6_000);
  expect(scene.asked('pause')).toBe(1);
});

test('a track that could not be begun is tried again', async () => {
  const id = await scene.conference();
  const { doFollow } = scene.driver();
  let failures = 3;
  const driver = scene.driver({
    async doFollow(...call) {
      if (failures-- > 0) throw new Error('busy');
      return (await doFollow?.(...call)) ?? [];
    },
  });
  await run({ instances: { main: { driver } } });
  await joins('carl');
  await scene.clock.advance(20_000);
  expect(await scene.tracks(id)).toEqual(everybody);
});
