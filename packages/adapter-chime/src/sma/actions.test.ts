import { readWav, toneLevel, wavHeader } from '@onrecord/core/media';
import { tone } from '@onrecord/simulator';
import { expect, test } from 'vitest';
import { askDigits } from '../testing/card-scene.ts';
import {
  AGENT_HZ,
  announceThenRecord,
  bridge,
  CALLER_HZ,
  type OnCall,
  openSmaScene,
  receiveDigits,
  type SceneOptions,
  type SmaScene,
  story,
} from '../testing/sma-scene.ts';
import { callerBothWays, type SmaAction, type SmaEvent } from './index.ts';

/** Each key does one thing to the recording, on a call that is recorded from its announcement on. */
async function keyed(options: SceneOptions = {}) {
  const scene = await openSmaScene({
    onCall: announceThenRecord,
    ivr: (event, { turn, sessionIds }) => {
      if (event.ActionData?.Type === 'StartCallRecording') return { after: [receiveDigits(event)] };
      const [session] = sessionIds;
      const key = event.InvocationEventType === 'DIGITS_RECEIVED' ? event.ActionData?.['ReceivedDigits'] : undefined;
      if (key === '1' && session) turn.pause(session);
      if (key === '2' && session) turn.resume(session);
      if (key === '3' && session) turn.stop(session);
      return undefined;
    },
    ...options,
  });
  const call = scene.dial();
  await scene.pass(5_000);
  const press = async (keys: string) => {
    for (const key of keys) {
      void call.press(key);
      await scene.pass(5_000);
    }
  };
  return { scene, call, press, [Symbol.asyncDispose]: () => scene[Symbol.asyncDispose]() };
}

/** Levels of a voice in each second of the one file, in the channel that holds it. */
async function secondsOf(scene: SmaScene, frequencyHz: number): Promise<readonly boolean[]> {
  await scene.pass(10_000);
  const [file] = scene.s3.list('recordings', 'calls/');
  const { channels, sampleRate } = readWav(scene.s3.get('recordings', file!.key)!.bytes);
  const [samples] = channels;
  return Array.from({ length: Math.floor(samples!.length / sampleRate) }, (_, second) => {
    const window = samples!.subarray(second * sampleRate, (second + 1) * sampleRate);
    return toneLevel(window, sampleRate, frequencyHz) > -30;
  });
}

const says = (lines: readonly string[], part: string) => lines.filter((line) => line.includes(part)).length;
const onLegA = (event: SmaEvent) => event.CallDetails.Participants[0]!.CallId;

test('StartCallRecording is confirmed by its ACTION_SUCCESSFUL, which names the file', async () => {
  await using one = await keyed();
  const [record] = await one.scene.records();
  const uri = record?.reports.flatMap(({ seen }) => seen.expects ?? []).find((expected) => expected.uri)?.uri;
  one.call.hangUp();
  await one.scene.pass(10_000);
  const [file] = one.scene.s3.list('recordings', `calls/${record?.id}/`);
  expect(uri).toBe(`s3://recordings/${file?.key}`);
});

test('PauseCallRecording at DIGITS_RECEIVED leaves silence to the end', async () => {
  await using one = await keyed();
  await one.press('1');
  one.call.hangUp();
  const seconds = await secondsOf(one.scene, CALLER_HZ);
  expect(seconds.at(0)).toBe(true);
  expect(seconds.slice(-3)).toEqual([false, false, false]);
});

test('ResumeCallRecording goes on in the same file', async () => {
  await using one = await keyed();
  await one.press('12');
  one.call.hangUp();
  const seconds = await secondsOf(one.scene, CALLER_HZ);
  expect(seconds.includes(false)).toBe(true);
  expect(seconds.slice(-3)).toEqual([true, true, true]);
  expect(one.scene.s3.list('recordings', 'calls/')).toHaveLength(1);
});

test('StopCallRecording ends it, and the call goes on', async () => {
  await using one = await keyed();
  await one.press('3');
  await one.scene.pass(60_000);
  const seconds = await secondsOf(one.scene, CALLER_HZ);
  expect(seconds.length).toBeLessThan(10);
  expect((await one.scene.records())[0]?.snapshot).toMatchObject({ endReason: 'requested' });
  expect(one.call.legs[0]?.status).toBe('Connected');
});

test('ReceiveDigits follows the start in an answer of its own', async () => {
  await using one = await keyed();
  expect(story(one.scene).slice(2, 4)).toEqual([
    'ACTION_SUCCESSFUL StartCallRecording → ReceiveDigits',
    'ACTION_SUCCESSFUL ReceiveDigits → -',
  ]);
});

const prompt = new Uint8Array([...wavHeader({ sampleRate: 8_000, channelCount: 1 }, 8_000), ...new Uint8Array(16_000)]);
const notice = { Type: 'S3', BucketName: 'recordings', Key: 'prompts/notice.wav' };

test.each([
  ['Speak', { text: 'This call is recorded.' }],
  ['PlayAudio', { file: 's3://recordings/prompts/notice.wav' }],
] as const)('%s announces, and its success is the evidence', async (type, announcement) => {
  const onCall: OnCall = (one, turn) => {
    if (one.type === 'call.connected') turn.announce(announcement);
  };
  await using scene = await openSmaScene({ onCall });
  scene.s3.put('recordings', 'prompts/notice.wav', prompt, { contentType: 'audio/wav' });
  scene.dial();
  await scene.pass(5_000);
  expect(story(scene)).toEqual([`NEW_INBOUND_CALL → ${type}`, `ACTION_SUCCESSFUL ${type} → -`]);
  expect(scene.notices.map((one) => one.type)).toEqual(['call.connected', 'call.announced']);
});

test.each(['SpeakAndGetDigits', 'PlayAudioAndGetDigits'])(
  '%s is asked in a secure section, with no key in the file',
  async (Type) => {
    const ask = (event: SmaEvent): SmaAction => {
      const { SpeechParameters: _, FailureSpeechParameters: __, ...digits } = askDigits(event).Parameters ?? {};
      if (Type === 'SpeakAndGetDigits') return askDigits(event);
      return { Type, Parameters: { ...digits, AudioSource: notice, FailureAudioSource: notice } };
    };
    await using scene = await openSmaScene({
      onCall: announceThenRecord,
      ivr: (event, { turn, sessionIds, notices }) => {
        if (event.ActionData?.Type === 'StartCallRecording') turn.secure(sessionIds[0]!, { maxMs: 60_000 });
        if (notices.some(({ type }) => type === 'secure.entered')) return { before: [ask(event)] };
        if (event.ActionData?.Type === Type) turn.endSecure(sessionIds[0]!);
        return undefined;
      },
    });
    scene.s3.put('recordings', 'prompts/notice.wav', prompt, { contentType: 'audio/wav' });
    const call = scene.dial();
    await scene.pass(8_000);
    void call.press('4444444444444444');
    await scene.pass(20_000);
    expect(story(scene).slice(-2)).toEqual([
      `ACTION_SUCCESSFUL ${Type} → ResumeCallRecording`,
      'ACTION_SUCCESSFUL ResumeCallRecording → -',
    ]);
    expect(scene.logs).toEqual([]);
    call.hangUp();
    expect((await secondsOf(scene, 1_209)).includes(true)).toBe(false);
  },
);

test('CallAndBridge is followed by a recording of both ends', async () => {
  await using scene = await openSmaScene({
    ivr: (event, { turn }) => {
      if (event.InvocationEventType === 'NEW_INBOUND_CALL') return { before: [bridge()] };
      if (event.ActionData?.Type === 'CallAndBridge') turn.start(callerBothWays(event));
      return undefined;
    },
  });
  const call = scene.dial();
  await scene.pass(15_000);
  call.hangUp('LEG-A');
  call.hangUp('LEG-B');
  expect((await secondsOf(scene, CALLER_HZ)).includes(true)).toBe(true);
  const [record] = await scene.records();
  expect(record?.output.layout).toBe('separate');
});

test('JoinChimeMeeting is told as a leg, and the caller is recorded in the meeting', async () => {
  let join: SmaAction | undefined;
  await using scene = await openSmaScene({
    ivr: (event, { turn }) => {
      if (event.InvocationEventType === 'NEW_INBOUND_CALL') {
        return { before: [{ ...join!, Parameters: { ...join!.Parameters, CallId: onLegA(event) } }] };
      }
      if (event.ActionData?.Type === 'JoinChimeMeeting') turn.start(callerBothWays(event));
      return undefined;
    },
  });
  const meeting = scene.chime.createMeeting();
  meeting.join({ externalUserId: 'host', source: tone(AGENT_HZ) });
  const { joinToken: JoinToken } = meeting.add('phone');
  join = { Type: 'JoinChimeMeeting', Parameters: { JoinToken, MeetingId: meeting.meetingId } };
  const call = scene.dial();
  await scene.pass(10_000);
  expect(scene.notices.map(({ type, call: { data } }) => [type, data['callId'] === call.legs[0]?.callId])).toEqual([
    ['call.connected', true],
    ['call.connected', false],
  ]);
  call.hangUp('LEG-A');
  await scene.pass(10_000);
  const [file] = scene.s3.list('recordings', 'calls/');
  const { channels, sampleRate } = readWav(scene.s3.get('recordings', file!.key)!.bytes);
  expect(channels.map((samples) => toneLevel(samples, sampleRate, AGENT_HZ) > -30)).toEqual([false, true]);
});

test('Pause gives way to a command at CALL_UPDATE_REQUESTED', async () => {
  await using scene = await openSmaScene({
    onCall: announceThenRecord,
    ivr: (event, { turn, sessionIds }) => {
      if (event.ActionData?.Type === 'StartCallRecording') {
        return { before: [{ Type: 'Pause', Parameters: { CallId: onLegA(event), DurationInMilliseconds: '30000' } }] };
      }
      if (event.InvocationEventType === 'CALL_UPDATE_REQUESTED') turn.pause(sessionIds[0]!);
      return undefined;
    },
  });
  const call = scene.dial();
  await scene.pass(5_000);
  scene.application.updateCall(call.transactionId, { mine: 'pause, please' });
  await scene.pass(1_000);
  expect(story(scene).slice(3)).toEqual([
    'CALL_UPDATE_REQUESTED CallUpdateRequest → PauseCallRecording',
    'ACTION_INTERRUPTED Pause → -',
    'ACTION_SUCCESSFUL PauseCallRecording → Pause',
  ]);
});

test('Hangup of the application ends the call and its recording with it', async () => {
  await using scene = await openSmaScene({
    onCall: announceThenRecord,
    ivr: (event) =>
      event.ActionData?.Type === 'StartCallRecording'
        ? { after: [{ Type: 'Hangup', Parameters: { CallId: onLegA(event), SipResponseCode: '0' } }] }
        : undefined,
  });
  scene.dial();
  await scene.pass(10_000);
  expect(says(story(scene), 'HANGUP')).toBe(1);
  expect((await scene.records())[0]?.snapshot).toMatchObject({ endReason: 'call-ended', anomalies: [] });
});
