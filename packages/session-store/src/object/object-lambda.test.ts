import { chimeSma } from '@onrecord/adapter-chime';
import { createSmaHandler } from '@onrecord/adapter-chime/sma';
import { createRecorder, createWorker, defineFlow, type SessionStore } from '@onrecord/core';
import { SimulatedS3, startChime, tone, VirtualClock } from '@onrecord/simulator';
import { s3 as s3Driver } from '@onrecord/storage/s3';
import { expect, test } from 'vitest';
import { objectSessionStore } from './index.ts';

const flow = defineFlow(
  { announce: 'required', pause: 'required' },
  {
    onCall(notice, turn) {
      if (notice.type === 'call.connected') turn.announce({ text: 'This call is recorded.' });
      if (notice.type === 'call.announced') {
        turn.start({ consent: { basis: 'announced', noticeId: notice.noticeId } });
      }
    },
  },
);

test('a Lambda that loads the store, a web server and a worker share sessions through a bucket alone', async () => {
  using clock = new VirtualClock();
  await using s3 = await SimulatedS3.start({ clock, buckets: ['recordings', 'sessions'] });
  const chime = await startChime({ clock, s3 });
  const opened: SessionStore[] = [];
  const openStore = (): SessionStore => {
    const store = objectSessionStore(s3Driver({ bucket: 'sessions', client: s3.clientConfig() }), {
      clock,
      ownsStorage: true,
    });
    opened.push(store);
    return store;
  };
  const handler = createSmaHandler({
    store: async () => openStore(),
    flow,
    landing: { bucket: 'recordings', prefix: 'calls' },
    clock,
  });
  await handler.ready;
  const application = chime.sipMediaApplication(handler);
  const driver = chimeSma({ ...chime.clientConfig(), sipMediaApplicationId: application.id });
  const landing = s3Driver({ bucket: 'recordings', client: s3.clientConfig() });
  const web = openStore();
  const recorder = createRecorder(driver, { store: web, clock, worker: false });
  const worker = createWorker({ store: openStore(), instances: { 'chime-sma': { driver, landing } }, clock });
  try {
    const call = application.placeInboundCall({ from: '+15550100', to: '+15550199', source: tone(440) });
    await clock.advance(20_000);
    const [id = ''] = await web.list({ unfinished: true });
    const session = await recorder.attach(id);
    await clock.until(session.pause(), 60_000);
    expect((await session.snapshot()).state).toBe('paused');
    await clock.until(session.resume(), 60_000);
    call.hangUp();
    for (let looks = 0; looks < 30 && (await web.list({ unfinished: true })).length > 0; looks++) {
      await clock.advance(10_000);
      await clock.until(worker.tick(), 60_000);
    }
    const snapshot = await session.snapshot();
    expect(snapshot.state).toBe('completed');
    expect(snapshot.pauses).toHaveLength(1);
    expect(snapshot.artifacts.find(({ role }) => role === 'master')?.state).toBe('available');
    expect(await web.list()).toEqual([id]);
  } finally {
    await recorder.close();
    await Promise.all(opened.map((store) => store.close()));
    await driver.close();
    await landing.close();
    await chime.close();
  }
});
