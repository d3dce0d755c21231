import { describe, expect, test } from 'vitest';
import { announceThenRecord, type OnCall, openSmaScene, type SceneOptions, story } from '../testing/sma-scene.ts';
import { spyingStore } from '../testing/unreliable-store.ts';
import type { SmaAction, SmaEvent } from './index.ts';

const card = '4111111111111111';

function askDigits(event: SmaEvent): SmaAction {
  const CallId = event.CallDetails.Participants[0]!.CallId;
  const speech = { Text: 'Your card number, please.' };
  return {
    Type: 'SpeakAndGetDigits',
    Parameters: {
      CallId,
      InputDigitsRegex: '^\\d{16}$',
      SpeechParameters: speech,
      FailureSpeechParameters: speech,
      MinNumberOfDigits: 12,
      MaxNumberOfDigits: 16,
      Repeat: 1,
      RepeatDurationInMilliseconds: 10_000,
    },
  };
}

/** Asks for a card number once the recording runs, in a secure section. */
function openCardScene(options: SceneOptions & { readonly maxMs?: number } = {}) {
  const { maxMs = 60_000, ...rest } = options;
  const onCall: OnCall = async (notice, turn) => {
    await announceThenRecord(notice, turn);
  };
  return openSmaScene({
    onCall,
    ivr: (event, { turn, sessionIds, notices }) => {
      const [session] = sessionIds;
      if (event.ActionData?.Type === 'StartCallRecording' && session) turn.secure(session, { maxMs });
      if (notices.some(({ type }) => type === 'secure.entered')) return { before: [askDigits(event)] };
      if (event.ActionData?.Type === 'SpeakAndGetDigits' && session) turn.endSecure(session);
      return undefined;
    },
    ...rest,
  });
}

describe('a secure section', () => {
  test('asks for digits only after the pause is proven, and resumes after them', async () => {
    const { store, written } = spyingStore();
    await using scene = await openCardScene({ store });
    const call = scene.dial();
    await scene.pass(8_000);
    void call.press(card);
    await scene.pass(30_000);
    expect(story(scene).slice(2)).toEqual([
      'ACTION_SUCCESSFUL StartCallRecording → PauseCallRecording',
      'ACTION_SUCCESSFUL PauseCallRecording → SpeakAndGetDigits',
      'ACTION_SUCCESSFUL SpeakAndGetDigits → ResumeCallRecording',
      'ACTION_SUCCESSFUL ResumeCallRecording → -',
    ]);
    const reported = scene.turns.find(({ event }) => event.ActionData?.['ReceivedDigits'] === card);
    expect(reported).toBeDefined();
    expect(scene.notices.map(({ type }) => type)).toEqual(['call.connected', 'call.announced', 'secure.entered']);
    const [record] = await scene.records();
    expect(record?.snapshot.state).toBe('recording');
    expect(record?.commands.map(({ kind, purpose }) => [kind, purpose])).toEqual([
      ['start', undefined],
      ['pause', 'secure'],
      ['resume', 'secure'],
    ]);
    const everything = written() + JSON.stringify(scene.logs) + JSON.stringify(scene.turns.map(({ answer }) => answer));
    expect(everything).not.toContain(card);
  });

  test('resumes when no digits came, too', async () => {
    await using scene = await openCardScene();
    scene.dial();
    await scene.pass(60_000);
    expect(story(scene).slice(-2)).toEqual([
      'ACTION_FAILED SpeakAndGetDigits → ResumeCallRecording',
      'ACTION_SUCCESSFUL ResumeCallRecording → -',
    ]);
  });

  test('that was not paused is refused, and no digits are asked for', async () => {
    await using scene = await openCardScene();
    scene.chime.actionFaults.next({
      match: 'PauseCallRecording',
      fault: { type: 'SystemException', message: 'System error while running an action' },
    });
    scene.dial();
    await scene.pass(30_000);
    expect(story(scene).at(-1)).toBe('ACTION_FAILED PauseCallRecording → -');
    expect(scene.notices.at(-1)).toMatchObject({ type: 'secure.refused' });
    expect((await scene.records())[0]?.snapshot.state).toBe('recording');
  });

  test('past its limit is told so, and stays paused', async () => {
    await using scene = await openCardScene({ maxMs: 5_000 });
    scene.dial();
    await scene.pass(60_000);
    expect(scene.notices.map(({ type }) => type)).toContain('secure.expired');
  });

  test('is refused when the caller hangs up before its proof', async () => {
    await using scene = await openCardScene({ chime: { sma: { recordingActionMs: 2_000 } } });
    const call = scene.dial();
    await scene.pass(4_000);
    expect(story(scene).at(-1)).toBe('ACTION_SUCCESSFUL StartCallRecording → PauseCallRecording');
    call.hangUp();
    await scene.pass(10_000);
    expect(scene.notices.map(({ type }) => type).slice(-2)).toEqual(['secure.refused', 'call.ended']);
  });
});
