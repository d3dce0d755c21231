import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RecordingDriver } from '../driver/driver.ts';
import { commit } from '../engine/commit.ts';
import { timeOutCommand } from '../engine/settle-command.ts';
import { OnRecordError } from '../errors/index.ts';
import { Scene } from './testing/scene.ts';

let scene: Scene;

beforeEach(() => {
  scene = new Scene();
});

afterEach(() => scene[Symbol.dispose]());

const none = { archive: { mode: 'none' } } as const;
const asked = () => scene.provider.requests.filter((request) => request === 'status').length;

/** Lets a worker run for so long. */
async function runFor(ms: number, changes: Partial<RecordingDriver> = {}): Promise<void> {
  const stop = new AbortController();
  const worker = scene.worker({ instances: { main: { driver: scene.driver(changes) } } });
  const running = worker.run({ signal: stop.signal });
  await scene.clock.advance(ms);
  stop.abort();
  await scene.clock.until(running);
}

test('a recording of eight hours is asked for every half minute, and its record does not grow', async () => {
  const id = await scene.recording(none);
  await runFor(600_000);
  const early = JSON.stringify(await scene.record(id)).length;
  const before = asked();
  await runFor(8 * 3_600_000);
  expect(asked() - before).toBeGreaterThan(900);
  expect(asked() - before).toBeLessThan(1_000);
  expect(JSON.stringify(await scene.record(id)).length).toBeLessThan(early * 1.1);
  expect((await scene.record(id)).reports.length).toBeLessThan(10);
});

test('events do not make the worker ask more often', async () => {
  const id = await scene.recording(none);
  await runFor(60_000);
  const before = asked();
  for (let index = 0; index < 20; index++) {
    await commit(scene.store, id, (record) => ({ ...record, dueAt: new Date(scene.clock.now()).toISOString() }));
    await scene.worker().tick();
  }
  // Each of these workers is new, so it asks once; one that goes on does not.
  expect(asked() - before).toBeLessThanOrEqual(20);
  const worker = scene.worker();
  const known = asked();
  for (let index = 0; index < 20; index++) {
    await commit(scene.store, id, (record) => ({ ...record, dueAt: new Date(scene.clock.now()).toISOString() }));
    await worker.tick();
  }
  expect(asked() - known).toBe(1);
});

test('a stop that nothing confirms is no reason for a storm of polls', async () => {
  const id = await scene.recording(none);
  await scene.ask(id, 'stop');
  const { token } = (await scene.record(id)).commands[0]!;
  scene.provider.recordings.get(token)!.ended = false;
  const stop = (await scene.record(id)).commands.at(-1)!;
  await commit(scene.store, id, (record) => timeOutCommand(record, stop.id, scene.clock.now()));
  const before = asked();
  await runFor(3_600_000);
  expect(asked() - before).toBeLessThan(130);
});

describe('a provider that does not answer a question', () => {
  test.each([
    ['rate-limited', 'safe', 600_000, 3],
    ['unavailable', 'safe', undefined, 75],
    ['unauthenticated', 'never', undefined, 125],
    ['not-found', 'never', undefined, 125],
  ] as const)('because of %s is asked less often', async (code, retry, retryAfterMs, most) => {
    await scene.recording(none);
    const doStatus = async () => {
      scene.provider.requests.push('status');
      throw new OnRecordError(code, 'No.', { retry, ...(retryAfterMs ? { context: { retryAfterMs } } : {}) });
    };
    const before = asked();
    await runFor(1_500_000, { doStatus });
    expect(asked() - before).toBeGreaterThan(0);
    expect(asked() - before).toBeLessThanOrEqual(most);
  });

  test('is told of in the words of its driver, with what to do', async () => {
    await scene.recording(none);
    await runFor(60_000, {
      doStatus: () => Promise.reject(new Error('ECONNREFUSED')),
      classifyError: () => ({
        code: 'unavailable',
        retry: 'safe',
        blame: 'provider',
        message: 'The provider is out of reach.',
        remedy: 'Check that it runs.',
      }),
    });
    expect(JSON.parse(scene.log[0]!)).toMatchObject({
      err: { code: 'unavailable', retry: 'safe', message: 'The provider is out of reach. Check that it runs.' },
      message: 'worker: the provider could not be asked',
    });
  });

  test('because there are too many is not asked about other sessions either', async () => {
    for (let index = 0; index < 8; index++) await scene.recording(none);
    const doStatus = async () => {
      scene.provider.requests.push('status');
      throw new OnRecordError('rate-limited', 'No.', { retry: 'safe', context: { retryAfterMs: 600_000 } });
    };
    const before = asked();
    await runFor(300_000, { doStatus });
    // All that were asked at once, before any of them had its answer.
    expect(asked() - before).toBeLessThanOrEqual(8);
  });

  test('ever, keeps no other session waiting', async () => {
    const hanging = await scene.recording(none);
    const other = await scene.session(none);
    await scene.send(other);
    const { doStatus } = scene.driver();
    await runFor(5_000, {
      doStatus: (part, ...rest) => (part.sessionId === hanging ? new Promise(() => {}) : doStatus!(part, ...rest)),
    });
    expect(await scene.state(other)).toBe('recording');
  });
});

test('commands of a session whose provider is not configured here are given up all the same, and quietly', async () => {
  const id = await scene.session(none);
  const worker = scene.worker({ instances: {} });
  const stop = new AbortController();
  let claims = 0;
  const claimDue = scene.store.claimDue.bind(scene.store);
  scene.store.claimDue = async (options) => {
    const claimed = await claimDue(options);
    claims += claimed.length;
    return claimed;
  };
  const running = worker.run({ signal: stop.signal });
  await scene.clock.advance(600_000);
  expect((await scene.record(id)).snapshot.commands[0]?.state).toBe('timed-out');
  expect(claims).toBeLessThan(60);
  stop.abort();
  await scene.clock.until(running);
});

test('a stop that waited for its handle is sent as soon as an event brings it', async () => {
  const lost = new OnRecordError('unavailable', 'Lost.', { retry: 'only-with-same-key' });
  const id = await scene.session(none);
  const start = (await scene.record(id)).commands[0]!;
  const plain = scene.driver();
  const driver = { ...plain, capabilities: { ...plain.capabilities, lookup: 'none' } } as const;
  scene.provider.failures.push(lost);
  const worker = scene.worker({ instances: { main: { driver } } });
  const stop = new AbortController();
  const running = worker.run({ signal: stop.signal });
  await scene.clock.advance(15_000);
  expect((await scene.record(id)).commands[0]?.answerLost).toBe(true);
  await scene.ask(id, 'stop');
  await scene.clock.advance(120_000);
  expect(scene.provider.requests).not.toContain('stop');
  scene.provider.recordings.set(start.token, { correlation: `${id}.p1`, capturing: true, ended: false });
  await commit(scene.store, id, (record) => ({
    ...record,
    parts: record.parts.map((part) => ({ ...part, handle: start.token })),
    dueAt: new Date(scene.clock.now()).toISOString(),
  }));
  await scene.clock.advance(2_000);
  expect(scene.provider.requests.filter((request) => request === 'stop')).toHaveLength(1);
  expect(scene.provider.requests.filter((request) => request === 'start')).toHaveLength(1);
  stop.abort();
  await scene.clock.until(running);
});

test('a start that is confirmed by nothing but its file is not said to have timed out', async () => {
  const id = await scene.session(none);
  await scene.send(id);
  const uri = 'https://provider.example/files/1';
  await scene.tell(id, { key: uri, uri, role: 'master', container: 'wav' });
  await scene.ticks(scene.worker(), 600_000, 10_000);
  expect(await scene.state(id)).toBe('completed');
  expect((await scene.record(id)).snapshot.anomalies).toEqual([]);
  expect((await scene.record(id)).dueAt).toBeUndefined();
});
