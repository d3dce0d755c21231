import { describe, expect, test } from 'vitest';
import { handCall, legA } from '../testing/hand-call.ts';
import { announceThenRecord, openSmaScene, type SceneOptions, speak, story } from '../testing/sma-scene.ts';
import { smaActionError } from './action-error.ts';
import type { SmaAction, SmaEvent } from './index.ts';

/** Text and form of the refusal, as the documentation has them. */
const vendorText = 'Transaction Attributes has too many mappings. Maximum number of mappings is 10';

/** The refusal as the text of the guide has it, where the example has its members at the top. */
function inActionData({ ErrorType, ErrorMessage, ...event }: SmaEvent): SmaEvent {
  if (event.InvocationEventType !== 'INVALID_LAMBDA_RESPONSE') return { ...event, ErrorType, ErrorMessage };
  return { ...event, ActionData: { Type: '', ErrorType, ErrorMessage } };
}

/** A call whose second answer, with the start of its recording, is refused once or for good. */
async function refusedOnce(options: SceneOptions & { readonly times?: number } = {}) {
  const { times = 1, ...rest } = options;
  let left = times;
  const refused: SmaAction[] = [];
  const errors: unknown[] = [];
  const scene = await openSmaScene({
    onCall: announceThenRecord,
    ivr: (event, context) => {
      refused.push(...context.refused);
      if (event.InvocationEventType === 'INVALID_LAMBDA_RESPONSE') errors.push(smaActionError(event));
      const mine = event.ActionData?.Type === 'Speak' || event.InvocationEventType === 'INVALID_LAMBDA_RESPONSE';
      if (!mine || left-- <= 0) return undefined;
      return { before: [speak(event, 'Hello'), 'no action'] as never };
    },
    ...rest,
  });
  scene.dial();
  await scene.pass(10_000);
  return { scene, refused, errors };
}

describe('an answer that the service refuses', () => {
  test.each([
    ['at the top of the event', undefined],
    ['in ActionData', inActionData],
  ])('with INVALID_LAMBDA_RESPONSE, told %s, did not run: our action goes out once more, alone', async (_, printed) => {
    const { scene, refused, errors } = await refusedOnce({ printed });
    await using _scene = scene;
    expect(
      story(scene)
        .slice(2)
        .map((line) => line.replace(/RESPONSE.*→/, 'RESPONSE →')),
    ).toEqual(['INVALID_LAMBDA_RESPONSE → StartCallRecording', 'ACTION_SUCCESSFUL StartCallRecording → -']);
    const [record] = await scene.records();
    expect(record?.snapshot).toMatchObject({
      state: 'recording',
      commands: [{ kind: 'start', state: 'confirmed' }],
      anomalies: [
        { code: 'invalid-answer', message: expect.stringContaining('InvalidActionList: Error while reading') },
      ],
    });
    expect(scene.logs).toMatchObject([{ level: 'error', fields: { type: 'InvalidActionList' } }]);
    expect(refused).toMatchObject([{ Type: 'Speak' }, expect.anything()]);
    expect(errors).toMatchObject([{ code: 'invalid-request', context: { errorType: 'InvalidActionList' } }]);
  });

  test('twice with INVALID_LAMBDA_RESPONSE is given up: the start is refused with the words of the service', async () => {
    const call = handCall({ onCall: (notice, turn) => void (notice.type === 'call.connected' && turn.start()) });
    const refusal = {
      InvocationEventType: 'INVALID_LAMBDA_RESPONSE',
      ErrorType: 'TransactionAttributesInvalidMapSize',
      ErrorMessage: vendorText,
    };
    const first = await call.send({ InvocationEventType: 'CALL_ANSWERED' }, 'refused');
    const unsent = await call.send(refusal, 'refused');
    const [between] = await call.records();
    const given = await call.send(refusal);
    expect([first, unsent, given].map(({ Actions }) => Actions?.map(({ Type }) => Type))).toEqual([
      ['StartCallRecording'],
      ['StartCallRecording'],
      undefined,
    ]);
    expect(between?.snapshot.commands).toMatchObject([{ kind: 'start', state: 'accepted' }]);
    const [record] = await call.records();
    expect(record?.snapshot).toMatchObject({
      state: 'failed',
      commands: [{ state: 'refused', error: { message: expect.stringContaining('refused the answer twice') } }],
      anomalies: [
        {
          code: 'invalid-answer',
          message: expect.stringContaining(`TransactionAttributesInvalidMapSize: ${vendorText}`),
        },
      ],
    });
  });

  test('is told to each session whose commands stood in it, and to no other', async () => {
    const legB = { ...legA, CallId: 'c0ffee00-0000-4000-8000-000000000002', ParticipantTag: 'LEG-B' };
    const call = handCall({ onCall: (notice, turn) => void (notice.type === 'call.connected' && turn.start()) });
    await call.send({ InvocationEventType: 'CALL_ANSWERED' });
    call.details = { ...call.details, Participants: [legA, legB] };
    await call.succeed({ CallRecordingDestination: { Type: 'S3', Location: 'recordings/calls/a.wav' } }, 'refused');
    await call.send({ InvocationEventType: 'INVALID_LAMBDA_RESPONSE', ErrorType: 'SchemaVersionMismatch' });
    const anomalies = (await call.records()).map(({ call: { data }, snapshot }) => [
      data['callId'],
      snapshot.anomalies.length,
    ]);
    expect(anomalies).toEqual([
      [legA.CallId, 0],
      [legB.CallId, 1],
    ]);
  });

  test('before the last one leaves the last one running: its command is not sent again', async () => {
    let refuse = true;
    const call = handCall({
      onCall: (notice, turn) => void (notice.type === 'call.connected' && turn.start()),
      ivr: (event, { turn, sessionIds }) => {
        if (event.InvocationEventType !== 'DIGITS_RECEIVED') return undefined;
        if (!refuse) turn.pause(sessionIds[0]!);
        return refuse ? { before: ['no action' as never] } : undefined;
      },
    });
    const digits = {
      InvocationEventType: 'DIGITS_RECEIVED',
      ActionData: { Type: 'ReceiveDigits', ReceivedDigits: '1' },
    };
    await call.send({ InvocationEventType: 'CALL_ANSWERED' });
    await call.succeed();
    await call.send(digits, 'refused');
    refuse = false;
    expect((await call.send(digits)).Actions).toMatchObject([{ Type: 'PauseCallRecording' }]);
    const late = await call.send({ InvocationEventType: 'INVALID_LAMBDA_RESPONSE', ErrorType: 'InvalidActionList' });
    expect(late.Actions).toBeUndefined();
    await call.succeed();
    const [record] = await call.records();
    expect(record?.snapshot).toMatchObject({ state: 'paused', anomalies: [] });
  });

  test('leaves the list alone that ran before it, where the state that went with the answer is lost', async () => {
    await using scene = await openSmaScene({ onCall: announceThenRecord });
    scene.dial();
    await scene.pass(10_000);
    const { event } = scene.turns.find(({ answer }) => answer.Actions?.[0]?.Type === 'StartCallRecording')!;
    const { ActionData: _data, ...rest } = event;
    const answer = await scene.invoke({
      ...rest,
      Sequence: event.Sequence + 7,
      InvocationEventType: 'INVALID_LAMBDA_RESPONSE',
      ErrorType: 'SchemaVersionMismatch',
      ErrorMessage: '',
    });
    expect(answer.Actions).toBeUndefined();
  });
});
