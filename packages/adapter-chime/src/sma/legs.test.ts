import { describe, expect, test } from 'vitest';
import { announceThenRecord, bridge, openSmaScene, speak, story } from '../testing/sma-scene.ts';

describe('an inbound leg that nobody answered', () => {
  test("is answered by the application's own action, taken forward, before its recording starts", async () => {
    await using scene = await openSmaScene({
      onCall: (notice, turn) => {
        if (notice.type === 'call.connected' && !notice.answered) turn.start();
      },
      ivr: (event) =>
        event.InvocationEventType === 'NEW_INBOUND_CALL' ? { after: [speak(event, 'Welcome'), bridge()] } : undefined,
    });
    scene.dial();
    await scene.pass(30_000);
    expect(story(scene).slice(0, 3)).toEqual([
      'NEW_INBOUND_CALL → Speak StartCallRecording',
      'ACTION_SUCCESSFUL StartCallRecording → CallAndBridge',
      'ACTION_SUCCESSFUL CallAndBridge → -',
    ]);
  });

  test('is answered by answerWith where nothing else does', async () => {
    await using scene = await openSmaScene({
      onCall: (notice, turn) => void (notice.type === 'call.connected' && turn.start()),
      answerWith: [{ Type: 'Speak', Parameters: { Text: 'One moment.' } }],
    });
    scene.dial();
    await scene.pass(10_000);
    expect(story(scene)).toEqual([
      'NEW_INBOUND_CALL → Speak StartCallRecording',
      'ACTION_SUCCESSFUL StartCallRecording → -',
    ]);
    expect((await scene.records())[0]?.snapshot.state).toBe('recording');
  });

  test('refuses the start where nothing answers, and says what to set', async () => {
    await using scene = await openSmaScene({
      onCall: (notice, turn) => void (notice.type === 'call.connected' && turn.start()),
    });
    scene.dial();
    await scene.pass(1_000);
    expect(story(scene)).toEqual(['NEW_INBOUND_CALL → -']);
    const [record] = await scene.records();
    expect(record?.snapshot).toMatchObject({ state: 'failed', commands: [{ state: 'refused' }] });
    expect(record?.snapshot.commands[0]?.error?.message).toContain('answerWith');
  });

  test('prints Connected in some events all the same, which is no answer', async () => {
    await using scene = await openSmaScene({
      chime: { sma: { statusInNewInboundCall: true } },
      onCall: (notice, turn) => void (notice.type === 'call.connected' && turn.start()),
      answerWith: [{ Type: 'Speak', Parameters: { Text: 'One moment.' } }],
    });
    scene.dial();
    await scene.pass(10_000);
    expect(story(scene)[0]).toBe('NEW_INBOUND_CALL → Speak StartCallRecording');
  });
});

describe('a bridged leg', () => {
  test('is told of by no event of its own: it is found among the participants, and recorded by itself', async () => {
    await using scene = await openSmaScene({
      onCall: (notice, turn) => {
        if (notice.type === 'call.connected' && notice.direction === 'outbound') {
          turn.start({ output: { media: 'audio', layout: 'incoming', container: 'wav' } });
        }
      },
      ivr: (event) => (event.InvocationEventType === 'NEW_INBOUND_CALL' ? { before: [bridge()] } : undefined),
    });
    const call = scene.dial();
    await scene.pass(30_000);
    expect(story(scene)).toEqual([
      'NEW_INBOUND_CALL → CallAndBridge',
      'ACTION_SUCCESSFUL CallAndBridge → StartCallRecording',
      'ACTION_SUCCESSFUL StartCallRecording → -',
    ]);
    const legB = call.legs.find(({ tag }) => tag === 'LEG-B');
    const [record] = await scene.records();
    expect(record?.call.key).toBe(`${call.transactionId}/${legB?.callId}`);
    const start = scene.turns[1]?.answer.Actions?.[0];
    expect(start?.Parameters).toMatchObject({ CallId: legB?.callId, Track: 'INCOMING' });
  });

  test('both legs started in one turn: one recording action per answer', async () => {
    await using scene = await openSmaScene({
      onCall: (notice, turn) => void (notice.type === 'call.connected' && notice.answered && turn.start()),
      ivr: (event, { turn }) => {
        if (event.InvocationEventType === 'NEW_INBOUND_CALL') return { before: [bridge()] };
        if (event.ActionData?.Type === 'CallAndBridge') turn.start();
        return undefined;
      },
    });
    scene.dial();
    await scene.pass(30_000);
    expect(story(scene)).toEqual([
      'NEW_INBOUND_CALL → CallAndBridge',
      'ACTION_SUCCESSFUL CallAndBridge → StartCallRecording',
      'ACTION_SUCCESSFUL StartCallRecording → StartCallRecording',
      'ACTION_SUCCESSFUL StartCallRecording → -',
    ]);
    expect((await scene.records()).map(({ snapshot }) => snapshot.state)).toEqual(['recording', 'recording']);
  });

  test('hanging up ends its recording only; the other leg goes on', async () => {
    await using scene = await openSmaScene({
      onCall: announceThenRecord,
      ivr: (event) => (event.InvocationEventType === 'NEW_INBOUND_CALL' ? { after: [bridge()] } : undefined),
    });
    const call = scene.dial();
    await scene.pass(30_000);
    call.hangUp('LEG-B');
    await scene.pass(1_000);
    expect(scene.notices.at(-1)).toMatchObject({ type: 'call.ended' });
    expect((await scene.records())[0]?.snapshot.state).toBe('recording');
    call.hangUp('LEG-A');
    await scene.pass(1_000);
    expect((await scene.records())[0]?.snapshot).toMatchObject({ state: 'processing', endReason: 'call-ended' });
  });
});

describe('an outbound call', () => {
  test('is connected by CALL_ANSWERED, not before', async () => {
    await using scene = await openSmaScene({
      onCall: (notice, turn) => void (notice.type === 'call.connected' && turn.start()),
    });
    scene.application.placeOutboundCall('+15550199', '+15550123');
    await scene.pass(30_000);
    expect(story(scene)).toEqual([
      'NEW_OUTBOUND_CALL → -',
      'RINGING → -',
      'CALL_ANSWERED → StartCallRecording',
      'ACTION_SUCCESSFUL StartCallRecording → -',
    ]);
    expect(scene.notices).toMatchObject([{ type: 'call.connected', answered: true, direction: 'outbound' }]);
  });

  test('that nobody answers ends without having been connected', async () => {
    await using scene = await openSmaScene({ onCall: announceThenRecord });
    scene.application.placeOutboundCall('+15550199', '+15550177');
    await scene.pass(90_000);
    expect(scene.notices.map(({ type }) => type)).toEqual(['call.ended']);
  });
});

test('a leg is recorded once: after its stop, a start is refused', async () => {
  const refusals: unknown[] = [];
  await using scene = await openSmaScene({
    onCall: announceThenRecord,
    ivr: (event, { turn, sessionIds }) => {
      if (event.ActionData?.Type === 'StartCallRecording') turn.stop(sessionIds[0]!);
      if (event.ActionData?.Type === 'StopCallRecording') {
        try {
          turn.start();
        } catch (error) {
          refusals.push(error);
        }
      }
      return undefined;
    },
  });
  scene.dial();
  await scene.pass(30_000);
  expect(refusals).toMatchObject([{ code: 'invalid-state' }]);
});

test('a start that is reported after its leg hung up still finds its session, by the prefix of its file', async () => {
  await using scene = await openSmaScene({
    chime: { sma: { recordingActionMs: 2_000, actionOfEndedLeg: 'ACTION_SUCCESSFUL' } },
    onCall: announceThenRecord,
  });
  const call = scene.dial();
  await scene.pass(2_000);
  expect(story(scene).at(-1)).toBe('ACTION_SUCCESSFUL Speak → StartCallRecording');
  call.hangUp();
  await scene.pass(10_000);
  expect(story(scene).at(-1)).toBe('ACTION_SUCCESSFUL StartCallRecording → -');
  const [record] = await scene.records();
  expect(record?.snapshot).toMatchObject({
    endReason: 'call-ended',
    commands: [{ kind: 'start', state: 'confirmed' }],
  });
});
