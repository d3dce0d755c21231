import { createRecorder } from '@onrecord/core';
import { expect, test } from 'vitest';
import { chimeSma } from '../control/driver.ts';
import { askDigits, card, holdsKeys, openCardScene } from '../testing/card-scene.ts';
import { story } from '../testing/sma-scene.ts';

test.each([
  ['a prompt that can be interrupted', 'Pause'],
  ['the question', undefined],
])('a resume of another process during %s of a card step is refused, and no key is in the file', async (_, first) => {
  await using scene = await openCardScene({
    ivr: (event, { turn, sessionIds, notices }) => {
      const [session] = sessionIds;
      const { CallId } = event.CallDetails.Participants[0]!;
      const prompt = { Type: 'Pause', Parameters: { CallId, DurationInMilliseconds: '8000' } };
      if (event.ActionData?.Type === 'StartCallRecording') turn.secure(session!, { maxMs: 60_000 });
      if (notices.some(({ type }) => type === 'secure.entered')) {
        return { before: [...(first ? [prompt] : []), askDigits(event)] };
      }
      if (event.ActionData?.Type === 'SpeakAndGetDigits') turn.endSecure(session!);
      return undefined;
    },
  });
  const call = scene.dial();
  await scene.pass(7_000);
  expect(story(scene).at(-1)).toMatch(/SpeakAndGetDigits$/);
  const recorder = createRecorder(chimeSma(scene.chime.clientConfig()), {
    store: scene.store,
    deployment: 'test',
    clock: scene.clock,
    worker: false,
  });
  const session = await recorder.attach((await scene.store.list())[0]!);
  const resumed = await scene.clock.until(
    session.resume().catch((error: unknown) => error),
    60_000,
  );
  expect(resumed).toMatchObject({ code: 'invalid-state', message: expect.stringContaining('secure section') });
  expect((await session.snapshot()).state).toBe('paused');
  await scene.pass(first ? 10_000 : 2_000);
  call.press(card).catch(() => {});
  await scene.pass(40_000);
  expect(scene.turns.some(({ event }) => event.ActionData?.['ReceivedDigits'] === card)).toBe(true);
  expect((await session.snapshot()).state).toBe('recording');
  call.hangUp();
  await scene.pass(10_000);
  expect(holdsKeys(scene)).toBe(false);
});

test.each(['when-last', 'never'] as const)(
  'an announcement of another process waits for the digits, where a list that it replaces is reported %s',
  async (replacedList) => {
    await using scene = await openCardScene({ chime: { sma: { replacedList } } });
    const call = scene.dial();
    await scene.pass(7_000);
    const recorder = createRecorder(chimeSma(scene.chime.clientConfig()), {
      store: scene.store,
      deployment: 'test',
      clock: scene.clock,
      worker: false,
    });
    const [record] = await scene.records();
    await scene.clock.until(recorder.announce(record!.call, { text: 'Your agent is back soon.' }), 30_000);
    await scene.pass(1_000);
    call.press(card).catch(() => {});
    await scene.pass(60_000);
    expect(story(scene).slice(4)).toEqual([
      'CALL_UPDATE_REQUESTED CallUpdateRequest → -',
      'ACTION_SUCCESSFUL SpeakAndGetDigits → ResumeCallRecording',
      'ACTION_SUCCESSFUL ResumeCallRecording → Speak',
      'ACTION_SUCCESSFUL Speak → -',
    ]);
    expect((await scene.records())[0]?.snapshot.state).toBe('recording');
  },
);
