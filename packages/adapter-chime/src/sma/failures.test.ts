import { describe, expect, test } from 'vitest';
import { announceThenRecord, bridge, openSmaScene, speak, story } from '../testing/sma-scene.ts';

const newCall = 'NEW_INBOUND_CALL';

describe('an action that fails', () => {
  test.each(['type-and-message', 'error'] as const)(
    'a start without access to the bucket is refused (%s), then comes what the application planned for that',
    async (failureShape) => {
      await using scene = await openSmaScene({
        chime: { bucketPolicy: () => false, sma: { failureShape } },
        onCall: announceThenRecord,
        ivr: (event) =>
          event.InvocationEventType === newCall
            ? { after: [bridge()] }
            : event.ActionData?.Type === 'Speak'
              ? { onRecordingFailed: [speak(event, 'Not recorded')] }
              : undefined,
      });
      scene.dial();
      await scene.pass(30_000);
      const [record] = await scene.records();
      expect(record?.snapshot).toMatchObject({ state: 'failed', endReason: 'permission-denied' });
      expect(story(scene).slice(1, 4)).toEqual([
        'ACTION_SUCCESSFUL Speak → StartCallRecording',
        'ACTION_FAILED StartCallRecording → CallAndBridge',
        'ACTION_SUCCESSFUL CallAndBridge → -',
      ]);
    },
  );

  test('onRecordingFailed comes before after', async () => {
    await using scene = await openSmaScene({
      chime: { bucketPolicy: () => false },
      onCall: (notice, turn) => void (notice.type === 'call.connected' && turn.start()),
      ivr: (event) =>
        event.InvocationEventType === newCall
          ? { before: [speak(event, 'Hello')], onRecordingFailed: [speak(event, 'Not recorded')], after: [bridge()] }
          : undefined,
    });
    scene.dial();
    await scene.pass(30_000);
    expect(story(scene).slice(0, 2)).toEqual([
      'NEW_INBOUND_CALL → Speak StartCallRecording',
      'ACTION_FAILED StartCallRecording → Speak CallAndBridge',
    ]);
  });

  test("of the application's own before ours: ours goes out again", async () => {
    await using scene = await openSmaScene({
      onCall: announceThenRecord,
      ivr: (event) => (event.ActionData?.Type === 'Speak' ? { before: [speak(event, 'Hello')] } : undefined),
    });
    const throttled = { type: 'ActionExecutionThrottled', message: 'Polly' };
    scene.chime.actionFaults.next({ match: ({ Parameters }) => Parameters?.['Text'] === 'Hello', fault: throttled });
    scene.dial();
    await scene.pass(10_000);
    expect(story(scene).slice(1, 4)).toEqual([
      'ACTION_SUCCESSFUL Speak → Speak StartCallRecording',
      'ACTION_FAILED Speak → Speak StartCallRecording',
      'ACTION_SUCCESSFUL StartCallRecording → -',
    ]);
    expect((await scene.records())[0]?.snapshot.state).toBe('recording');
  });

  test('and was to answer the leg: the start waits for the next action that answers', async () => {
    await using scene = await openSmaScene({
      onCall: (notice, turn) => void (notice.type === 'call.connected' && turn.start()),
      ivr: (event) => (event.InvocationEventType === newCall ? { before: [speak(event, 'Hello')] } : undefined),
      answerWith: [{ Type: 'Speak', Parameters: { Text: 'One moment.' } }],
    });
    const throttled = { type: 'ActionExecutionThrottled', message: 'Polly' };
    scene.chime.actionFaults.next({ match: ({ Parameters }) => Parameters?.['Text'] === 'Hello', fault: throttled });
    scene.dial();
    await scene.pass(10_000);
    expect(story(scene)).toEqual([
      'NEW_INBOUND_CALL → Speak StartCallRecording',
      'ACTION_FAILED Speak → Speak StartCallRecording',
      'ACTION_SUCCESSFUL StartCallRecording → -',
    ]);
  });

  test('an announcement that fails was not given, and the start that followed it in the same turn is given up', async () => {
    await using scene = await openSmaScene({
      onCall: (notice, turn) => {
        if (notice.type !== 'call.connected') return;
        turn.announce({ text: 'This call is recorded.' });
        turn.start();
      },
    });
    scene.chime.actionFaults.next({ match: 'Speak', fault: { type: 'AccessDenied', message: 'the role is missing' } });
    scene.dial();
    await scene.pass(10_000);
    expect(story(scene)).toEqual(['NEW_INBOUND_CALL → Speak StartCallRecording', 'ACTION_FAILED Speak → -']);
    expect(scene.notices.at(-1)).toMatchObject({
      type: 'call.announcement-failed',
      reason: expect.stringMatching(/^AccessDenied: the role is missing\..*AWSServiceRoleForAmazonChimeVoiceConnector/),
    });
    expect((await scene.records())[0]?.snapshot.state).toBe('failed');
  });

  test('an announcement in one list with its start is proven by the success of the start', async () => {
    await using scene = await openSmaScene({
      onCall: (notice, turn) => {
        if (notice.type !== 'call.connected') return;
        turn.announce({ text: 'This call is recorded.' });
        turn.start();
      },
    });
    scene.dial();
    await scene.pass(10_000);
    expect(scene.notices.map(({ type }) => type)).toEqual(['call.connected', 'call.announced']);
  });
});

test('a state that was lost is found again in the store: nothing is told or started twice', async () => {
  await using scene = await openSmaScene({ onCall: announceThenRecord });
  const call = scene.dial();
  await scene.pass(10_000);
  const { event } = scene.turns.at(-1)!;
  const { TransactionAttributes: _, ...details } = event.CallDetails;
  await scene.restart();
  const answer = await scene.invoke({
    ...event,
    Sequence: 40,
    CallDetails: details,
    InvocationEventType: 'CALL_UPDATE_REQUESTED',
  });
  expect(answer.Actions).toBeUndefined();
  expect(scene.notices.map(({ type }) => type)).toEqual(['call.connected', 'call.announced']);
  call.hangUp();
  await scene.pass(5_000);
  expect((await scene.records())[0]?.snapshot.endReason).toBe('call-ended');
});
