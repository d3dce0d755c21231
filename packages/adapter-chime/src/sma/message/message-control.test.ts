import { createRecorder } from '@onrecord/core';
import { describe, expect, test } from 'vitest';
import { chimeSma } from '../../control/driver.ts';
import { announceThenRecord, openSmaScene, type SceneOptions, type SmaScene, story } from '../../testing/sma-scene.ts';

const only = async (scene: Pick<SmaScene, 'records'>) => (await scene.records())[0]!;

describe('a message of another process', () => {
  async function controlled(message: object, options: SceneOptions = {}) {
    const scene = await openSmaScene({
      onCall: (notice, turn) => void (notice.type === 'call.connected' && turn.announce({ text: 'Hello' })),
      ...options,
    });
    const driver = chimeSma({ ...scene.chime.clientConfig(), sipMediaApplicationId: scene.application.id });
    const recorder = createRecorder(driver, {
      store: scene.store,
      deployment: 'test',
      clock: scene.clock,
      worker: false,
    });
    const call = scene.dial();
    await scene.pass(3_000);
    const request = {
      call: scene.notices[0]!.call,
      output: { media: 'audio', layout: 'incoming', container: 'wav' },
      providerOptions: { message: { ...message } },
    } as const;
    return { scene, recorder, call, request, [Symbol.asyncDispose]: () => scene[Symbol.asyncDispose]() };
  }

  test('is taken by the function, and its session tells of it', async () => {
    await using one = await controlled({ maxSeconds: 3 });
    const session = await one.scene.clock.until(one.recorder.start(one.request), 60_000);
    expect((await session.snapshot()).state).toBe('completed');
    expect(story(one.scene).slice(-2)).toEqual([
      'CALL_UPDATE_REQUESTED CallUpdateRequest → RecordAudio',
      'ACTION_SUCCESSFUL RecordAudio → -',
    ]);
  });

  test('longer than a start may take is waited for by whoever started it', async () => {
    await using one = await controlled({ maxSeconds: 150 });
    const session = await one.scene.clock.until(one.recorder.start(one.request), 300_000);
    expect(await session.snapshot()).toMatchObject({ state: 'completed', anomalies: [] });
  });

  test.each([
    ['kept', 'delivered', 1],
    ['not kept', 'discarded', 0],
  ] as const)(
    'is stopped by interrupting it (ACTION_INTERRUPTED), whether its file is then %s',
    async (_, interrupted, files) => {
      await using one = await controlled({ maxSeconds: 60 }, { chime: { sma: { recordAudio: { interrupted } } } });
      const { scene, recorder, request } = one;
      void recorder.start(request).catch(() => {});
      await scene.pass(5_000);
      const [id] = await scene.store.list();
      const session = await recorder.attach(id!);
      await scene.clock.until(session.stop(), 30_000);
      await scene.pass(1_000);
      expect(story(scene).slice(-3)).toEqual([
        'CALL_UPDATE_REQUESTED CallUpdateRequest → Pause',
        'ACTION_INTERRUPTED RecordAudio → -',
        'ACTION_SUCCESSFUL Pause → -',
      ]);
      const record = await only(scene);
      expect(record.snapshot).toMatchObject({ state: 'processing', endReason: 'requested', anomalies: [] });
      expect(record.snapshot.commands).toMatchObject([
        { kind: 'start', state: 'confirmed' },
        { kind: 'stop', state: 'confirmed' },
      ]);
      expect(scene.s3.list('recordings', `calls/${id}`)).toHaveLength(files);
    },
  );

  test('is not paused either: the function refuses it', async () => {
    await using one = await controlled({ maxSeconds: 60 });
    const { scene, recorder, request } = one;
    void recorder.start(request).catch(() => {});
    await scene.pass(5_000);
    const session = await recorder.attach((await scene.store.list())[0]!);
    const error: unknown = await scene.clock.until(
      session.pause().catch((thrown: unknown) => thrown),
      60_000,
    );
    expect(error).toMatchObject({ code: expect.stringMatching(/unsupported|invalid-state/) });
    expect(story(scene).some((line) => line.includes('PauseCallRecording'))).toBe(false);
  });

  test('keeps a pause of the recording beside it waiting: one that was given up meanwhile is not done after it', async () => {
    await using scene = await openSmaScene({
      onCall: announceThenRecord,
      ivr: (event, { turn }) => {
        if (event.ActionData?.Type === 'StartCallRecording')
          turn.start({ providerOptions: { message: { maxSeconds: 20 } } });
        return undefined;
      },
    });
    scene.dial();
    await scene.pass(5_000);
    const recorder = createRecorder(chimeSma(scene.chime.clientConfig()), {
      store: scene.store,
      deployment: 'test',
      clock: scene.clock,
      worker: false,
      deadlines: { pause: 5_000 },
    });
    const recording = (await scene.records()).find(({ providerOptions }) => !providerOptions);
    const session = await recorder.attach(recording!.id);
    const error: unknown = await scene.clock.until(
      session.pause().catch((thrown: unknown) => thrown),
      60_000,
    );
    expect(error).toMatchObject({ code: 'timeout' });
    await scene.pass(30_000);
    expect(story(scene).slice(-2)).toEqual([
      'CALL_UPDATE_REQUESTED CallUpdateRequest → -',
      'ACTION_SUCCESSFUL RecordAudio → -',
    ]);
    expect((await session.snapshot()).state).toBe('recording');
  });

  test('with options that RecordAudio does not take is refused, and stands in no record', async () => {
    await using one = await controlled({ maxSeconds: 0, terminators: ['A'] });
    await expect(one.recorder.start(one.request)).rejects.toMatchObject({
      code: 'invalid-request',
      message: expect.stringMatching(/message\.maxSeconds[\s\S]*message\.terminators/),
    });
    expect(await one.scene.store.list()).toEqual([]);
    expect(one.scene.chime.requests()).toEqual([]);
  });

  test('in another layout than it says is refused before any request', async () => {
    await using one = await controlled({ layout: 'separate' });
    await expect(one.recorder.start(one.request)).rejects.toMatchObject({
      code: 'invalid-request',
      message: expect.stringContaining('output: Must be audio/separate/wav'),
    });
    expect(one.scene.chime.requests()).toEqual([]);
  });
});
