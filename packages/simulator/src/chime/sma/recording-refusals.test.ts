import { afterEach, describe, expect, test } from 'vitest';
import { delivered, openRecordedCall, type RecordedCall } from '../testing/recorded-call.ts';
import { openSmaScene, type SmaScene, speak, startRecording } from '../testing/sma-scene.ts';

let scene: SmaScene;
afterEach(() => scene?.[Symbol.asyncDispose]());

async function recordedCall(...settings: Parameters<typeof openRecordedCall>): Promise<RecordedCall> {
  const opened = await openRecordedCall(...settings);
  scene = opened.scene;
  return opened;
}

describe('what is refused', () => {
  test.each<[string, Readonly<Record<string, unknown>>, string, string]>([
    [
      'a bucket that is not there',
      { Destination: { Type: 'S3', Location: 'nowhere/x' } },
      'NoAccessToDestination',
      'Error while accessing destination',
    ],
    [
      'an ARN',
      { Destination: { Type: 'S3', Location: 'arn:aws:s3:::recordings' } },
      'InvalidActionParameter',
      'Destination parameter is invalid',
    ],
    [
      'another type of destination',
      { Destination: { Type: 'Disk', Location: 'recordings' } },
      'InvalidActionParameter',
      'Destination parameter is invalid',
    ],
    [
      'a track that is none',
      { Track: 'MIXED' },
      'InvalidActionParameter',
      'Recording track is invalid. Choose INCOMING, OUTGOING, or BOTH',
    ],
    ['an unknown leg', { CallId: 'somebody' }, 'InvalidActionParameter', 'CallId parameter for action is invalid'],
    [
      'a leg named by its tag',
      { CallId: undefined, ParticipantTag: 'LEG-A' },
      'InvalidActionParameter',
      'CallId parameter for action is invalid',
    ],
  ])('%s', async (_, parameters, ErrorType, ErrorMessage) => {
    await recordedCall(undefined, {}, parameters);
    expect(scene.events.at(-1)).toMatchObject({
      InvocationEventType: 'ACTION_FAILED',
      ActionData: { ErrorType, ErrorMessage },
    });
  });

  test('a failure may come in its older shape', async () => {
    await recordedCall(undefined, { failureShape: 'error' }, { Destination: { Type: 'S3', Location: 'nowhere' } });
    const { ActionData } = scene.events.at(-1)!;
    expect(ActionData).toMatchObject({ Error: 'NoAccessToDestination: Error while accessing destination' });
    expect(ActionData).not.toHaveProperty('ErrorType');
  });

  test('a bucket whose policy does not name the voice connector service', async () => {
    scene = await openSmaScene(
      (event) =>
        event.InvocationEventType === 'NEW_INBOUND_CALL' ? [speak(event, 'x'), startRecording(event)] : undefined,
      { bucketPolicy: (_, principal) => principal !== 'voiceconnector.chime.amazonaws.com' },
    );
    await scene.dial();
    await scene.clock.advance(100);
    expect(scene.events.at(-1)).toMatchObject({ ActionData: { ErrorType: 'NoAccessToDestination' } });
  });

  test.each(['s3:PutObject', 's3:PutObjectAcl'])('a bucket whose policy grants all but %s', async (withheld) => {
    scene = await openSmaScene(
      (event) =>
        event.InvocationEventType === 'NEW_INBOUND_CALL' ? [speak(event, 'x'), startRecording(event)] : undefined,
      { bucketPolicy: (_, _principal, action) => action !== withheld },
    );
    await scene.dial();
    await scene.clock.advance(100);
    expect(scene.events.at(-1)).toMatchObject({ ActionData: { ErrorType: 'NoAccessToDestination' } });
  });

  test('none for a bucket that the service may only write to', async () => {
    scene = await openSmaScene(
      (event) =>
        event.InvocationEventType === 'NEW_INBOUND_CALL' ? [speak(event, 'x'), startRecording(event)] : undefined,
      { bucketPolicy: (_, _principal, action) => action.startsWith('s3:Put') },
    );
    await scene.dial();
    await scene.clock.advance(100);
    expect(scene.events.at(-1)).toMatchObject({ InvocationEventType: 'ACTION_SUCCESSFUL' });
  });

  test('stop, pause and resume where nothing records; redundant ones succeed unless told otherwise', async () => {
    const { ask } = await recordedCall();
    ask('ResumeCallRecording');
    await scene.clock.idle();
    expect(scene.events.at(-1)).toMatchObject({ InvocationEventType: 'ACTION_SUCCESSFUL' });
    ask('StopCallRecording');
    await scene.clock.idle();
    for (const what of ['StopCallRecording', 'PauseCallRecording', 'ResumeCallRecording']) {
      ask(what);
      await scene.clock.idle();
      expect(scene.events.at(-1)).toMatchObject({
        InvocationEventType: 'ACTION_FAILED',
        ActionData: { Type: what, ErrorType: 'SystemException' },
      });
    }
  });

  test('a redundant pause, as an option', async () => {
    const { ask } = await recordedCall(undefined, { redundantPause: 'failed' });
    ask('PauseCallRecording');
    ask('PauseCallRecording');
    await scene.clock.idle();
    expect(scene.events.at(-1)).toMatchObject({ InvocationEventType: 'ACTION_FAILED' });
  });

  test('recording a leg that nobody answered', async () => {
    scene = await openSmaScene((event) =>
      event.InvocationEventType === 'NEW_INBOUND_CALL' ? [startRecording(event)] : undefined,
    );
    await scene.dial();
    expect(scene.events.at(-1)).toMatchObject({
      InvocationEventType: 'ACTION_FAILED',
      ActionData: { ErrorType: 'SystemException' },
    });
  });
});

describe('delivery faults', () => {
  test.each(['never', 'access-denied'] as const)('%s: there is no object, and nobody is told', async (fault) => {
    const { call } = await recordedCall();
    scene.chime.deliveryFaults.next({ match: 'sma-recording', fault });
    call.hangUp();
    await scene.clock.advance(60_000);
    expect(scene.s3.list('recordings')).toEqual([]);
    expect(scene.chime.deliveryFaults.pending()).toBe(0);
  });

  test('zero bytes', async () => {
    const { call } = await recordedCall();
    scene.chime.deliveryFaults.next({ fault: 'zero-bytes' });
    call.hangUp();
    expect(await delivered(scene)).toHaveLength(0);
  });

  test('a delay adds to the time that delivery takes', async () => {
    const { call } = await recordedCall();
    scene.chime.deliveryFaults.next({ fault: { delayMs: 600_000 } });
    call.hangUp();
    await scene.clock.advance(602_000);
    expect(scene.s3.list('recordings')).toEqual([]);
    await scene.clock.advance(1_000);
    expect(scene.s3.list('recordings')).toHaveLength(1);
  });
});
