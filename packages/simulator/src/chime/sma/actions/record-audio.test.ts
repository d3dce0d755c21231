import { existsSync, readFileSync } from 'node:fs';
import { readWav } from '@onrecord/core/media';
import { afterEach, describe, expect, test } from 'vitest';
import { tone } from '../../../call/virtual-call.ts';
import { type LeavingMessage, leaveMessage, MESSAGES, messageMs, recordAudio } from '../../testing/left-message.ts';
import { referencePath } from '../../testing/reference.ts';
import {
  APPLICATION,
  CALLER,
  CALLER_HZ,
  levelAt,
  openSmaScene,
  type SmaScene,
  summary,
} from '../../testing/sma-scene.ts';
import type { SmaCall } from '../sma-call.ts';
import type { SmaEvent } from '../sma-event.ts';

let scene: SmaScene;
afterEach(() => scene?.[Symbol.asyncDispose]());

async function call(message: LeavingMessage = {}): Promise<SmaCall> {
  const left = await leaveMessage(message);
  scene = left.scene;
  return left.call;
}

const last = () => scene.events.at(-1);
const press = (handle: SmaCall, keys: string) => scene.clock.until(handle.press(keys), 60_000, 10);

describe('RecordAudio', () => {
  test('records what the caller says for the greatest duration, and the file is there when it is reported', async () => {
    const handle = await call();
    await scene.clock.advance(10_499);
    expect(summary(scene.events)).toEqual(['1 NEW_INBOUND_CALL']);
    await scene.clock.advance(1);
    expect(last()).toMatchObject({ InvocationEventType: 'ACTION_SUCCESSFUL', ActionData: { Type: 'RecordAudio' } });
    const data = last()?.ActionData;
    const key = `messages/2026-01-05-09-00-00-000_${handle.transactionId}_${handle.legs[0]?.callId}.wav`;
    expect(data?.['RecordingDestination']).toEqual({ Type: 'S3', BucketName: 'recordings', Key: key });
    expect(data?.Parameters).toMatchObject({ DurationInSeconds: '10', RecordingDestination: MESSAGES });
    expect(last()?.ActionData).not.toHaveProperty('RecordingTerminatorUsed');
    const file = scene.s3.get('recordings', key);
    expect(file?.contentType).toBe('audio/wav');
    expect(readWav(file!.bytes)).toMatchObject({ sampleRate: 8_000, integrity: 'complete' });
    expect(readWav(file!.bytes).channels).toHaveLength(1);
    expect(messageMs(scene)).toBe(10_000);
    expect(levelAt(file!.bytes, 0, CALLER_HZ, 100, 9_900)).toBeCloseTo(-12, 0);
    expect(handle.legs[0]?.status).toBe('Connected');
  });

  test('a number of seconds means what a text means', async () => {
    await call({ parameters: { DurationInSeconds: 2.5 } });
    await scene.clock.advance(3_000);
    expect(messageMs(scene)).toBe(2_500);
  });

  test('a terminator ends it and is told; other keys do not', async () => {
    const handle = await call({ parameters: { RecordingTerminators: ['*', '0'] } });
    await scene.clock.advance(1_000);
    await press(handle, '1#*');
    await scene.clock.advance(500);
    expect(last()?.ActionData).toMatchObject({ Type: 'RecordAudio', RecordingTerminatorUsed: '*' });
    expect(messageMs(scene)).toBe(1_500);
  });

  test('silence after speech ends it, on the audio itself', async () => {
    await call({ talkMs: 2_000 });
    await scene.clock.advance(5_000);
    expect(summary(scene.events)).toHaveLength(1);
    await scene.clock.advance(500);
    expect(summary(scene.events)).toEqual(['1 NEW_INBOUND_CALL', '2 ACTION_SUCCESSFUL RecordAudio']);
    expect(messageMs(scene)).toBe(5_000);
  });

  test('a key pressed in the silence begins it anew', async () => {
    const handle = await call({ talkMs: 2_000 });
    await scene.clock.advance(4_000);
    await press(handle, '5');
    await scene.clock.advance(3_500);
    expect(messageMs(scene)).toBe(7_100);
  });

  test.each([
    ['below', 0.004, 100, 3_000],
    ['above', 0.02, 100, 10_000],
    ['below a higher', 0.02, 1_000, 3_000],
  ])('a noise %s the threshold', async (_, amplitude, SilenceThreshold, ms) => {
    scene = await openSmaScene((event) =>
      event.Sequence === 1 ? [recordAudio(event, { SilenceThreshold })] : undefined,
    );
    scene.application.placeInboundCall({ from: CALLER, to: APPLICATION, source: tone(300, amplitude) });
    await scene.clock.advance(11_000);
    expect(messageMs(scene)).toBe(ms);
  });

  test('without a prefix the file is in the root; the leg may be named by its tag, and CallId wins', async () => {
    await call({ parameters: { CallId: undefined, RecordingDestination: { Type: 'S3', BucketName: 'recordings' } } });
    await scene.clock.advance(11_000);
    expect(scene.s3.list('recordings')[0]?.key).toMatch(/^2026-01-05-/);
    await scene[Symbol.asyncDispose]();
    await call({ parameters: { CallId: undefined, ParticipantTag: 'LEG-A', DurationInSeconds: 1 } });
    await scene.clock.advance(2_000);
    expect(messageMs(scene)).toBe(1_000);
    await scene[Symbol.asyncDispose]();
    await call({ parameters: { ParticipantTag: 'LEG-B', DurationInSeconds: 1 } });
    await scene.clock.advance(2_000);
    expect(messageMs(scene)).toBe(1_000);
  });

  test('a second message of a call has a key of its own', async () => {
    scene = await openSmaScene((event) =>
      event.Sequence < 3 ? [recordAudio(event, { DurationInSeconds: 1 })] : undefined,
    );
    scene.application.placeInboundCall({ from: CALLER, to: APPLICATION, source: tone(CALLER_HZ) });
    await scene.clock.advance(5_000);
    expect(scene.s3.list('recordings', 'messages')).toHaveLength(2);
  });

  test.each([
    ['disabled', 300_000],
    ['200-seconds', 200_020],
  ] as const)('silence that is not asked for: %s', async (omittedSilence, ms) => {
    const parameters = {
      SilenceDurationInSeconds: undefined,
      SilenceThreshold: undefined,
      DurationInSeconds: undefined,
    };
    const handle = await call({ parameters, sma: { recordAudio: { omittedSilence } }, talkMs: 1 });
    await scene.clock.advance(299_900);
    await press(handle, '#');
    await scene.clock.advance(500);
    expect(messageMs(scene)).toBe(ms);
  });

  test('a threshold is ignored where silence ends nothing', async () => {
    await call({ parameters: { SilenceDurationInSeconds: undefined, SilenceThreshold: 5_000 } });
    await scene.clock.advance(11_000);
    expect(messageMs(scene)).toBe(10_000);
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
    const handle = await call({ parameters: pick(expected) });
    await press(handle, '#');
    await scene.clock.advance(1_000);
    expect(members(last())).toEqual(members(expected));
    const place = (event: SmaEvent) => Object.keys((event.ActionData?.['RecordingDestination'] ?? {}) as object);
    expect(place(last()!)).toEqual(place(expected));
  });

  test('ACTION_FAILED', async () => {
    const expected = documented('action-failed');
    await call({ parameters: { RecordingDestination: {} } });
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
