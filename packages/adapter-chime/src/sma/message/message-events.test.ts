import { VirtualClock } from '@onrecord/simulator';
import { describe, expect, test } from 'vitest';
import { handCall, legA } from '../../testing/hand-call.ts';
import { referenceFiles, withoutReference } from '../../testing/reference.ts';
import type { OnCall } from '../../testing/sma-scene.ts';
import type { SmaEvent } from '../index.ts';

const message: OnCall = (notice, turn) =>
  void (notice.type === 'call.connected' && turn.start({ providerOptions: { message: { maxSeconds: 300 } } }));
const file = { RecordingDestination: { Type: 'S3', BucketName: 'recordings', Key: 'calls/x/message.wav' } };

async function begun(options: Parameters<typeof handCall>[0] = {}) {
  const call = handCall({ onCall: message, ...options });
  const answer = await call.send({ InvocationEventType: 'CALL_ANSWERED' });
  const [action] = answer.Actions ?? [];
  return { call, action: action!, only: async () => (await call.records())[0]! };
}

describe('what an event tells of a message', () => {
  test('its leg may be named by ParticipantTag alone', async () => {
    const { call, action, only } = await begun();
    const { CallId: _, ...parameters } = action.Parameters ?? {};
    await call.succeed({ Parameters: { ...parameters, ParticipantTag: 'LEG-A' }, ...file });
    expect((await only()).snapshot).toMatchObject({
      state: 'completed',
      artifacts: [{ location: 's3://recordings/calls/x/message.wav' }],
    });
  });

  test('its prefix finds the session, where process, attributes and journal are lost', async () => {
    const { call, action, only } = await begun();
    call.restart();
    const { TransactionAttributes: _, ...details } = call.details;
    call.details = details;
    for (let missed = 0; missed < 3; missed += 1) await call.send({ InvocationEventType: 'RINGING' }, 'refused');
    call.restart();
    await call.send({ InvocationEventType: 'ACTION_SUCCESSFUL', ActionData: { ...action, ...file } });
    expect((await only()).snapshot).toMatchObject({ state: 'completed', commands: [{ state: 'confirmed' }] });
  });

  test('a success of a participant who is gone was a hang-up', async () => {
    const { call, only } = await begun();
    call.details = { ...call.details, Participants: [{ ...legA, Status: 'Disconnected' }] };
    await call.succeed(file);
    expect((await only()).snapshot).toMatchObject({ state: 'completed', endReason: 'call-ended', anomalies: [] });
  });

  test('an ACTION_INTERRUPTED that nobody asked for is an anomaly, and the file is still waited for', async () => {
    const { call, action, only } = await begun();
    await call.send({ InvocationEventType: 'ACTION_INTERRUPTED', ActionData: { ...action } });
    expect((await only()).snapshot).toMatchObject({
      state: 'processing',
      endReason: 'unknown',
      commands: [{ kind: 'start', state: 'confirmed' }],
      anomalies: [{ code: 'uncommanded-end' }],
    });
  });

  test('its report is waited for as long as it may last: until then nothing replaces it', async () => {
    using clock = new VirtualClock();
    const { call } = await begun({
      clock,
      ivr: (event) =>
        event.InvocationEventType === 'DIGITS_RECEIVED'
          ? { before: [{ Type: 'Speak', Parameters: { CallId: legA.CallId, Text: 'Hello' } }] }
          : undefined,
    });
    const digits = { InvocationEventType: 'DIGITS_RECEIVED', ActionData: { Type: 'ReceiveDigits' } };
    await clock.advance(290_000);
    expect((await clock.until(call.send(digits), 10_000)).Actions).toBeUndefined();
    await clock.advance(400_000);
    const { Actions } = await clock.until(call.send(digits), 10_000);
    expect(Actions?.map(({ Type }) => Type)).toEqual(['Speak', 'Speak']);
  });

  test.skipIf(withoutReference).each(referenceFiles('events/sma').filter(([name]) => name.includes('RecordAudio')))(
    'of an application that gives RecordAudio itself is the application’s: %s',
    async (_, printed) => {
      const { CallDetails, ...event } = printed as SmaEvent;
      const call = handCall();
      call.details = CallDetails;
      await call.send(event);
      expect(await call.records()).toEqual([]);
    },
  );
});

test('RecordAudio among the actions of an application is told to be none of theirs', async () => {
  const call = handCall({ ivr: () => ({ before: [{ Type: 'RecordAudio', Parameters: { CallId: legA.CallId } }] }) });
  await call.send({ InvocationEventType: 'CALL_ANSWERED' });
  expect(call.logs).toMatchObject([
    { level: 'error', fields: { err: { message: expect.stringContaining('before[0]: Is a recording action') } } },
  ]);
});
