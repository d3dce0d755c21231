import { describe, expect, test } from 'vitest';
import { callbackEvent, callbackWith } from '../testing/post-events.ts';
import { openScene, rejection, type Scene } from '../testing/scene.ts';

const ids = { callConnectionId: 'leg-1', serverCallId: 'aHR0cHM6Ly8=', correlationId: 'chain-1' };
const base = { noticeId: expect.any(String), at: '2026-01-05T09:00:02.123Z' };

const openHere = () => openScene({ driver: { jwt: undefined } });
const parse = (scene: Scene, ...events: readonly unknown[]) =>
  scene.driver.parse(callbackWith(scene, events), scene.context);

/** What becomes of an event that carries all ids. */
async function noticed(name: string, data: object = {}) {
  await using scene = await openHere();
  const event = callbackEvent(name, { ...ids, operationContext: 'theirs', ...data });
  return { ...(await parse(scene, event)), id: `azure/${event['id']}` };
}

describe('the call', () => {
  test('CallConnected is `call.connected`, answered, with every id it came with', async () => {
    const { calls, id } = await noticed('CallConnected');
    const call = { kind: 'azure.call-connection', provider: 'azure', key: 'leg-1', data: ids };
    expect(calls).toEqual([{ type: 'call.connected', answered: true, call, ...base, noticeId: id }]);
  });

  test('CallDisconnected is `call.ended`, whatever it says of why', async () => {
    for (const resultInformation of [undefined, null, { code: 200, subCode: 560_000 }, 'gone']) {
      const { calls } = await noticed('CallDisconnected', { resultInformation });
      expect(calls).toMatchObject([{ type: 'call.ended', call: { key: 'leg-1' }, ...base }]);
    }
  });

  test.each(['CreateCallFailed', 'AnswerFailed', 'ConnectFailed'])(
    '%s ends the call that was to be, since no CallConnected follows',
    async (name) => {
      const resultInformation = { code: 480, subCode: 10_037, message: 'Nobody answered.' };
      const { calls, unhandled } = await noticed(name, { resultInformation });
      expect({ calls, unhandled }).toMatchObject({ calls: [{ type: 'call.ended', ...base }], unhandled: 0 });
      await using scene = await openHere();
      // An attempt that never had a leg has nothing to be named by.
      expect(await parse(scene, callbackEvent(name, { correlationId: 'chain-1' }))).toMatchObject({ unhandled: 1 });
    },
  );

  test.each([
    ['CallTransferAccepted', { transferTarget: { rawId: '4:+15550123' }, transferee: { rawId: '4:+15550100' } }],
    ['CallTransferFailed', {}],
    ['AddParticipantSucceeded', { participant: { rawId: '4:+15550123' } }],
    ['AddParticipantFailed', {}],
    ['RemoveParticipantSucceeded', {}],
    ['RemoveParticipantFailed', {}],
    ['MoveParticipantSucceeded', {}],
    ['CancelAddParticipantSucceeded', {}],
    ['PlayStarted', { operationContext: 'onrecord/1' }],
    ['RecognizeCompleted', { recognitionType: 'dtmf', dtmfResult: { tones: ['four', 'one'] } }],
    ['RecognizeFailed', {}],
    ['RecognizeCanceled', {}],
    ['ContinuousDtmfRecognitionToneReceived', { tone: 'four', sequenceId: 1 }],
    ['ContinuousDtmfRecognitionToneFailed', {}],
    ['ContinuousDtmfRecognitionStopped', {}],
    ['SendDtmfTonesCompleted', {}],
    ['SendDtmfTonesFailed', {}],
    ['HoldFailed', {}],
    ['MediaStreamingStarted', {}],
    ['TranscriptionStarted', {}],
    ['IncomingCall', { incomingCallContext: 'a secret that answers the call' }],
    ['SomethingNew', {}],
  ])('%s is counted as unhandled, and nothing of it is kept', async (name, data) => {
    const { reports, calls, unhandled, ask, response } = await noticed(name, data);
    expect({ reports, calls, unhandled, ask, response }).toEqual({ reports: [], calls: [], unhandled: 1 });
  });

  test('an event of another family is none of ours, whatever its last name', async () => {
    await using scene = await openHere();
    const event = { ...callbackEvent('CallConnected', ids), type: 'Contoso.CallConnected' };
    expect(await parse(scene, event)).toMatchObject({ calls: [], unhandled: 1 });
  });

  test('digits are in no error, though the event that has them makes no sense beside others', async () => {
    await using scene = await openHere();
    const digits = { ...callbackEvent('RecognizeCompleted', { dtmfResult: { tones: ['41111111'] } }), type: undefined };
    const error = (await rejection(parse(scene, digits))) as Error;
    expect(`${error.message} ${JSON.stringify(error)}`).not.toContain('4111');
  });
});

describe('which call', () => {
  test.each([
    ['source with the name of the event', { source: 'calling/callConnections/leg-1/CallConnected' }],
    ['source without it', { source: 'calling/callConnections/leg-1' }],
    ['subject with the name of the event', { subject: 'calling/callConnections/leg-1/CallConnected' }],
    ['subject without it', { subject: 'calling/callConnections/leg-1' }],
    ['both', { source: 'calling/callConnections/leg-1/CallConnected', subject: 'calling/callConnections/leg-1' }],
  ])('stands in its %s where the data has no callConnectionId', async (_name, where) => {
    await using scene = await openHere();
    const { calls } = await parse(scene, callbackEvent('CallConnected', { serverCallId: 's' }, where));
    expect(calls).toMatchObject([{ call: { kind: 'azure.call-connection', key: 'leg-1' } }]);
  });

  test('is the same whether or not an event has the serverCallId', async () => {
    await using scene = await openHere();
    const { serverCallId: _, ...bare } = ids;
    const { calls } = await parse(scene, callbackEvent('CallConnected', ids), callbackEvent('CallConnected', bare));
    expect(new Set(calls.map(({ call }) => `${call.kind} ${call.key}`)).size).toBe(1);
  });

  test('is malformed where nothing names a leg', async () => {
    await using scene = await openHere();
    for (const source of ['calling/callConnections', 'calling/callConnections/', 'calling', '/', '']) {
      const event = callbackEvent('CallConnected', { serverCallId: 's' }, { source });
      expect(await rejection(parse(scene, event))).toMatchObject({
        code: 'invalid-request',
        message: expect.stringContaining('callConnectionId'),
      });
    }
  });
});

describe('a prompt', () => {
  test.each([
    ['PlayCompleted', { code: 200, subCode: 0, message: 'Done.' }, { type: 'call.announced' }],
    [
      'PlayFailed',
      { code: 400, subCode: 8536, message: 'No file at https://a.example/f.wav?sig=hush' },
      { type: 'call.announcement-failed', reason: expect.stringMatching(/^400\/8536 (?!.*hush)/) },
    ],
    [
      'PlayFailed',
      { subCode: '8535' },
      {
        type: 'call.announcement-failed',
        reason: expect.stringMatching(/^8535 The announcement failed\. Use a WAV file/),
      },
    ],
    ['PlayCanceled', undefined, { type: 'call.announcement-failed', reason: 'The announcement was cancelled' }],
  ])('%s counts where it echoes the operationContext of ours, and in no other case', async (name, result, notice) => {
    const ours = await noticed(name, { resultInformation: result, operationContext: 'onrecord/notice-7' });
    expect(ours.calls).toMatchObject([{ ...notice, announcementId: 'notice-7', ...base }]);
    for (const operationContext of [undefined, '', 'theirs', 'onrecord/', 'Onrecord/notice-7', 7]) {
      expect(await noticed(name, { operationContext })).toMatchObject({ calls: [], unhandled: 1 });
    }
  });
});
