import { createRecorder, type SessionSnapshot } from '@onrecord/core';
import { memory } from '@onrecord/storage';
import { s3 as s3Driver } from '@onrecord/storage/s3';
import { describe, expect, test } from 'vitest';
import { chimeSma } from '../../control/driver.ts';
import { openSmaScene, type SceneOptions, type SmaScene } from '../../testing/sma-scene.ts';

/** A voicemail whose files a worker takes from the bucket into an archive. */
async function openMailbox(options: SceneOptions & { readonly maxSeconds?: number } = {}) {
  const { maxSeconds = 150, ...rest } = options;
  const scene = await openSmaScene({
    archive: { mode: 'copy' },
    onCall: (notice, turn) => {
      if (notice.type === 'call.connected') turn.announce({ text: 'Please leave a message.' });
      if (notice.type === 'call.announced') {
        turn.start({
          consent: { basis: 'announced', noticeId: notice.noticeId },
          providerOptions: { message: { maxSeconds, silenceSeconds: 1_000 } },
        });
      }
    },
    ...rest,
  });
  const archive = memory({ name: 'archive' });
  const recorder = createRecorder(chimeSma(scene.chime.clientConfig()), {
    store: scene.store,
    deployment: 'test',
    clock: scene.clock,
    landing: s3Driver({ bucket: 'recordings', client: scene.s3.clientConfig() }),
    archive,
    intervals: { missingAfterMs: 60_000, lostAfterMs: 300_000 },
  });
  return {
    scene,
    archive,
    recorder,
    call: scene.dial(),
    [Symbol.asyncDispose]: async () => {
      await recorder.close();
      await scene[Symbol.asyncDispose]();
    },
  };
}

const settled = async ({
  scene,
  recorder,
}: {
  scene: SmaScene;
  recorder: Awaited<ReturnType<typeof openMailbox>>['recorder'];
}) => {
  const session = await recorder.attach((await scene.store.list())[0]!);
  return scene.clock.until(session.settled(), 24 * 3_600_000);
};

const master = ({ artifacts }: SessionSnapshot) => artifacts.find(({ role }) => role === 'master');

describe('a message and the worker', () => {
  test('one longer than a start may take to be confirmed is waited for, archived and complete', async () => {
    await using box = await openMailbox();
    await box.scene.pass(140_000);
    const [during] = await box.scene.records();
    expect(during?.snapshot).toMatchObject({ state: 'starting', commands: [{ state: 'accepted' }], anomalies: [] });
    await box.scene.pass(30_000);
    const snapshot = await settled(box);
    expect(snapshot).toMatchObject({
      state: 'completed',
      endReason: 'limit-reached',
      verdict: 'present',
      anomalies: [],
    });
    expect(master(snapshot)).toMatchObject({ state: 'stored', channels: 1, durationMs: 150_000 });
    expect(box.archive.native().size).toBeGreaterThan(0);
  });

  test.each(['ACTION_SUCCESSFUL', 'nothing'] as const)(
    'one that a hang-up ends is archived, whether the service then tells of it or not: %s',
    async (hungUpReport) => {
      await using box = await openMailbox({ chime: { sma: { recordAudio: { hungUpReport } } } });
      await box.scene.pass(20_000);
      box.call.hangUp();
      await box.scene.pass(5_000);
      const snapshot = await settled(box);
      expect(snapshot).toMatchObject({ state: 'completed', endReason: 'call-ended', anomalies: [] });
      expect(master(snapshot)).toMatchObject({ state: 'stored', channels: 1 });
    },
  );

  test('one whose file never comes is missed, and said to be lost', async () => {
    await using box = await openMailbox({
      chime: { sma: { recordAudio: { hungUp: 'discarded', hungUpReport: 'nothing' } } },
    });
    await box.scene.pass(20_000);
    box.call.hangUp();
    const snapshot = await settled(box);
    expect(snapshot).toMatchObject({ state: 'failed', endReason: 'lost', verdict: 'missing' });
  });

  test('one that a stop interrupted and the service kept is archived', async () => {
    await using box = await openMailbox({ chime: { sma: { recordAudio: { interrupted: 'delivered' } } } });
    await box.scene.pass(20_000);
    const session = await box.recorder.attach((await box.scene.store.list())[0]!);
    await box.scene.clock.until(session.stop(), 60_000);
    expect(await settled(box)).toMatchObject({ state: 'completed', endReason: 'requested', anomalies: [] });
  });
});
