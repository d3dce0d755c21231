import { describe, expect, test } from 'vitest';
import { handCall } from '../testing/hand-call.ts';
import { openSmaScene, speak, story } from '../testing/sma-scene.ts';

const answered = { InvocationEventType: 'CALL_ANSWERED' } as const;
const pairs = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, 'v']));
const startOnAnswer = {
  onCall: (notice: { readonly type: string }, turn: { start(): string }) =>
    void (notice.type === 'call.connected' && turn.start()),
};

describe('an answer against the limits of the service', () => {
  test.each([
    ['more than ten pairs with ours', pairs(10), 'attributes: There are 10 pairs of at most 9'],
    [
      'more than 20 KB with ours',
      { big: 'ü'.repeat(10_000) },
      /attributes: With our own they take 2\d{4} bytes of at most 20480/,
    ],
    ['our name', { onrecord: 'x' }, 'attributes: The name "onrecord" is ours'],
    ['a value that is no text', { count: 1 }, 'attributes: Every value must be text'],
  ])(
    'attributes with %s are refused by name and rule; the recording action and our attribute go out',
    async (_, attributes, message) => {
      const call = handCall({ ...startOnAnswer, ivr: () => ({ attributes: attributes as never }) });
      const answer = await call.send(answered);
      expect(answer.Actions?.map(({ Type }) => Type)).toEqual(['StartCallRecording']);
      expect(Object.keys(answer.TransactionAttributes ?? {})).toEqual(['onrecord']);
      expect(call.logs).toMatchObject([
        { level: 'error', fields: { err: { code: 'invalid-request', message: expect.stringMatching(message) } } },
      ]);
    },
  );

  test('nine pairs of the application go out with ours', async () => {
    const call = handCall({ ivr: () => ({ attributes: pairs(9) }) });
    expect(Object.keys((await call.send(answered)).TransactionAttributes ?? {})).toHaveLength(10);
    expect(call.logs).toEqual([]);
  });

  test('where another function has filled the map, it stays as it is, and the store hands on the state', async () => {
    const call = handCall(startOnAnswer);
    call.details = { ...call.details, TransactionAttributes: pairs(10) };
    const answer = await call.send(answered);
    expect(answer.Actions?.map(({ Type }) => Type)).toEqual(['StartCallRecording']);
    expect(answer).not.toHaveProperty('TransactionAttributes');
    call.restart();
    expect((await call.succeed()).Actions).toBeUndefined();
    expect((await call.records())[0]?.snapshot.state).toBe('recording');
  });

  test('an action that breaks a rule is told by field; what is ours goes out again after its failure', async () => {
    await using scene = await openSmaScene({
      onCall: (notice, turn) => void (notice.type === 'call.connected' && turn.start()),
      answerWith: [{ Type: 'Speak', Parameters: { Text: 'One moment.' } }],
      ivr: (event) =>
        event.InvocationEventType === 'NEW_INBOUND_CALL' ? { before: [speak(event, 'x'.repeat(1_001))] } : undefined,
    });
    scene.dial();
    await scene.pass(20_000);
    expect(story(scene)).toEqual([
      'NEW_INBOUND_CALL → Speak StartCallRecording',
      expect.stringMatching(/^ACTION_FAILED Speak → .*StartCallRecording$/),
      'ACTION_SUCCESSFUL StartCallRecording → -',
    ]);
    expect(scene.logs[0]).toMatchObject({
      level: 'error',
      fields: { err: { message: expect.stringContaining('before[0].Parameters.Text: Must have at most 1000') } },
    });
  });

  test('answerWith is checked when the function is loaded', async () => {
    const call = handCall({ answerWith: [{ Type: 'Speak', Parameters: { Text: '' } }, { Type: 'PlayAudio' }] });
    await expect(call.ready).rejects.toMatchObject({
      code: 'invalid-request',
      message: expect.stringMatching(
        /answerWith\[0\]\.Parameters\.Text[\s\S]*answerWith\[1\]\.Parameters\.AudioSource/,
      ),
    });
  });
});
