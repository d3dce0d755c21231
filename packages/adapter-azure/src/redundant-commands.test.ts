import { describe, expect, test } from 'vitest';
import { connected, openRecorder, refusal, withoutCallbacks } from './testing/recorder-scene.ts';
import { command, openScene, rejection } from './testing/scene.ts';

/** A service that refuses what is the case already, and what comes before the last command has settled. */
const strict = {
  resource: { behaviour: { redundantCommands: 'refuse', overlappingCommands: 'conflict' } },
} as const;

async function recording(driver = {}) {
  const opened = await openRecorder(strict, driver);
  const { clock, azure } = opened.scene;
  const { call, ref } = await connected(opened.scene);
  const session = await clock.until(opened.recorder.start({ call: ref }));
  const [recordingId = ''] = azure.recordingIds();
  return { opened, call, session, clock, recordingId, service: opened.scene.driver.native().recording };
}

const verbs = [
  ['PauseRecording', 'pause', 'paused'],
  ['ResumeRecording', 'resume', 'recording'],
] as const;

describe.each([
  ['by callbacks', {}],
  ['by asking alone', withoutCallbacks],
] as const)('8571 and 8573, learnt %s', (_how, driver) => {
  test.each(verbs)(
    '%s whose answer was lost is repeated past 8571, and taken although 8573 refuses it',
    async (...row) => {
      const [operation, verb, state] = row;
      const { opened, session, clock } = await recording(driver);
      await using _ = opened;
      if (verb === 'resume') await clock.until(session.pause());
      opened.scene.azure.faults.next({ match: operation, fault: 'drop-before-answer' });
      await clock.until(session[verb]());
      expect(await session.snapshot()).toMatchObject({ state, anomalies: [] });
      const subCodes = opened.scene.requests(operation).map(({ subCode }) => subCode);
      expect(subCodes.slice(1)).toContain('8571');
      // By callback it is known to have happened before it is sent a third time.
      expect(subCodes.includes('8573')).toBe(driver === withoutCallbacks);
      await clock.until(session.stop());
    },
  );

  test.each(verbs)('%s of what somebody else has done already is refused by 8573, and comes true', async (...row) => {
    const [, verb, state] = row;
    const { opened, session, clock, recordingId, service } = await recording(driver);
    await using _ = opened;
    if (verb === 'resume') await clock.until(session.pause());
    opened.scene.azure.eventFaults.next({ match: 'RecordingStateChanged', fault: 'lost' });
    await service[verb](recordingId);
    await clock.advance(3_000);
    await clock.until(session[verb]());
    expect((await session.snapshot()).state).toBe(state);
    await clock.until(session.stop());
  });
});

test('a pause of a paused recording, and a resume of a running one, send nothing', async () => {
  const { opened, session, clock } = await recording();
  await using _ = opened;
  await clock.until(session.resume());
  await clock.until(session.pause());
  await clock.until(session.pause());
  expect(opened.scene.requests('ResumeRecording')).toEqual([]);
  expect(opened.scene.requests('PauseRecording')).toHaveLength(1);
  await clock.until(session.stop());
});

test('a resume that is asked for before the pause is proven waits for it, so that nothing overlaps', async () => {
  const { opened, session, clock } = await recording();
  await using _ = opened;
  await clock.until(session.pause({ until: 'accepted' }));
  expect((await session.snapshot()).state).toBe('recording');
  await clock.until(session.resume());
  expect((await session.snapshot()).state).toBe('recording');
  for (const operation of ['PauseRecording', 'ResumeRecording'] as const) {
    expect(opened.scene.requests(operation)).toMatchObject([{ status: 202 }]);
  }
  await clock.until(session.stop());
});

test.each(verbs)('%s refused by 8573 while the state says otherwise is refused', async (operation, verb, _state) => {
  const { opened, session, clock } = await recording();
  await using _ = opened;
  if (verb === 'resume') await clock.until(session.pause());
  const before = (await session.snapshot()).state;
  opened.scene.azure.faults.next({ match: operation, fault: refusal(400, '8573') });
  const error = await rejection(clock.until(session[verb]()));
  expect(error).toMatchObject({ code: 'invalid-state', context: { providerCode: '8573' } });
  expect((await session.snapshot()).state).toBe(before);
  await clock.until(session.stop());
});

test('8573 stays a refusal where the state cannot be asked, and of what is over', async () => {
  await using scene = await openScene();
  const part = await scene.recording();
  const pause = () => scene.driver.doPause(part, command(2), scene.context);
  scene.azure.faults.next({ match: 'PauseRecording', fault: refusal(400, '8573'), times: 2 });
  scene.azure.faults.next({ match: 'GetRecordingProperties', fault: { status: 503 } });
  expect(scene.driver.classifyError(await rejection(pause()))).toMatchObject({ providerCode: '8573', retry: 'never' });
  scene.azure.faults.next({ match: 'GetRecordingProperties', fault: refusal(404, '8522') });
  expect(scene.driver.classifyError(await rejection(pause()))).toMatchObject({ providerCode: '8573', retry: 'never' });
});

test('an accepted pause proves nothing: a start on its way is inactive, too', async () => {
  await using opened = await openRecorder({
    resource: { behaviour: { settleMs: 8_000, redundantCommands: 'refuse' } },
  });
  const { clock, azure } = opened.scene;
  const { call, ref } = await connected(opened.scene);
  const session = await clock.until(opened.recorder.start({ call: ref }, { until: 'accepted' }));
  azure.faults.next({ match: 'PauseRecording', fault: refusal(400, '8573') });
  const paused = session.pause();
  await clock.advance(4_000);
  expect((await session.snapshot()).state).toBe('starting');
  await clock.until(paused).catch(() => undefined);
  const { state, parts } = await session.snapshot();
  const [recordingId = ''] = azure.recordingIds();
  const { recordingState } = await opened.scene.driver.native().recording.getState(recordingId);
  expect(state === 'paused').toBe(recordingState === 'inactive');
  expect(parts[0]?.state).toBe(state);
  call.end();
});
