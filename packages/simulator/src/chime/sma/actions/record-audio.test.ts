import { existsSync, readFileSync } from 'node:fs';
import { readWav } from '@onrecord/core/media';
import { afterEach, describe, expect, test } from 'vitest';
import { clip, tone } from '../../../call/virtual-call.ts';
import { referencePath } from '../../testing/reference.ts';
import {
  APPLICATION,
  action,
  CALLER,
  CALLER_HZ,
  legA,
  levelAt,
  openSmaScene,
  type SmaScene,
  speak,
  summary,
} from '../../testing/sma-scene.ts';
import type { SmaCall } from '../sma-call.ts';
import type { SmaAction, SmaEvent } from '../sma-event.ts';
import type { SmaOptions } from '../sma-options.ts';

let scene: SmaScene;
afterEach(() => scene?.[Symbol.asyncDispose]());

const DESTINATION = { Type: 'S3', BucketName: 'recordings', Prefix: 'messages' };

function message(event: SmaEvent, more: Readonly<Record<string, unknown>> = {}): SmaAction {
  return action('RecordAudio', {
    CallId: legA(event),
    DurationInSeconds: '10',
    SilenceDurationInSeconds: 3,
    SilenceThreshold: 100,
    RecordingTerminators: ['#'],
    RecordingDestination: DESTINATION,
    ...more,
  });
}

/** A call answered with RecordAudio; the caller says a tone for `talkMs`, then nothing. */
async function leaveMessage(
  more: Readonly<Record<string, unknown>> = {},
  sma: SmaOptions = {},
  talkMs = 3_600_000,
  update: (event: SmaEvent) => readonly SmaAction[] = () => [],
): Promise<SmaCall> {
  scene = await openSmaScene(
    (event) => {
      if (event.InvocationEventType === 'NEW_INBOUND_CALL') return [message(event, more)];
      return event.InvocationEventType === 'CALL_UPDATE_REQUESTED' ? update(event) : undefined;
    },
    { sma },
  );
  const samples = Int16Array.from({ length: Math.min(talkMs, 60_000) * 8 }, (_, index) => tone(CALLER_HZ)(index));
  const source = talkMs > 60_000 ? tone(CALLER_HZ) : clip(samples);
  const call = scene.application.placeInboundCall({ from: CALLER, to: APPLICATION, source });
  await scene.clock.idle();
  return call;
}

const last = () => scene.events.at(-1);
const durationMs = () => {
  const [object] = scene.s3.list('recordings', 'messages');
  if (!object) throw new Error('there is no message');
  const { channels, sampleRate } = readWav(object.bytes);
  return ((channels[0]?.length ?? 0) * 1_000) / sampleRate;
};
const press = (call: SmaCall, keys: string) => scene.clock.until(call.press(keys), 60_000, 10);

describe('RecordAudio', () => {
  test('records what the caller says for the greatest duration, and the file is there when it is reported', async () => {
    const call = await leaveMessage();
    await scene.clock.advance(10_499);
    expect(summary(scene.events)).toEqual(['1 NEW_INBOUND_CALL']);
    await scene.clock.advance(1);
    expect(last()).toMatchObject({ InvocationEventType: 'ACTION_SUCCESSFUL', ActionData: { Type: 'RecordAudio' } });
    const { RecordingDestination, Parameters } = last()?.ActionData ?? {};
    const key = `messages/2026-01-05-09-00-00-000_${call.transactionId}_${call.legs[0]?.callId}.wav`;
    expect(RecordingDestination).toEqual({ Type: 'S3', BucketName: 'recordings', Key: key });
    expect(Parameters).toMatchObject({ DurationInSeconds: '10', RecordingDestination: DESTINATION });
    expect(last()?.ActionData).not.toHaveProperty('RecordingTerminatorUsed');
    const file = scene.s3.get('recordings', key);
    expect(file?.contentType).toBe('audio/wav');
    expect(readWav(file!.bytes)).toMatchObject({ sampleRate: 8_000, integrity: 'complete' });
    expect(readWav(file!.bytes).channels).toHaveLength(1);
    expect(durationMs()).toBe(10_000);
    expect(levelAt(file!.bytes, 0, CALLER_HZ, 100, 9_900)).toBeCloseTo(-12, 0);
    expect(call.legs[0]?.status).toBe('Connected');
  });

  test('a number of seconds means what a text means', async () => {
    await leaveMessage({ DurationInSeconds: 2.5 });
    await scene.clock.advance(3_000);
    expect(durationMs()).toBe(2_500);
  });

  test('a terminator ends it and is told; other keys do not', async () => {
    const call = await leaveMessage({ RecordingTerminators: ['*', '0'] });
    await scene.clock.advance(1_000);
    await press(call, '1#*');
    await scene.clock.advance(500);
    expect(last()?.ActionData).toMatchObject({ Type: 'RecordAudio', RecordingTerminatorUsed: '*' });
    expect(durationMs()).toBe(1_500);
  });

  test('silence after speech ends it, on the audio itself', async () => {
    await leaveMessage({}, {}, 2_000);
    await scene.clock.advance(5_000);
    expect(summary(scene.events)).toHaveLength(1);
    await scene.clock.advance(500);
    expect(summary(scene.events)).toEqual(['1 NEW_INBOUND_CALL', '2 ACTION_SUCCESSFUL RecordAudio']);
    expect(durationMs()).toBe(5_000);
  });

  test('a key pressed in the silence begins it anew', async () => {
    const call = await leaveMessage({}, {}, 2_000);
    await scene.clock.advance(4_000);
    await press(call, '5');
    await scene.clock.advance(3_500);
    expect(durationMs()).toBe(7_100);
  });

  test.each([
    ['below', 0.004, 100, 3_000],
    ['above', 0.02, 100, 10_000],
    ['below a higher', 0.02, 1_000, 3_000],
  ])('a noise %s the threshold', async (_, amplitude, SilenceThreshold, ms) => {
    scene = await openSmaScene((event) => (event.Sequence === 1 ? [message(event, { SilenceThreshold })] : undefined));
    scene.application.placeInboundCall({ from: CALLER, to: APPLICATION, source: tone(300, amplitude) });
    await scene.clock.advance(11_000);
    expect(durationMs()).toBe(ms);
  });

  test('without a prefix the file is in the root; the leg may be named by its tag, and CallId wins', async () => {
    await leaveMessage({ CallId: undefined, RecordingDestination: { Type: 'S3', BucketName: 'recordings' } });
    await scene.clock.advance(11_000);
    expect(scene.s3.list('recordings')[0]?.key).toMatch(/^2026-01-05-/);
    await scene[Symbol.asyncDispose]();
    await leaveMessage({ CallId: undefined, ParticipantTag: 'LEG-A', DurationInSeconds: 1 });
    await scene.clock.advance(2_000);
    expect(durationMs()).toBe(1_000);
    await scene[Symbol.asyncDispose]();
    await leaveMessage({ ParticipantTag: 'LEG-B', DurationInSeconds: 1 });
    await scene.clock.advance(2_000);
    expect(durationMs()).toBe(1_000);
  });

  test('a second message of a call has a key of its own', async () => {
    scene = await openSmaScene((event) =>
      event.Sequence < 3 ? [message(event, { DurationInSeconds: 1 })] : undefined,
    );
    scene.application.placeInboundCall({ from: CALLER, to: APPLICATION, source: tone(CALLER_HZ) });
    await scene.clock.advance(5_000);
    expect(scene.s3.list('recordings', 'messages')).toHaveLength(2);
  });

  test.each([
    ['disabled', 60_000],
    ['200-seconds', 200_000],
  ] as const)('silence that is not asked for: %s', async (omittedSilence, ms) => {
    const parameters = { SilenceDurationInSeconds: undefined, SilenceThreshold: 5_000, DurationInSeconds: undefined };
    const threshold = omittedSilence === 'disabled' ? {} : { SilenceThreshold: 1 };
    const call = await leaveMessage({ ...parameters, ...threshold }, { recordAudio: { omittedSilence } }, 1);
    if (omittedSilence === 'disabled') {
      await scene.clock.advance(59_900);
      await press(call, '#');
    } else await scene.clock.advance(201_000);
    await scene.clock.advance(500);
    expect(durationMs()).toBe(ms === 60_000 ? 60_000 : 200_020);
  });
});

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
    ['another type', { RecordingDestination: { ...DESTINATION, Type: 's3' } }, 'RecordingDestination'],
    ['an empty bucket', { RecordingDestination: { ...DESTINATION, BucketName: '' } }, 'RecordingDestination'],
    [
      'an ARN',
      { RecordingDestination: { ...DESTINATION, BucketName: 'arn:aws:s3:::recordings' } },
      'RecordingDestination',
    ],
    ['980 characters', { RecordingDestination: { ...DESTINATION, Prefix: 'x'.repeat(980) } }, 'RecordingDestination'],
    ['an unsafe character', { RecordingDestination: { ...DESTINATION, Prefix: 'a b' } }, 'RecordingDestination'],
    ['a letter beyond ASCII', { RecordingDestination: { ...DESTINATION, Prefix: 'é' } }, 'RecordingDestination'],
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
    await leaveMessage(parameters, sma);
    expect(last()).toMatchObject({
      InvocationEventType: 'ACTION_FAILED',
      ActionData: { ErrorType: 'InvalidActionParameter', ErrorMessage: `${name} parameter value is invalid.` },
    });
  });

  test('979 safe characters are taken', async () => {
    const Prefix = 'x'.repeat(979);
    await leaveMessage({ RecordingDestination: { ...DESTINATION, Prefix }, DurationInSeconds: 1 });
    await scene.clock.advance(2_000);
    expect(last()?.InvocationEventType).toBe('ACTION_SUCCESSFUL');
  });

  test('a leg that does not exist, and a fault of the system', async () => {
    await leaveMessage({ CallId: 'nobody' });
    expect(last()?.ActionData).toMatchObject({
      ErrorType: 'InvalidActionParameter',
      ErrorMessage: 'CallId or ParticipantTag parameter for the action is invalid',
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
              message(event, {
                DurationInSeconds: 2,
                RecordingDestination: { ...DESTINATION, ...destination },
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
    await leaveMessage({ DurationInSeconds: 1 });
    scene.chime.deliveryFaults.next({ match: 'sma-message', fault });
    await scene.clock.advance(2_000);
    expect(last()?.InvocationEventType).toBe('ACTION_SUCCESSFUL');
    expect(scene.s3.list('recordings').map(({ bytes }) => bytes.length)).toEqual(fault === 'never' ? [] : [0]);
  });
});

describe('RecordAudio that is cut off', () => {
  test.each(['discarded', 'delivered'] as const)('by new actions: ACTION_INTERRUPTED, the file is %s', async (what) => {
    const call = await leaveMessage({}, { recordAudio: { interrupted: what } }, 3_600_000, (event) => [
      speak(event, 'new'),
    ]);
    await scene.clock.advance(4_000);
    scene.application.updateCall(call.transactionId, {});
    await scene.clock.advance(1_000);
    expect(summary(scene.events).slice(2)).toEqual(['3 ACTION_INTERRUPTED RecordAudio', '4 ACTION_SUCCESSFUL Speak']);
    expect(scene.events[2]?.ActionData).not.toHaveProperty('RecordingDestination');
    expect(scene.s3.list('recordings')).toHaveLength(what === 'delivered' ? 1 : 0);
    if (what === 'delivered') expect(durationMs()).toBe(4_000);
  });

  test.each([
    ['delivered', 'ACTION_SUCCESSFUL', ['2 HANGUP Hangup', '3 ACTION_SUCCESSFUL RecordAudio'], 1],
    ['delivered', 'ACTION_FAILED', ['2 HANGUP Hangup', '3 ACTION_FAILED RecordAudio'], 1],
    ['delivered', 'nothing', ['2 HANGUP Hangup'], 1],
    ['discarded', 'ACTION_SUCCESSFUL', ['2 HANGUP Hangup', '3 ACTION_FAILED RecordAudio'], 0],
  ] as const)('by the caller, who hangs up: %s, %s', async (hungUp, hungUpReport, events, files) => {
    const call = await leaveMessage({}, { recordAudio: { hungUp, hungUpReport } });
    await scene.clock.advance(4_000);
    call.hangUp();
    await scene.clock.until(call.ended, 2_000);
    expect(summary(scene.events).slice(1)).toEqual(events);
    expect(scene.s3.list('recordings')).toHaveLength(files);
    if (files > 0) expect(durationMs()).toBe(4_000);
    if (hungUpReport === 'ACTION_SUCCESSFUL' && hungUp === 'delivered') {
      const key = scene.s3.list('recordings')[0]?.key;
      expect(last()?.ActionData?.['RecordingDestination']).toMatchObject({ Key: key });
      expect(last()?.CallDetails.Participants[0]?.Status).toBe('Disconnected');
    }
  });
});

const FIXTURES = 'aws/events/sma';
const present = existsSync(referencePath(FIXTURES));
if (!present) console.info('skipped: the event fixtures of the Chime SDK are not beside this repository');

describe.skipIf(!present)('the events of RecordAudio have the members that the documentation shows', () => {
  const members = (event: unknown): readonly string[] =>
    Object.keys((event as SmaEvent).ActionData ?? {}).sort((a, b) => a.localeCompare(b));
  const documented = (name: string): SmaEvent =>
    JSON.parse(readFileSync(referencePath(`${FIXTURES}/${name}.RecordAudio.docs.json`), 'utf8'));

  test('ACTION_SUCCESSFUL', async () => {
    const expected = documented('action-successful');
    const call = await leaveMessage(expected.ActionData?.Parameters && { ...pick(expected) });
    await press(call, '#');
    await scene.clock.advance(1_000);
    expect(members(last())).toEqual(members(expected));
    const place = (event: SmaEvent) => Object.keys((event.ActionData?.['RecordingDestination'] ?? {}) as object);
    expect(place(last()!)).toEqual(place(expected));
  });

  test('ACTION_FAILED', async () => {
    const expected = documented('action-failed');
    await leaveMessage({ RecordingDestination: {} });
    expect(members(last())).toEqual(members(expected));
    expect(last()?.ActionData).toMatchObject({
      ErrorType: expected.ActionData?.['ErrorType'],
      ErrorMessage: expected.ActionData?.['ErrorMessage'],
    });
  });
});

/** The documented parameters, for this leg and bucket. */
function pick(event: SmaEvent): Readonly<Record<string, unknown>> {
  const { CallId: _callId, RecordingDestination: _place, ...rest } = event.ActionData?.Parameters ?? {};
  return rest;
}
