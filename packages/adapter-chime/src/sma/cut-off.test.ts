import { createRecorder } from '@onrecord/core';
import { wavHeader } from '@onrecord/core/media';
import { describe, expect, test } from 'vitest';
import { chimeSma } from '../control/driver.ts';
import { announceThenRecord, openSmaScene, type SceneOptions, speak, story } from '../testing/sma-scene.ts';
import type { SmaAction, SmaEvent } from './index.ts';

/** Ten seconds of a prompt. */
function prompt(): Uint8Array {
  const format = { sampleRate: 8_000, channelCount: 1 };
  return new Uint8Array([...wavHeader(format, 80_000), ...new Uint8Array(160_000)]);
}

function play(event: SmaEvent): SmaAction {
  const CallId = event.CallDetails.Participants[0]!.CallId;
  return {
    Type: 'PlayAudio',
    Parameters: { CallId, AudioSource: { Type: 'S3', BucketName: 'recordings', Key: 'prompt.wav' } },
  };
}

/** A recorded call on which a list of the application runs, and a pause that another process asks for meanwhile. */
async function pauseDuring(list: (event: SmaEvent) => readonly SmaAction[], options: SceneOptions = {}) {
  const scene = await openSmaScene({
    onCall: announceThenRecord,
    ivr: (event) => (event.ActionData?.Type === 'StartCallRecording' ? { before: list(event) } : undefined),
    ...options,
  });
  scene.s3.put('recordings', 'prompt.wav', prompt(), { contentType: 'audio/wav' });
  const driver = chimeSma({ ...scene.chime.clientConfig(), sipMediaApplicationId: scene.application.id });
  const recorder = createRecorder(driver, {
    store: scene.store,
    deployment: 'test',
    clock: scene.clock,
    worker: false,
  });
  scene.dial();
  await scene.pass(5_000);
  const [id] = await scene.store.list();
  const session = await recorder.attach(id!);
  const paused = session.pause();
  await scene.pass(2_000);
  const early = (await session.snapshot()).state;
  await scene.clock.until(paused, 60_000);
  await scene.pass(60_000);
  return { story: story(scene).slice(3), early, scene, session };
}

describe('a pause while the application plays', () => {
  test('interrupts PlayAudio at once, which then begins again, with what followed it', async () => {
    const { story: lines, early, scene } = await pauseDuring((event) => [play(event), speak(event, 'Goodbye')]);
    await using _ = scene;
    expect(early).toBe('paused');
    expect(lines).toEqual([
      'CALL_UPDATE_REQUESTED CallUpdateRequest → PauseCallRecording',
      'ACTION_INTERRUPTED PlayAudio → -',
      'ACTION_SUCCESSFUL PauseCallRecording → PlayAudio Speak',
      'ACTION_SUCCESSFUL Speak → -',
    ]);
  });

  test('waits for Speak, and says in the record what it waits for', async () => {
    const {
      story: lines,
      early,
      scene,
    } = await pauseDuring((event) => [
      speak(
        event,
        'This sentence takes five seconds or more to be spoken, since it has a hundred characters in it, at least.',
      ),
      speak(event, 'Goodbye'),
    ]);
    await using _ = scene;
    expect(early).toBe('recording');
    expect(lines).toEqual([
      'CALL_UPDATE_REQUESTED CallUpdateRequest → PauseCallRecording',
      'ACTION_SUCCESSFUL PauseCallRecording → Speak',
      'ACTION_SUCCESSFUL Speak → -',
    ]);
    const [record] = await scene.records();
    expect(record?.parts[0]?.facts).toMatchObject({ blockedBy: { action: 'Speak' } });
  });

  test('drop: what was cut off does not come back', async () => {
    const { story: lines, scene } = await pauseDuring((event) => [play(event)], { onCutOff: 'drop' });
    await using _ = scene;
    expect(lines).toEqual([
      'CALL_UPDATE_REQUESTED CallUpdateRequest → PauseCallRecording',
      'ACTION_INTERRUPTED PlayAudio → -',
      'ACTION_SUCCESSFUL PauseCallRecording → -',
    ]);
  });

  test('ask: the application says what comes instead, and is told what was cut off', async () => {
    const asked: (readonly SmaAction[])[] = [];
    const { story: lines, scene } = await pauseDuring(() => [], {
      onCutOff: 'ask',
      ivr: (event, { cutOff }) => {
        if (event.ActionData?.Type === 'StartCallRecording') return { before: [play(event)] };
        if (event.InvocationEventType !== 'CALL_UPDATE_REQUESTED') return undefined;
        asked.push(cutOff);
        return { after: [speak(event, 'Sorry')] };
      },
    });
    await using _ = scene;
    expect(asked).toMatchObject([[{ Type: 'PlayAudio' }]]);
    expect(lines).toEqual([
      'CALL_UPDATE_REQUESTED CallUpdateRequest → PauseCallRecording',
      'ACTION_INTERRUPTED PlayAudio → -',
      'ACTION_SUCCESSFUL PauseCallRecording → Speak',
      'ACTION_SUCCESSFUL Speak → -',
    ]);
  });
});
