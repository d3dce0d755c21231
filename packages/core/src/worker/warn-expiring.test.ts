import { afterEach, beforeEach, expect, test } from 'vitest';
import { Scene, wav } from './testing/scene.ts';

let scene: Scene;
beforeEach(() => {
  scene = new Scene();
});
afterEach(() => scene[Symbol.dispose]());

const hour = 3_600_000;
const day = 24 * hour;
const inADay = () => ({ expiresAt: new Date(scene.clock.now() + day).toISOString() });
/** Hours that a file has left when each warning about it is given. */
const left = () =>
  scene.delivered
    .filter(({ type }) => type === 'dev.onrecord.artifact.expiring.v1')
    .map(({ time, data }) => Math.round((Date.parse(String(data['expiresAt'])) - Date.parse(time)) / hour));

test('a file that cannot be archived is told of six hours and one hour before its provider deletes it, with the reason', async () => {
  const { uri } = await scene.finished(wav(100), {}, inADay());
  scene.provider.files.delete(uri);
  await scene.ticks(scene.worker(), 25 * hour, 60_000);
  expect(left()).toEqual([6, 1]);
  const event = scene.delivered.find(({ type }) => type === 'dev.onrecord.artifact.expiring.v1');
  expect(event?.data).toMatchObject({ location: uri, error: expect.stringContaining('not-found') });
  expect(scene.log.filter((line) => line.includes('nobody has a copy'))).toHaveLength(2);
});

test('a file in the archive is not told of', async () => {
  await scene.finished(wav(100), {}, inADay());
  await scene.ticks(scene.worker(), 25 * hour, 600_000);
  expect(left()).toEqual([]);
});

test('a file that nobody was asked to archive is told of, though its session is over', async () => {
  const { id } = await scene.finished(wav(100), { archive: { mode: 'none' } }, inADay());
  await scene.ticks(scene.worker(), 25 * hour, 60_000);
  expect(left()).toEqual([6, 1]);
  expect(await scene.state(id)).toBe('completed');
  expect((await scene.record(id)).dueAt).toBeUndefined();
});

test('a worker that takes over repeats no warning, and one that comes late gives the last one alone', async () => {
  await scene.finished(wav(100), { archive: { mode: 'none' } }, inADay());
  await scene.clock.advance(23.5 * hour);
  await scene.ticks(scene.worker(), 60_000, 1_000);
  await scene.ticks(scene.worker(), 60_000, 1_000);
  expect(scene.told().filter((name) => name === 'artifact.expiring')).toHaveLength(1);
});

test('when to warn is an option', async () => {
  await scene.finished(wav(100), { archive: { mode: 'none' } }, inADay());
  await scene.ticks(scene.worker({ intervals: { expiringMs: [2 * hour, 20 * hour, 12 * hour] } }), 25 * hour, 60_000);
  expect(left()).toEqual([20, 12, 2]);
});

test('a file that expires while every worker is away is not warned of, and nothing turns in a loop', async () => {
  const { id } = await scene.finished(wav(100), { archive: { mode: 'none' } }, inADay());
  await scene.clock.advance(30 * hour);
  await scene.ticks(scene.worker(), 5_000);
  expect(left()).toEqual([]);
  expect((await scene.record(id)).dueAt).toBeUndefined();
});
