import { describe, expect, test } from 'vitest';
import { announceThenRecord, bridge, openSmaScene, speak, story } from '../testing/sma-scene.ts';
import { spyingStore } from '../testing/unreliable-store.ts';
import type { SmaAction } from './index.ts';

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
      reason: 'AccessDenied: the role is missing',
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

describe('an answer that the service refuses', () => {
  test('did not run: our action goes out once more, alone, and the refusal is logged', async () => {
    let wrong = true;
    await using scene = await openSmaScene({
      onCall: announceThenRecord,
      ivr: (event) => {
        if (event.ActionData?.Type !== 'Speak' || !wrong) return undefined;
        wrong = false;
        return { before: ['no action'] as never };
      },
    });
    scene.dial();
    await scene.pass(10_000);
    expect(story(scene).slice(2)).toEqual([
      'INVALID_LAMBDA_RESPONSE → StartCallRecording',
      'ACTION_SUCCESSFUL StartCallRecording → -',
    ]);
    expect((await scene.records())[0]?.snapshot.state).toBe('recording');
    expect(scene.logs).toMatchObject([{ level: 'error', fields: { type: 'InvalidActionList' } }]);
  });
});

describe('what the application answers', () => {
  test('more than ten actions are spread over several answers, the recording action keeps its place', async () => {
    await using scene = await openSmaScene({
      onCall: (notice, turn) => void (notice.type === 'call.connected' && turn.start()),
      ivr: (event) =>
        event.InvocationEventType === newCall
          ? { before: Array.from({ length: 12 }, (_, index) => speak(event, `Part ${index}`)) }
          : undefined,
    });
    scene.dial();
    await scene.pass(30_000);
    expect(scene.turns.map(({ answer }) => answer.Actions?.length)).toEqual([10, 3, undefined]);
    expect(scene.turns[0]?.answer.Actions?.at(-1)?.Type).toBe('StartCallRecording');
    expect(scene.turns[1]?.answer.Actions?.map(({ Parameters }) => Parameters?.['Text'])).toEqual([
      'Part 9',
      'Part 10',
      'Part 11',
    ]);
    expect(scene.logs).toMatchObject([{ level: 'error', fields: { err: { code: 'invalid-request' } } }]);
  });

  test('its attributes replace its own and never ours; {} clears only its own', async () => {
    await using scene = await openSmaScene({
      onCall: announceThenRecord,
      ivr: (event) => {
        if (event.InvocationEventType === newCall) return { attributes: { customer: '42' } };
        return event.ActionData?.Type === 'StartCallRecording' ? { attributes: {} } : undefined;
      },
    });
    scene.dial();
    await scene.pass(10_000);
    const names = scene.turns.map(({ answer }) => Object.keys(answer.TransactionAttributes ?? {}));
    expect(names).toEqual([['customer', 'onrecord'], ['customer', 'onrecord'], ['onrecord']]);
    const ours = scene.turns.map(({ answer }) => answer.TransactionAttributes?.['onrecord']?.length ?? 0);
    expect(Math.max(...ours)).toBeLessThanOrEqual(1_000);
  });

  test.each([
    ['ten pairs', Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`key${index}`, 'v']))],
    ['more than 20 KB', { big: 'x'.repeat(21_000) }],
    ['our own name', { onrecord: 'mine' }],
  ])('attributes that the service would refuse are refused before: %s', async (_, attributes) => {
    await using scene = await openSmaScene({ onCall: announceThenRecord, ivr: () => ({ attributes }) });
    scene.dial();
    await scene.pass(10_000);
    expect(story(scene).some((line) => line.startsWith('INVALID'))).toBe(false);
    expect(scene.logs[0]).toMatchObject({ level: 'error', fields: { err: { code: 'invalid-request' } } });
    expect((await scene.records())[0]?.snapshot.state).toBe('recording');
  });
});

describe('a workflow that misbehaves', () => {
  test('a flow that throws loses what it had not asked for, not the call', async () => {
    await using scene = await openSmaScene({
      onCall: async (notice, turn) => {
        await announceThenRecord(notice, turn);
        throw new Error('a bug');
      },
    });
    scene.dial();
    await scene.pass(10_000);
    expect((await scene.records())[0]?.snapshot.state).toBe('recording');
    expect(scene.logs.every(({ message }) => message.includes('flow threw'))).toBe(true);
  });

  test('a flow and an ivr that never come back do not keep the answer', async () => {
    await using scene = await openSmaScene({
      onCall: async (notice, turn) => {
        await announceThenRecord(notice, turn);
        await new Promise(() => {});
      },
      ivr: () => new Promise(() => {}),
    });
    scene.dial();
    await scene.pass(20_000);
    expect((await scene.records())[0]?.snapshot.state).toBe('recording');
    expect(scene.chime.invocations().every(({ outcome }) => outcome === 'answered')).toBe(true);
  });

  test('a turn that is used after its answer throws', async () => {
    const late: unknown[] = [];
    await using scene = await openSmaScene({
      onCall: (notice, turn) => {
        if (notice.type !== 'call.connected') return;
        setImmediate(() => {
          setImmediate(() => {
            try {
              turn.announce({ text: 'Too late' });
            } catch (error) {
              late.push(error);
            }
          });
        });
      },
    });
    scene.dial();
    await scene.pass(1_000);
    expect(late).toMatchObject([{ code: 'invalid-state' }]);
  });
});

describe('a join token', () => {
  const token = 'join-token-that-nobody-may-see';
  const join = (): SmaAction => ({ Type: 'JoinChimeMeeting', Parameters: { JoinToken: token, MeetingId: 'm' } });

  test('is in the answer and nowhere else, also when its action has to wait', async () => {
    const { store, written } = spyingStore();
    await using scene = await openSmaScene({
      store,
      onCall: announceThenRecord,
      ivr: (event) => (event.InvocationEventType === newCall ? { after: [join()] } : undefined),
    });
    scene.dial();
    await scene.pass(10_000);
    const answers = JSON.stringify(scene.turns.map(({ answer }) => answer.Actions));
    expect(answers).toContain(token);
    expect(written()).not.toContain(token);
    expect(JSON.stringify(scene.turns.map(({ answer }) => answer.TransactionAttributes))).not.toContain(token);
  });

  test('that died with its process is asked for again', async () => {
    const lost: (readonly SmaAction[])[] = [];
    await using scene = await openSmaScene({
      onCall: announceThenRecord,
      ivr: (event, context) => {
        if (context.lost.length > 0) {
          lost.push(context.lost);
          return { after: [join()] };
        }
        return event.InvocationEventType === newCall ? { after: [join()] } : undefined;
      },
    });
    scene.dial();
    await scene.pass(500);
    await scene.restart();
    await scene.pass(10_000);
    expect(lost).toEqual([[{ Type: 'JoinChimeMeeting', Parameters: { MeetingId: 'm' } }]]);
    expect(
      scene.turns.some(({ answer }) => answer.Actions?.some(({ Parameters }) => Parameters?.['JoinToken'] === token)),
    ).toBe(true);
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
