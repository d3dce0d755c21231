import { describe, expect, test } from 'vitest';
import { card, openCardScene } from '../testing/card-scene.ts';
import { story } from '../testing/sma-scene.ts';
import { spyingStore } from '../testing/unreliable-store.ts';

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
