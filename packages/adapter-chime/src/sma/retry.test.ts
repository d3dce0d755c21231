import { describe, expect, test } from 'vitest';
import { announceThenRecord, bridge, openSmaScene, receiveDigits, type SmaScene, story } from '../testing/sma-scene.ts';
import { unreliableStore } from '../testing/unreliable-store.ts';

/** The two answers to the invocation with this sequence number, as bytes. */
function answersTo(scene: SmaScene, sequence: number): readonly string[] {
  return scene.turns.flatMap(({ event, answer }) => (event.Sequence === sequence ? [JSON.stringify(answer)] : []));
}

describe('an invocation that is repeated', () => {
  test('gets the same bytes, and nothing is started twice', async () => {
    await using scene = await openSmaScene({ onCall: announceThenRecord });
    scene.chime.lambdaFaults.next({ match: 'ACTION_SUCCESSFUL', fault: 'drop-before-answer' });
    scene.dial();
    await scene.pass(30_000);
    const [first, second, ...more] = answersTo(scene, 2);
    expect(more).toEqual([]);
    expect(second).toBe(first);
    expect(first).toContain('StartCallRecording');
    const [record] = await scene.records();
    expect(record?.commands).toHaveLength(1);
    expect(record?.snapshot.state).toBe('recording');
  });

  test('by another process of the function gets the same bytes from the store', async () => {
    let calls = 0;
    await using scene = await openSmaScene({
      onCall: announceThenRecord,
      ivr: ({ InvocationEventType }) => {
        if (InvocationEventType !== 'NEW_INBOUND_CALL') return undefined;
        return { before: [{ ...bridge(), Parameters: { ...bridge().Parameters, CallTimeoutSeconds: 30 + calls++ } }] };
      },
    });
    scene.chime.lambdaFaults.next({ match: 'NEW_INBOUND_CALL', fault: 'drop-before-answer' });
    scene.dial();
    await scene.pass(1_000);
    await scene.restart();
    await scene.pass(10_000);
    const [first, second] = answersTo(scene, 1);
    expect(second).toBe(first);
    expect(calls).toBe(1);
  });

  test('while the store is down gets the same recording actions all the same', async () => {
    const store = unreliableStore();
    await using scene = await openSmaScene({ onCall: announceThenRecord, store });
    store.health = 'down';
    scene.chime.lambdaFaults.next({ match: 'ACTION_SUCCESSFUL', fault: 'drop-before-answer' });
    scene.dial();
    await scene.pass(3_000);
    await scene.restart();
    await scene.pass(20_000);
    const [first, second] = scene.turns.flatMap(({ event, answer }) => (event.Sequence === 2 ? [answer.Actions] : []));
    expect(first).toMatchObject([{ Type: 'StartCallRecording' }]);
    expect(second).toEqual(first);
  });
});

describe('a store that is not there', () => {
  test.each(['down', 'stuck'] as const)(
    'start, pause and stop are answered in time while it is %s, and written later',
    async (health) => {
      const store = unreliableStore();
      await using scene = await openSmaScene({
        store,
        onCall: announceThenRecord,
        ivr: (event, { turn, sessionIds }) => {
          if (event.ActionData?.Type === 'StartCallRecording') return { after: [receiveDigits(event)] };
          if (event.InvocationEventType !== 'DIGITS_RECEIVED') return undefined;
          const digits = event.ActionData?.['ReceivedDigits'];
          if (digits === '1') turn.pause(sessionIds[0] ?? '');
          if (digits === '2') turn.resume(sessionIds[0] ?? '');
          if (digits === '3') turn.stop(sessionIds[0] ?? '');
          return undefined;
        },
      });
      store.health = health;
      const call = scene.dial();
      await scene.pass(20_000);
      void call.press('1');
      await scene.pass(20_000);
      void call.press('2');
      await scene.pass(20_000);
      void call.press('3');
      await scene.pass(20_000);
      expect(story(scene).filter((line) => line.includes('Recording'))).toEqual([
        'ACTION_SUCCESSFUL Speak → StartCallRecording',
        'ACTION_SUCCESSFUL StartCallRecording → ReceiveDigits',
        'DIGITS_RECEIVED ReceiveDigits → PauseCallRecording',
        'ACTION_SUCCESSFUL PauseCallRecording → -',
        'DIGITS_RECEIVED ReceiveDigits → ResumeCallRecording',
        'ACTION_SUCCESSFUL ResumeCallRecording → -',
        'DIGITS_RECEIVED ReceiveDigits → StopCallRecording',
        'ACTION_SUCCESSFUL StopCallRecording → -',
      ]);
      expect(scene.chime.invocations().every(({ outcome }) => outcome === 'answered')).toBe(true);
      expect(await store.inner.list()).toEqual([]);
      store.health = 'well';
      call.hangUp();
      await scene.pass(10_000);
      const [record] = await scene.records();
      expect(record?.snapshot.commands.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
        'start confirmed',
        'pause confirmed',
        'resume confirmed',
        'stop confirmed',
      ]);
      expect(record?.reports.some(({ seen }) => seen.expects?.some(({ uri }) => uri?.endsWith('.wav')))).toBe(true);
    },
  );
});

describe('a store that is not there when a call ends', () => {
  test.each([
    ['the hang-up', 10_000, ['seen ended']],
    ['the whole call', 0, ['create', 'send', 'seen start', 'seen ended']],
  ])('%s is told aloud, and written by the next call of the process', async (_, wellForMs, changes) => {
    const store = unreliableStore();
    await using scene = await openSmaScene({ onCall: announceThenRecord, store });
    if (wellForMs === 0) store.health = 'down';
    const call = scene.dial();
    await scene.pass(wellForMs);
    store.health = 'down';
    await scene.pass(10_000);
    call.hangUp();
    await scene.pass(10_000);
    expect(scene.logs.filter(({ level }) => level === 'error')).toMatchObject([
      { message: 'sma: a call is over, and the store has not taken all of it', fields: { changes } },
    ]);
    store.health = 'well';
    scene.dial();
    await scene.pass(10_000);
    const records = await scene.records();
    expect(records.map(({ snapshot: { state, endReason } }) => [state, endReason])).toEqual(
      expect.arrayContaining([
        ['processing', 'call-ended'],
        ['recording', undefined],
      ]),
    );
    expect(records).toHaveLength(2);
  });

  test('does not hold up the calls after it, and nothing of theirs is mixed', async () => {
    const store = unreliableStore();
    await using scene = await openSmaScene({ onCall: announceThenRecord, store });
    store.health = 'stuck';
    for (let index = 0; index < 3; index += 1) {
      const call = scene.dial();
      await scene.pass(30_000);
      call.hangUp();
      await scene.pass(30_000);
    }
    expect(scene.chime.invocations().every(({ outcome }) => outcome === 'answered')).toBe(true);
    store.health = 'well';
    scene.dial();
    await scene.pass(10_000);
    const records = await scene.records();
    expect(records.filter(({ snapshot }) => snapshot.endReason === 'call-ended')).toHaveLength(3);
    expect(new Set(records.map(({ call }) => call.key)).size).toBe(4);
  });
});
