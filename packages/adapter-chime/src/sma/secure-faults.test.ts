import { createRecorder } from '@onrecord/core';
import { describe, expect, test } from 'vitest';
import { chimeSma } from '../control/driver.ts';
import { askDigits, card, holdsKeys, openCardScene } from '../testing/card-scene.ts';
import { announceThenRecord, openSmaScene, type SmaScene, speak, story } from '../testing/sma-scene.ts';
import { spyingStore, unreliableStore } from '../testing/unreliable-store.ts';

/** Lets the call go on until digits are asked for, and keys the card number in; `cold`: a new process all the time. */
async function payByCard(scene: SmaScene, call: ReturnType<SmaScene['dial']>, cold = false): Promise<void> {
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 500) {
      if (cold) await scene.restart();
      await scene.pass(500);
    }
  };
  for (let waited = 0; waited < 60 && !story(scene).at(-1)?.endsWith('SpeakAndGetDigits'); waited += 1) await pass(500);
  await pass(3_000);
  call.press(card).catch(() => {});
  await pass(40_000);
}

const steps = ['the pause', 'the question for digits', 'the resumption', 'nothing, after the resumption'] as const;

describe('a card step whose function fails once', () => {
  const faults = ['drop-before-answer', 'drop-before-work'] as const;
  const rows = steps.flatMap((step, index) =>
    faults.flatMap((fault) => [false, true].map((cold) => [step, fault, cold, index + 3] as const)),
  );

  test.each(rows)(
    'with the answer of %s (%s, new processes: %j): no key is in the file, and it goes on after',
    async (_, fault, cold, nth) => {
      await using scene = await openCardScene();
      let invocations = 0;
      scene.chime.lambdaFaults.next({ match: () => ++invocations === nth, fault });
      const call = scene.dial();
      await payByCard(scene, call, cold);
      const [record] = await scene.records();
      expect(record?.snapshot.state).toBe('recording');
      expect(record?.snapshot.commands.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
        'start confirmed',
        'pause confirmed',
        'resume confirmed',
      ]);
      call.hangUp();
      await scene.pass(10_000);
      expect(holdsKeys(scene)).toBe(false);
    },
  );

  test('is the measure right: without a pause the keys are in the file', async () => {
    await using scene = await openSmaScene({
      onCall: announceThenRecord,
      ivr: (event) => (event.ActionData?.Type === 'StartCallRecording' ? { before: [askDigits(event)] } : undefined),
    });
    const call = scene.dial();
    await payByCard(scene, call);
    call.hangUp();
    await scene.pass(10_000);
    expect(holdsKeys(scene)).toBe(true);
  });

  test.each(['down', 'stuck'] as const)('or whose store is %s meanwhile, does the same', async (health) => {
    const store = unreliableStore();
    await using scene = await openCardScene({ store });
    const call = scene.dial();
    await scene.pass(4_000);
    store.health = health;
    await payByCard(scene, call);
    expect(story(scene).slice(-2)).toEqual([
      'ACTION_SUCCESSFUL SpeakAndGetDigits → ResumeCallRecording',
      'ACTION_SUCCESSFUL ResumeCallRecording → -',
    ]);
    store.health = 'well';
    call.hangUp();
    await scene.pass(10_000);
    expect(holdsKeys(scene)).toBe(false);
  });
});

describe('a card step that is not finished', () => {
  test('ends with the hang-up: the paused recording is over, and no key is in it', async () => {
    await using scene = await openCardScene();
    const call = scene.dial();
    await scene.pass(7_000);
    expect(story(scene).at(-1)).toMatch(/→ SpeakAndGetDigits$/);
    call.press('4111').catch(() => {});
    await scene.pass(1_000);
    call.hangUp();
    await scene.pass(10_000);
    const [record] = await scene.records();
    expect(record?.snapshot).toMatchObject({ endReason: 'call-ended', anomalies: [] });
    expect(record?.snapshot.pauses).toMatchObject([{ effect: 'silence' }]);
    expect(holdsKeys(scene)).toBe(false);
  });

  test('past its limit stays paused until endSecure, and another process can resume it', async () => {
    await using scene = await openCardScene({
      maxMs: 2_000,
      ivr: (event, { turn, sessionIds, notices }) => {
        if (event.ActionData?.Type === 'StartCallRecording') turn.secure(sessionIds[0]!, { maxMs: 2_000 });
        return notices.some(({ type }) => type === 'secure.entered') ? { before: [askDigits(event)] } : undefined;
      },
    });
    scene.dial();
    await scene.pass(40_000);
    expect(scene.notices.map(({ type }) => type)).toContain('secure.expired');
    expect((await scene.records())[0]?.snapshot.state).toBe('paused');
    const recorder = createRecorder(chimeSma(scene.chime.clientConfig()), {
      store: scene.store,
      deployment: 'test',
      clock: scene.clock,
      worker: false,
    });
    const session = await recorder.attach((await scene.store.list())[0]!);
    await scene.clock.until(session.resume(), 60_000);
    expect((await session.snapshot()).state).toBe('recording');
  });
});

test('digits of a secure section stand in no attribute, journal or log, not even when the application says them', async () => {
  const { store, written } = spyingStore();
  await using scene = await openCardScene({
    store,
    ivr: (event, { turn, sessionIds, notices }) => {
      const [session] = sessionIds;
      const digits = event.ActionData?.['ReceivedDigits'];
      if (event.ActionData?.Type === 'StartCallRecording') turn.secure(session!, { maxMs: 60_000 });
      if (notices.some(({ type }) => type === 'secure.entered')) return { before: [askDigits(event)] };
      if (typeof digits !== 'string') return undefined;
      turn.endSecure(session!);
      return { attributes: { card: digits }, before: [speak(event, `You said ${digits}.`)] };
    },
  });
  const call = scene.dial();
  await payByCard(scene, call);
  const said = scene.turns.find(({ event }) => event.ActionData?.['ReceivedDigits'] === card);
  expect(said?.answer.Actions?.map(({ Type }) => Type)).toEqual(['Speak', 'ResumeCallRecording']);
  const attributes = JSON.stringify(scene.turns.map(({ answer }) => answer.TransactionAttributes));
  expect(written() + attributes + JSON.stringify(scene.logs)).not.toContain(card);
  expect(scene.logs).toMatchObject([
    { fields: { err: { message: expect.stringContaining('attributes: They hold digits of a secure section') } } },
  ]);
  expect((await scene.records())[0]?.snapshot.state).toBe('recording');
});

describe('a secure section that waits for a running action', () => {
  test.each([
    ['Speak', true],
    ['SpeakAndGetDigits', true],
    ['Pause', false],
  ])('%s: blocked-by names it: %j', async (type, blocks) => {
    await using scene = await openSmaScene({
      onCall: announceThenRecord,
      ivr: (event) => {
        if (event.ActionData?.Type !== 'StartCallRecording') return undefined;
        const { CallId } = event.CallDetails.Participants[0]!;
        if (type === 'Speak') return { before: [speak(event, 'A sentence that takes some seconds. '.repeat(10))] };
        if (type === 'SpeakAndGetDigits') return { before: [askDigits(event)] };
        return { before: [{ Type: 'Pause', Parameters: { CallId, DurationInMilliseconds: '20000' } }] };
      },
    });
    scene.dial();
    await scene.pass(5_000);
    const recorder = createRecorder(chimeSma(scene.chime.clientConfig()), {
      store: scene.store,
      deployment: 'test',
      clock: scene.clock,
      worker: false,
      deadlines: { pause: 4_000 },
    });
    const session = await recorder.attach((await scene.store.list())[0]!);
    let ran = false;
    const asked = session.secureSection(
      async () => {
        ran = true;
      },
      { maxMs: 60_000 },
    );
    const outcome: unknown = await scene.clock.until(
      asked.catch((error: unknown) => error),
      60_000,
    );
    const [record] = await scene.records();
    const facts = record?.parts[0]?.facts?.['blockedBy'];
    expect(ran).toBe(!blocks);
    if (blocks) {
      expect(outcome).toMatchObject({ code: 'timeout', context: { blockedBy: type } });
      expect(facts).toMatchObject({ action: type });
    } else expect(facts).toBeUndefined();
  });
});
