import { afterEach, describe, expect, test } from 'vitest';
import {
  action,
  bridge,
  legA,
  openCall,
  openSmaScene,
  playAudio,
  type SmaScene,
  speak,
  startRecording,
} from '../../testing/sma-scene.ts';
import type { SmaCall } from '../sma-call.ts';

let scene: SmaScene;
afterEach(() => scene?.[Symbol.asyncDispose]());

async function call(...settings: Parameters<typeof openCall>): Promise<SmaCall> {
  const opened = await openCall(...settings);
  scene = opened.scene;
  return opened.call;
}

describe('actions that cannot run', () => {
  test('one that a fault fails has no effect', async () => {
    scene = await openSmaScene((event) =>
      event.InvocationEventType === 'NEW_INBOUND_CALL' ? [speak(event, 'x'), startRecording(event)] : undefined,
    );
    const error = { type: 'SystemException', message: 'System error while running an action' };
    scene.chime.actionFaults.next({ match: 'StartCallRecording', fault: error });
    const handle = await scene.dial();
    await scene.clock.advance(100);
    expect(scene.events.at(-1)).toMatchObject({
      InvocationEventType: 'ACTION_FAILED',
      ActionData: { Type: 'StartCallRecording', ErrorType: error.type, ErrorMessage: error.message },
    });
    handle.hangUp();
    await scene.clock.advance(10_000);
    expect(scene.s3.list('recordings')).toEqual([]);
  });

  test.each(['StartBotConversation', 'VoiceFocus', 'SendDigits'])('%s says that it is not simulated', async (type) => {
    await call(() => [action(type)]);
    expect(scene.events.at(-1)?.ActionData).toMatchObject({ Type: type, ErrorMessage: `${type} is not simulated` });
  });

  test('an unknown one', async () => {
    await call(() => [action('Sing')]);
    expect(scene.events.at(-1)?.ActionData?.['ErrorMessage']).toContain('Unsupported action name');
  });

  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['no text', {}, '`Text` is a required parameter.'],
    ['a text of 1 001 characters', { Text: 'x'.repeat(1_001) }, '`Text` is limited to 1,000 characters'],
    ['an engine that is none', { Text: 'x', Engine: 'steam' }, ''],
    ['broken markup', { Text: '<speak>x', TextType: 'ssml' }, ''],
  ])('Speak with %s', async (_, parameters, ErrorMessage) => {
    await call((event) => [action('Speak', { CallId: legA(event), ...parameters })]);
    expect(scene.events.at(-1)).toMatchObject({ InvocationEventType: 'ACTION_FAILED', ActionData: { ErrorMessage } });
  });

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ['an object that is not there', { Key: 'other.wav' }],
    ['a bucket that is not there', { BucketName: 'elsewhere' }],
    ['an object of another type', { Key: 'text.txt' }],
    ['a file that is no WAV', { Key: 'broken.wav' }],
  ])('PlayAudio of %s', async (_, source) => {
    scene = await openSmaScene((event) =>
      event.InvocationEventType === 'NEW_INBOUND_CALL'
        ? [playAudio(event, { AudioSource: { Type: 'S3', BucketName: 'recordings', Key: 'x', ...source } })]
        : undefined,
    );
    scene.s3.put('recordings', 'text.txt', Buffer.from('hello'), { contentType: 'text/plain' });
    scene.s3.put('recordings', 'broken.wav', Buffer.from('RIFF'), { contentType: 'audio/wav' });
    await scene.dial();
    expect(scene.events.at(-1)?.ActionData).toMatchObject({
      ErrorType: 'InvalidAudioSource',
      ErrorMessage: 'Audio Source parameter value is invalid.',
    });
  });

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ['no caller id', { CallerIdNumber: undefined }],
    ['a caller id that is no number', { CallerIdNumber: 'me' }],
    ['two endpoints', { Endpoints: [{}, {}] }],
    ['an endpoint that is no number', { Endpoints: [{ BridgeEndpointType: 'PSTN', Uri: 'agent' }] }],
    ['121 seconds', { CallTimeoutSeconds: 121 }],
    ["somebody else's number", { CallerIdNumber: '+15559999' }],
  ])('CallAndBridge with %s', async (_, parameters) => {
    await call(() => [{ Type: 'CallAndBridge', Parameters: { ...bridge().Parameters, ...parameters } }], undefined, {
      sma: { ownedNumbers: [] },
    });
    expect(scene.events.at(-1)?.ActionData).toMatchObject({ ErrorType: 'InvalidActionParameter' });
  });
});
