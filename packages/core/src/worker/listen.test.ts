import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { OnRecordError } from '../errors/index.ts';
import { correlationOf } from '../report/report.ts';
import type { RunningWorker } from './testing/socket-scene.ts';
import { SocketScene } from './testing/socket-scene.ts';

let scene: SocketScene;
const workers: RunningWorker[] = [];

beforeEach(() => {
  scene = new SocketScene();
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

const none = { archive: { mode: 'none' } } as const;
const saying = (text: string) => scene.lines.filter((line) => line.includes(text));

describe('what a provider tells on its socket', () => {
  test('reaches its session at once', async () => {
    const id = await scene.recording(none);
    await run();
    await scene.tells(id, { ended: true, endReason: 'call-ended' });
    expect(await scene.state(id)).toBe('processing');
  });

  test('waits for a session that is not there yet', async () => {
    await run();
    const id = '01890a5d-ac96-774b-bcce-b302099a8057';
    await scene.tells(id, { capturing: true });
    expect(await scene.store.unpark([`correlation/${correlationOf(id, 'p1')}`], '2026')).toHaveLength(1);
  });

  test('makes it be asked at once, and once more for all that comes while it is asked', async () => {
    const id = await scene.recording(none);
    let answer = () => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const { doStatus } = scene.driver();
    const asking: string[] = [];
    const driver = scene.driver({
      async doStatus(part, poll, context) {
        asking.push(part.partId);
        const reports = (await doStatus?.(part, poll, context)) ?? [];
        if (asking.length === 2) await answered;
        return reports;
      },
    });
    await run({ instances: { main: { driver } } });
    expect(asking).toHaveLength(1);
    const ask = [correlationOf(id, 'p1'), correlationOf(id, 'p1'), 'nonsense', correlationOf(id, 'p9')];
    for (let time = 0; time < 5; time++) await scene.provider.send({ ask });
    await scene.clock.advance(10);
    expect(asking).toHaveLength(2);
    scene.provider.recordings.get((await scene.record(id)).commands[0]!.token)!.ended = true;
    answer();
    await scene.clock.advance(10);
    expect(asking).toHaveLength(3);
    expect(await scene.state(id)).toBe('processing');
  });

  test('about a part of another instance asks nobody', async () => {
    const id = await scene.session({ ...none, provider: 'other' });
    await run();
    await scene.provider.send({ ask: [correlationOf(id, 'p1')] });
    await scene.clock.advance(40_000);
    expect(scene.asked()).toBe(0);
  });

  test('and asks about before the start was answered, is asked once it was', async () => {
    const id = await scene.session(none);
    await run();
    await scene.provider.send({ ask: [correlationOf(id, 'p1')] });
    await scene.clock.advance(500);
    expect(scene.asked()).toBe(0);
    await scene.send(id);
    await scene.clock.advance(10);
    expect(scene.asked()).toBeGreaterThan(0);
  });

  test('is kept later when the store is out of reach, and breaks no connection', async () => {
    const id = await scene.recording(none);
    await run();
    const save = scene.store.save.bind(scene.store);
    scene.store.save = async () => {
      throw new Error('EIO');
    };
    const outcome = scene.provider.send({
      reports: [
        {
          reportId: 'r1',
          subject: { correlation: correlationOf(id, 'p1') },
          seen: { ended: true, endReason: 'call-ended' },
          cause: { unattributed: true },
          clock: { domain: 'none' },
          via: 'push',
          receivedAt: '2026-01-05T09:00:00.000Z',
        },
      ],
    });
    expect(await outcome).toMatchObject([{ status: 'fulfilled' }]);
    await scene.clock.advance(5_000);
    scene.store.save = save;
    await scene.clock.advance(10_000);
    expect((await scene.record(id)).reports.map(({ reportId }) => reportId)).toContain('r1');
    expect(scene.provider.attempts).toHaveLength(1);
    expect(saying('could not be kept')).toHaveLength(1);
  });

  test.each([{}, { tenant: 'acme' }])(
    'of a call that is over has its recordings asked about until they are (%o)',
    async (changes) => {
      const id = await scene.recording(changes);
      await run();
      const { call } = await scene.record(id);
      await scene.provider.send({ calls: [{ type: 'call.ended', noticeId: 'ended', call }] });
      await scene.clock.advance(500);
      expect(await scene.state(id)).toBe('recording');
      scene.provider.recordings.get((await scene.record(id)).commands[0]!.token)!.ended = true;
      await scene.clock.advance(1_000);
      expect(await scene.state(id)).toBe('processing');
    },
  );

  test('of calls goes to whoever handles notices, in order, and again when that fails', async () => {
    const heard: string[] = [];
    let fail = 2;
    await run({
      onNotice: async (notice, instance) => {
        heard.push(`${instance} ${notice.noticeId}`);
        if (notice.noticeId === 'joined/anna' && fail-- > 0) throw new Error('not now');
      },
    });
    await scene.provider.send({ calls: [scene.provider.joined('anna')] });
    await scene.provider.send({ calls: [scene.provider.joined('ben')] });
    expect(heard).toEqual(['main joined/anna', 'main joined/ben']);
    await scene.clock.advance(5_000);
    expect(heard.slice(2)).toEqual(['main joined/anna', 'main joined/anna']);
    expect(saying('call notice')).toHaveLength(1);
  });
});

test('a worker that is told to end waits for a notice that is being handled, but not for ever', async () => {
  let finish = () => {};
  const done: string[] = [];
  const worker = await scene.running({
    async onNotice({ noticeId }) {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      done.push(noticeId);
    },
  });
  await scene.provider.send({ calls: [scene.provider.joined('anna')] });
  let ended = false;
  const ending = worker.stop().then(() => {
    ended = true;
  });
  await scene.clock.advance(2_000);
  expect(ended).toBe(false);
  finish();
  await ending;
  expect(done).toEqual(['joined/anna']);

  const other = await scene.running({ onNotice: () => new Promise(() => {}) });
  await scene.provider.send({ calls: [scene.provider.joined('ben')] });
  const before = scene.clock.now();
  await other.stop();
  expect(scene.clock.now() - before).toBeLessThan(6_000);
});

describe('a connection', () => {
  test('that was opened asks about every part that is not over, of its instance alone', async () => {
    const running = [await scene.recording(none), await scene.recording(none)];
    const over = await scene.recording(none);
    await scene.ask(over, 'stop');
    await scene.ticks(scene.asking(), 1_000);
    await scene.session({ ...none, provider: 'other' });
    const asked: string[] = [];
    const driver = scene.driver({
      async doStatus({ sessionId }) {
        asked.push(sessionId);
        return [];
      },
    });
    await run({ instances: { main: { driver } } });
    await scene.clock.advance(5_000);
    asked.length = 0;
    scene.provider.break();
    await scene.clock.advance(2_000);
    expect(scene.provider.attempts).toHaveLength(2);
    expect(asked.sort()).toEqual(running.sort());
  });

  test('asks about more sessions than the store lists at once, a few at a time', async () => {
    for (let index = 0; index < 230; index++) await scene.session(none);
    const driver = scene.driver();
    for (const id of await scene.store.list()) await scene.send(id);
    let now = 0;
    let most = 0;
    const asked = new Set<string>();
    const slow = {
      ...driver,
      async doStatus({ sessionId }: { readonly sessionId: string }) {
        asked.add(sessionId);
        now += 1;
        most = Math.max(most, now);
        await scene.clock.delay(10);
        now -= 1;
        return [];
      },
    };
    await run({ instances: { main: { driver: slow } }, concurrency: 1, archive: undefined });
    await scene.clock.advance(2_000);
    expect(asked.size).toBe(230);
    expect(most).toBeLessThanOrEqual(5);
  });

  test('that breaks is made again, is told of once, and brings up what was missed', async () => {
    const id = await scene.recording(none);
    await run();
    await scene.clock.advance(60_000);
    scene.provider.refusals.push(...Array.from({ length: 4 }, () => new Error('ECONNREFUSED')));
    scene.provider.break();
    await scene.tells(id, { ended: true });
    scene.provider.recordings.get((await scene.record(id)).commands[0]!.token)!.ended = true;
    await scene.clock.advance(16_000);
    expect(await scene.state(id)).toBe('processing');
    expect(scene.provider.attempts).toHaveLength(6);
    const waits = scene.provider.attempts.slice(1).map((at, index) => at - scene.provider.attempts[index]!);
    expect(waits.at(-1)).toBeGreaterThanOrEqual(4_000);
    expect(saying('broke')).toEqual([
      'warn worker: the connection for the events of a provider broke, to be made again',
    ]);
    expect(saying('listening to')).toHaveLength(2);
  });

  test('that breaks as soon as it stands is no reason for a storm', async () => {
    await run();
    const { length } = scene.provider.attempts;
    const end = scene.clock.now() + 3_600_000;
    while (scene.clock.now() < end) {
      scene.provider.break();
      await scene.clock.advance(1_000);
    }
    expect(scene.provider.attempts.length - length).toBeLessThan(3_600 / 15 + 10);
    expect(scene.provider.attempts.length - length).toBeGreaterThan(100);
  });

  test.each(['unauthenticated', 'permission-denied', 'invalid-request'] as const)(
    'that is refused as %s is an error that somebody must mend, and is tried slowly',
    async (code) => {
      const remedy = 'Look at the password.';
      const refusal = () => new OnRecordError(code, 'No.', { remedy });
      scene.provider.refusals.push(new Error('ECONNREFUSED'), ...Array.from({ length: 100 }, refusal));
      await run();
      await scene.clock.advance(600_000);
      expect(scene.provider.attempts.length).toBeLessThan(22);
      expect(saying('error')).toEqual(['error worker: a provider refuses the connection for its events']);
      expect(scene.log.at(-1)).toContain(remedy);
      scene.provider.refusals.length = 0;
      await scene.clock.advance(61_000);
      expect(saying('listening to')).toHaveLength(1);
    },
  );

  test('that neither opens nor fails is given up', async () => {
    scene.provider.mode = 'silent';
    const { worker } = await run();
    const waited = worker.listening('main');
    await scene.clock.advance(19_000);
    expect(scene.provider.attempts).toHaveLength(1);
    scene.provider.mode = 'open';
    await scene.clock.advance(3_000);
    await waited;
    expect(scene.provider.attempts).toHaveLength(2);
    expect(scene.log.join()).toContain('did not open within 20000 ms');
  });

  test('that cannot be closed does not keep the worker', async () => {
    scene.provider.mode = 'deaf';
    const worker = await scene.running();
    await worker.stop();
    expect(saying('did not close')).toHaveLength(1);
  });

  test('is waited for while it is made, and not longer', async () => {
    const { worker } = await run();
    await worker.listening('main');
    await worker.listening('nobody');
    await scene.worker().listening('main');
    expect(scene.provider.connections.size).toBe(1);
  });
});
