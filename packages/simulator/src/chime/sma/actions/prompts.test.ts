import { afterEach, describe, expect, test } from 'vitest';
import type { BucketAction } from '../../object-store.ts';
import type { ChimeOptions } from '../../start-chime.ts';
import {
  bridge,
  getDigits,
  openCall,
  openSmaScene,
  playAudio,
  type SmaScene,
  speak,
  summary,
} from '../../testing/sma-scene.ts';
import type { SmaAction, SmaEvent } from '../sma-event.ts';

let scene: SmaScene;
afterEach(() => scene?.[Symbol.asyncDispose]());

async function call(
  first: (event: SmaEvent) => readonly SmaAction[],
  prepare: () => void = () => {},
  options: Partial<ChimeOptions> = {},
): Promise<void> {
  scene = await openSmaScene((event) => (event.Sequence === 1 ? first(event) : undefined), options);
  prepare();
  await scene.dial();
  await scene.clock.advance(5_000);
}

const last = () => scene.events.at(-1);
const file = (Key: string) => ({ Type: 'S3', BucketName: 'recordings', Key });

describe('speech', () => {
  const NO_ROLE = 'The `AWSServiceRoleForAmazonChimeVoiceConnector` service-linked role is not configured correctly.';
  test.each<[string, (event: SmaEvent) => SmaAction]>([
    ['Speak', (event) => speak(event, 'x')],
    ['SpeakAndGetDigits', getDigits],
  ])('%s without the service-linked role is AccessDenied', async (_, make) => {
    await call((event) => [make(event)], undefined, { sma: { speechRole: 'missing' } });
    expect(last()?.ActionData).toMatchObject({ ErrorType: 'AccessDenied', ErrorMessage: NO_ROLE });
  });

  test('Speak that comes too often is ActionExecutionThrottled, and works again a second later', async () => {
    await call((event) => [speak(event, 'x'), speak(event, 'y')], undefined, { sma: { speechesPerSecond: 1 } });
    expect(summary(scene.events)).toEqual(['1 NEW_INBOUND_CALL', '2 ACTION_FAILED Speak']);
    expect(last()?.ActionData).toMatchObject({
      ErrorType: 'ActionExecutionThrottled',
      ErrorMessage: 'Amazon Polly is throttling the request to synthesize speech.',
    });
    await scene[Symbol.asyncDispose]();
    await call((event) => [speak(event, 'x'.repeat(20)), speak(event, 'y')], undefined, {
      sma: { speechesPerSecond: 1 },
    });
    expect(last()?.InvocationEventType).toBe('ACTION_SUCCESSFUL');
  });
});

describe('audio files that cannot be played are InvalidAudioSource', () => {
  const wav = { contentType: 'audio/wav' };
  const put = (key: string, bytes: Uint8Array, options: { readonly contentType?: string } = wav) =>
    scene.s3.put('recordings', key, bytes, options);
  /** A header whose format is A-law, 6, in place of PCM, 1. */
  const aLaw = () => {
    const bytes = Buffer.alloc(60);
    bytes.write('RIFF', 0);
    bytes.writeUInt32LE(52, 4);
    bytes.write('WAVEfmt ', 8);
    bytes.writeUInt32LE(16, 16);
    bytes.writeUInt16LE(6, 20);
    bytes.writeUInt16LE(1, 22);
    bytes.writeUInt32LE(8_000, 24);
    bytes.writeUInt32LE(8_000, 28);
    bytes.writeUInt16LE(1, 32);
    bytes.writeUInt16LE(8, 34);
    bytes.write('data', 36);
    bytes.writeUInt32LE(16, 40);
    return bytes;
  };

  test.each<[string, (event: SmaEvent) => SmaAction, (() => void)?]>([
    ['PlayAudio of nothing', (event) => playAudio(event, { AudioSource: undefined })],
    ['PlayAudio of another type', (event) => playAudio(event, { AudioSource: { ...file('x'), Type: 'HTTP' } })],
    ['PlayAudio of an empty bucket', (event) => playAudio(event, { AudioSource: { ...file('x'), BucketName: '' } })],
    ['PlayAudio of an empty key', (event) => playAudio(event, { AudioSource: file('') })],
    [
      'PlayAudio of a WAV that is not PCM',
      (event) => playAudio(event, { AudioSource: file('alaw.wav') }),
      () => void put('alaw.wav', aLaw()),
    ],
    [
      'PlayAudio of more than 50 MB',
      (event) => playAudio(event, { AudioSource: file('big.wav') }),
      () => void put('big.wav', new Uint8Array(50 * 1024 * 1024 + 1)),
    ],
    [
      'PlayAudioAndGetDigits without a failure file',
      (event) => ({ ...playAudio(event, { RepeatDurationInMilliseconds: 1_000 }), Type: 'PlayAudioAndGetDigits' }),
    ],
    [
      'CallAndBridge with a ringback tone that is not there',
      () => ({
        Type: 'CallAndBridge',
        Parameters: { ...bridge().Parameters, RingbackTone: file('tone.wav') },
      }),
    ],
  ])('%s', async (_, make, prepare) => {
    await call((event) => [make(event)], prepare);
    expect(last()).toMatchObject({
      InvocationEventType: 'ACTION_FAILED',
      ActionData: { ErrorType: 'InvalidAudioSource' },
    });
  });
});

test.each<[string, (action: BucketAction) => boolean, string]>([
  ['whose policy does not let the service in is refused', () => false, 'ACTION_FAILED InvalidAudioSource'],
  [
    'that it may write to, not read, is refused',
    (action) => action !== 's3:GetObject',
    'ACTION_FAILED InvalidAudioSource',
  ],
  ['that it may only read is played', (action) => action === 's3:GetObject', 'ACTION_SUCCESSFUL'],
])('a file in a bucket %s (PlayAudio)', async (_, grants, expected) => {
  const opened = await openCall((event) => [playAudio(event)], undefined, {
    bucketPolicy: (_bucket, _principal, action) => grants(action),
  });
  scene = opened.scene;
  await scene.clock.advance(5_000);
  const { InvocationEventType, ActionData } = last()!;
  expect([InvocationEventType, ActionData?.['ErrorType']].join(' ').trim()).toBe(expected);
});
