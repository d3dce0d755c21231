import { afterEach, describe, expect, test } from 'vitest';
import { type LeavingMessage, leaveMessage, MESSAGES, messageMs, recordAudio } from '../../testing/left-message.ts';
import { openSmaScene, type SmaScene, speak, summary } from '../../testing/sma-scene.ts';
import type { SmaCall } from '../sma-call.ts';
import type { SmaOptions } from '../sma-options.ts';

let scene: SmaScene;
afterEach(() => scene?.[Symbol.asyncDispose]());

async function call(message: LeavingMessage = {}): Promise<SmaCall> {
  const left = await leaveMessage(message);
  scene = left.scene;
  return left.call;
}

const last = () => scene.events.at(-1);

describe('what RecordAudio refuses', () => {
  test.each<[string, Readonly<Record<string, unknown>>, string, SmaOptions?]>([
    ['a duration of nothing', { DurationInSeconds: 0 }, 'DurationInSeconds'],
    ['a duration that is no number', { DurationInSeconds: 'long' }, 'DurationInSeconds'],
    ['a silence of nothing', { SilenceDurationInSeconds: 0 }, 'SilenceDurationInSeconds'],
    ['a silence of 1 001 s', { SilenceDurationInSeconds: 1_001 }, 'SilenceDurationInSeconds'],
    ['a threshold of 0', { SilenceThreshold: 0 }, 'SilenceThreshold'],
    ['a threshold of 1 001', { SilenceThreshold: '1001' }, 'SilenceThreshold'],
    ['no terminators', { RecordingTerminators: undefined }, 'RecordingTerminators'],
    ['a terminator of two keys', { RecordingTerminators: ['12'] }, 'RecordingTerminators'],
    ['a terminator that is no key', { RecordingTerminators: ['A'] }, 'RecordingTerminators'],
    ['no destination', { RecordingDestination: null }, 'RecordingDestination'],
    ['another type', { RecordingDestination: { ...MESSAGES, Type: 's3' } }, 'RecordingDestination'],
    ['an empty bucket', { RecordingDestination: { ...MESSAGES, BucketName: '' } }, 'RecordingDestination'],
    [
      'an ARN',
      { RecordingDestination: { ...MESSAGES, BucketName: 'arn:aws:s3:::recordings' } },
      'RecordingDestination',
    ],
    ['980 characters', { RecordingDestination: { ...MESSAGES, Prefix: 'x'.repeat(980) } }, 'RecordingDestination'],
    ['an unsafe character', { RecordingDestination: { ...MESSAGES, Prefix: 'a b' } }, 'RecordingDestination'],
    ['a letter beyond ASCII', { RecordingDestination: { ...MESSAGES, Prefix: 'é' } }, 'RecordingDestination'],
    [
      'no silence, as an option',
      { SilenceDurationInSeconds: undefined },
      'SilenceDurationInSeconds',
      { recordAudio: { omittedSilence: 'rejected' } },
    ],
    [
      'no threshold, as an option',
      { SilenceThreshold: undefined },
      'SilenceThreshold',
      { recordAudio: { omittedSilence: 'rejected' } },
    ],
    [
      'no duration, as an option',
      { DurationInSeconds: undefined },
      'DurationInSeconds',
      { recordAudio: { omittedDuration: 'rejected' } },
    ],
  ])('%s', async (_, parameters, name, sma) => {
    await call({ parameters, sma });
    expect(last()).toMatchObject({
      InvocationEventType: 'ACTION_FAILED',
      ActionData: { ErrorType: 'InvalidActionParameter', ErrorMessage: `${name} parameter value is invalid.` },
    });
  });

  test('979 safe characters are taken', async () => {
    const Prefix = 'x'.repeat(979);
    await call({ parameters: { RecordingDestination: { ...MESSAGES, Prefix }, DurationInSeconds: 1 } });
    await scene.clock.advance(2_000);
    expect(last()?.InvocationEventType).toBe('ACTION_SUCCESSFUL');
  });

  test('a leg that is named twice, as an option', async () => {
    await call({ parameters: { ParticipantTag: 'LEG-A' }, sma: { bothLegNames: 'refused' } });
    expect(last()?.ActionData).toMatchObject({ ErrorType: 'InvalidActionParameter' });
  });

  test('a leg that does not exist', async () => {
    await call({ parameters: { CallId: 'nobody' } });
    expect(last()?.ActionData).toMatchObject({
      ErrorType: 'InvalidActionParameter',
      ErrorMessage: 'CallId or ParticipantTag parameter for action is invalid.',
    });
  });

  test.each<[string, Readonly<Record<string, unknown>>, 'fault' | 'policy' | undefined]>([
    ['is not there', { BucketName: 'elsewhere' }, undefined],
    ['has no policy', {}, 'policy'],
    ['refuses this file', {}, 'fault'],
  ])('an upload to a bucket that %s fails when the recording has ended', async (_, destination, how) => {
    scene = await openSmaScene(
      (event) =>
        event.Sequence === 1
          ? [
              recordAudio(event, {
                DurationInSeconds: 2,
                RecordingDestination: { ...MESSAGES, ...destination },
              }),
            ]
          : undefined,
      { bucketPolicy: () => how !== 'policy' },
    );
    if (how === 'fault') scene.chime.deliveryFaults.next({ match: 'sma-message', fault: 'access-denied' });
    await scene.dial();
    await scene.clock.advance(2_400);
    expect(summary(scene.events)).toHaveLength(1);
    await scene.clock.advance(100);
    expect(last()).toMatchObject({
      InvocationEventType: 'ACTION_FAILED',
      ActionData: {
        ErrorType: 'InvalidActionParameter',
        ErrorMessage: 'Error occurred while uploading recording to S3 bucket.',
      },
    });
    expect(scene.s3.list('recordings')).toEqual([]);
  });

  test.each(['never', 'zero-bytes'] as const)('a file that is %s there is not noticed', async (fault) => {
    await call({ parameters: { DurationInSeconds: 1 } });
    scene.chime.deliveryFaults.next({ match: 'sma-message', fault });
    await scene.clock.advance(2_000);
    expect(last()?.InvocationEventType).toBe('ACTION_SUCCESSFUL');
    expect(scene.s3.list('recordings').map(({ bytes }) => bytes.length)).toEqual(fault === 'never' ? [] : [0]);
  });
});

describe('RecordAudio that is cut off', () => {
  test.each(['discarded', 'delivered'] as const)('by new actions: ACTION_INTERRUPTED, the file is %s', async (what) => {
    const handle = await call({
      sma: { recordAudio: { interrupted: what } },
      update: (event) => [speak(event, 'new')],
    });
    await scene.clock.advance(4_000);
    scene.application.updateCall(handle.transactionId, {});
    await scene.clock.advance(1_000);
    expect(summary(scene.events).slice(2)).toEqual(['3 ACTION_INTERRUPTED RecordAudio', '4 ACTION_SUCCESSFUL Speak']);
    expect(scene.events[2]?.ActionData).not.toHaveProperty('RecordingDestination');
    expect(scene.s3.list('recordings')).toHaveLength(what === 'delivered' ? 1 : 0);
    if (what === 'delivered') expect(messageMs(scene)).toBe(4_000);
  });

  test.each([
    ['delivered', 'ACTION_SUCCESSFUL', ['2 HANGUP Hangup', '3 ACTION_SUCCESSFUL RecordAudio'], 1],
    ['delivered', 'ACTION_FAILED', ['2 HANGUP Hangup', '3 ACTION_FAILED RecordAudio'], 1],
    ['delivered', 'nothing', ['2 HANGUP Hangup'], 1],
    ['discarded', 'ACTION_SUCCESSFUL', ['2 HANGUP Hangup', '3 ACTION_FAILED RecordAudio'], 0],
  ] as const)('by the caller, who hangs up: %s, %s', async (hungUp, hungUpReport, events, files) => {
    const handle = await call({ sma: { recordAudio: { hungUp, hungUpReport } } });
    await scene.clock.advance(4_000);
    handle.hangUp();
    await scene.clock.until(handle.ended, 2_000);
    expect(summary(scene.events).slice(1)).toEqual(events);
    expect(scene.s3.list('recordings')).toHaveLength(files);
    if (files > 0) expect(messageMs(scene)).toBe(4_000);
    if (hungUpReport === 'ACTION_SUCCESSFUL' && hungUp === 'delivered') {
      const key = scene.s3.list('recordings')[0]?.key;
      expect(last()?.ActionData?.['RecordingDestination']).toMatchObject({ Key: key });
      expect(last()?.CallDetails.Participants[0]?.Status).toBe('Disconnected');
    }
  });
});
