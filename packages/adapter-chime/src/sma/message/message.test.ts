import { readWav } from '@onrecord/core/media';
import { describe, expect, test } from 'vitest';
import { bridge, type OnCall, openSmaScene, type SceneOptions, type SmaScene, story } from '../../testing/sma-scene.ts';
import type { MessageOptions } from '../index.ts';

/** A voicemail: greets, then takes a message. */
function voicemail(message: MessageOptions = {}): OnCall {
  return (notice, turn) => {
    if (notice.type === 'call.connected') turn.announce({ text: 'Please leave a message after the tone.' });
    if (notice.type === 'call.announced') {
      turn.start({
        consent: { basis: 'announced', noticeId: notice.noticeId },
        providerOptions: { message: { ...message } },
      });
    }
  };
}

async function leave(message: MessageOptions = {}, options: SceneOptions = {}) {
  const scene = await openSmaScene({ onCall: voicemail(message), ...options });
  const call = scene.dial();
  await scene.pass(4_000);
  return { scene, call, [Symbol.asyncDispose]: () => scene[Symbol.asyncDispose]() };
}

const only = async (scene: Pick<SmaScene, 'records'>) => (await scene.records())[0]!;
const sent = (scene: SmaScene) =>
  scene.turns.flatMap(({ answer }) => answer.Actions ?? []).find(({ Type }) => Type === 'RecordAudio');

describe('a message', () => {
  test('is one RecordAudio that says every limit, and is told of when it is over, with its file', async () => {
    await using left = await leave({ maxSeconds: 5 });
    const { scene } = left;
    const before = await only(scene);
    expect(before.snapshot.state).toBe('starting');
    expect(before.commands[0]?.confirmWithinMs).toBe(185_000);
    await scene.pass(6_000);
    const record = await only(scene);
    expect(story(scene)).toEqual([
      'NEW_INBOUND_CALL → Speak',
      'ACTION_SUCCESSFUL Speak → RecordAudio',
      'ACTION_SUCCESSFUL RecordAudio → -',
    ]);
    expect(sent(scene)?.Parameters).toEqual({
      CallId: record.call.data['callId'],
      DurationInSeconds: '5',
      SilenceDurationInSeconds: 10,
      SilenceThreshold: 200,
      RecordingTerminators: ['#'],
      RecordingDestination: { Type: 'S3', BucketName: 'recordings', Prefix: `calls/${record.id}` },
    });
    const [file] = scene.s3.list('recordings', `calls/${record.id}`);
    expect(record.snapshot).toMatchObject({
      state: 'completed',
      endReason: 'limit-reached',
      commands: [{ kind: 'start', state: 'confirmed' }],
      artifacts: [{ state: 'available', role: 'master', location: `s3://recordings/${file?.key}` }],
      anomalies: [],
    });
    expect(record.output).toEqual({ media: 'audio', layout: 'incoming', container: 'wav' });
    expect(record.snapshot.artifacts[0]?.tracks).toMatchObject([{ from: 'participant' }]);
    expect(readWav(scene.s3.get('recordings', file!.key)!.bytes).channels).toHaveLength(1);
  });

  test('that a key ends was ended by request, and the key is a fact', async () => {
    await using left = await leave({ terminators: ['*', '0'], maxSeconds: 60 });
    const { scene, call } = left;
    await scene.clock.until(call.press('1*'), 5_000, 10);
    await scene.pass(1_000);
    const record = await only(scene);
    expect(record.snapshot).toMatchObject({ state: 'completed', endReason: 'requested', anomalies: [] });
    expect(record.parts[0]?.facts).toMatchObject({ terminator: '*' });
  });

  test.each([
    ['reported after it, with the file', {}, 'completed'],
    ['reported by nothing, and the file found where it must turn up', { hungUpReport: 'nothing' }, 'processing'],
    ['refused after it, since its file was not kept', { hungUp: 'discarded', hungUpReport: 'ACTION_FAILED' }, 'failed'],
  ] as const)('ends with a hang-up: %s', async (_, recordAudio, state) => {
    await using left = await leave({ maxSeconds: 60 }, { chime: { sma: { recordAudio } } });
    const { scene, call } = left;
    call.hangUp();
    await scene.pass(5_000);
    const record = await only(scene);
    expect(record.snapshot).toMatchObject({
      state,
      endReason: state === 'failed' ? 'storage-error' : 'call-ended',
      anomalies: [],
    });
    const [expected] = record.reports.flatMap(({ seen }) => seen.expects ?? []);
    expect(expected?.prefix).toBe(`s3://recordings/calls/${record.id}`);
    expect(scene.s3.list('recordings', `calls/${record.id}`)).toHaveLength(state === 'failed' ? 0 : 1);
  });

  test.each(['type-and-message', 'error'] as const)(
    'whose RecordAudio is refused by ACTION_FAILED (%s) never started, and the call goes on',
    async (failureShape) => {
      await using scene = await openSmaScene({
        onCall: voicemail({ maxSeconds: 1 }),
        chime: { bucketPolicy: () => false, sma: { failureShape } },
        ivr: (event) => (event.ActionData?.Type === 'Speak' ? { onRecordingFailed: [bridge()] } : undefined),
      });
      scene.dial();
      await scene.pass(20_000);
      const record = await only(scene);
      expect(record.snapshot).toMatchObject({ state: 'failed', endReason: 'storage-error' });
      expect(record.snapshot.commands[0]?.error?.message).toMatch(/uploading recording to S3 bucket/);
      expect(story(scene)).toContain('ACTION_FAILED RecordAudio → CallAndBridge');
    },
  );

  test('answers the leg by itself: no prompt has to come before it', async () => {
    await using scene = await openSmaScene({
      onCall: (notice, turn) =>
        void (
          notice.type === 'call.connected' &&
          !notice.answered &&
          turn.start({ providerOptions: { message: { maxSeconds: 2 } } })
        ),
    });
    scene.dial();
    await scene.pass(5_000);
    expect(story(scene)).toEqual(['NEW_INBOUND_CALL → RecordAudio', 'ACTION_SUCCESSFUL RecordAudio → -']);
  });

  test('follows another on the same leg, and stands beside a recording of the leg', async () => {
    const errors: unknown[] = [];
    await using scene = await openSmaScene({
      onCall: (notice, turn) => {
        if (notice.type !== 'call.connected') return;
        turn.announce({ text: 'Hello' });
        turn.start();
      },
      ivr: (event, { turn }) => {
        const type = event.ActionData?.Type;
        const done = scene?.turns.filter((one) => one.event.ActionData?.Type === 'RecordAudio').length;
        if (type === 'StartCallRecording' || (type === 'RecordAudio' && done === 0)) {
          turn.start({ providerOptions: { message: { maxSeconds: 2 } } });
          try {
            turn.start({ providerOptions: { message: {} } });
          } catch (error) {
            errors.push(error);
          }
        }
        return undefined;
      },
    });
    scene.dial();
    await scene.pass(20_000);
    expect(story(scene).slice(1)).toEqual([
      'ACTION_SUCCESSFUL StartCallRecording → RecordAudio',
      'ACTION_SUCCESSFUL RecordAudio → RecordAudio',
      'ACTION_SUCCESSFUL RecordAudio → -',
    ]);
    expect((await scene.records()).map(({ snapshot }) => snapshot.state).sort()).toEqual([
      'completed',
      'completed',
      'recording',
    ]);
    expect(errors).toMatchObject([{ code: 'already-exists' }, { code: 'already-exists' }]);
  });

  test('is not paused, and says why before anything is sent', async () => {
    const errors: unknown[] = [];
    await using scene = await openSmaScene({
      onCall: (notice, turn) => {
        if (notice.type !== 'call.connected') return;
        const session = turn.start({ providerOptions: { message: {} } });
        const attempts = [
          () => turn.pause(session),
          () => turn.resume(session),
          () => turn.secure(session, { maxMs: 1 }),
        ];
        for (const attempt of attempts) {
          try {
            attempt();
          } catch (error) {
            errors.push(error);
          }
        }
      },
    });
    scene.dial();
    await scene.pass(1_000);
    expect(errors).toHaveLength(3);
    expect(errors).toMatchObject(
      errors.map(() => ({ code: 'unsupported', message: expect.stringMatching(/message/) })),
    );
  });
});
