import { describe, expect, test } from 'vitest';
import { connected, openRecorder, refusal, withoutCallbacks } from './testing/recorder-scene.ts';

async function recording(driver = {}, behaviour = {}) {
  const opened = await openRecorder({ resource: { behaviour } }, driver);
  const { clock, azure } = opened.scene;
  const { call, ref } = await connected(opened.scene);
  const session = await clock.until(opened.recorder.start({ call: ref }));
  await clock.advance(5_000);
  const [recordingId = ''] = azure.recordingIds();
  return { opened, call, session, clock, azure, recordingId };
}

describe('StopRecording', () => {
  test('twice sends one request, and both are done', async () => {
    const { opened, session, clock } = await recording();
    await using _ = opened;
    await clock.until(Promise.all([session.stop(), session.stop()]));
    await clock.until(session.stop());
    expect(opened.scene.requests('StopRecording')).toHaveLength(1);
    expect(await clock.until(session.settled())).toMatchObject({ state: 'completed', endReason: 'requested' });
  });

  test('whose answer was lost is sent again, and 404/8522 is a success', async () => {
    const { opened, session, clock, azure } = await recording();
    await using _ = opened;
    azure.faults.next({ match: 'StopRecording', fault: 'drop-before-answer' });
    await clock.until(session.stop());
    expect(opened.scene.requests('StopRecording').map(({ subCode }) => subCode)).toEqual([undefined, '8522']);
    const settled = await clock.until(session.settled());
    expect(settled).toMatchObject({ state: 'completed', endReason: 'requested', anomalies: [] });
  });

  test.each([
    [404, '8522'],
    [400, '8501'],
    [400, '8528'],
    [404, '8543'],
  ] as const)('%i/%s is a success, and the file is awaited all the same', async (status, code) => {
    const { opened, call, session, clock, azure } = await recording();
    await using _ = opened;
    azure.faults.next({ match: 'StopRecording', fault: refusal(status, code) });
    await clock.until(session.stop());
    expect(await session.snapshot()).toMatchObject({ state: 'processing', parts: [{ state: 'ended' }] });
    call.end();
    const settled = await clock.until(session.settled());
    expect(settled).toMatchObject({ state: 'completed', endReason: 'requested', verdict: 'present', anomalies: [] });
  });

  test.each(['8501', '8522', '8528'] as const)(
    'of a recording that ended with its call, of which nobody told, is done: %s',
    async (endedWithCall) => {
      const { opened, call, session, clock } = await recording(withoutCallbacks, { endedWithCall });
      await using _ = opened;
      call.end();
      await clock.until(session.stop());
      expect(opened.scene.requests('StopRecording')).toMatchObject([{ subCode: endedWithCall }]);
      expect(await clock.until(session.settled())).toMatchObject({
        state: 'completed',
        verdict: 'present',
        anomalies: [],
      });
    },
  );

  test('that no 8522 of a missing configuration (405) is taken for done', async () => {
    const { opened, call, session, clock, azure } = await recording();
    await using _ = opened;
    azure.faults.next({ match: 'StopRecording', fault: refusal(405, '8522') });
    await expect(clock.until(session.stop())).rejects.toMatchObject({ code: 'unsupported' });
    expect((await session.snapshot()).state).toBe('recording');
    call.end();
    await clock.until(session.settled());
  });
});

describe('404/8522 although the files come later (HA/DR)', () => {
  test('is not lost, though the file event comes hours after it was missed', async () => {
    const { opened, call, session, clock, azure } = await recording();
    await using _ = opened;
    azure.faults.next({ match: 'StopRecording', fault: refusal(404, '8522') });
    await clock.until(session.stop());
    await clock.advance(3 * 3_600_000);
    expect(await session.snapshot()).toMatchObject({ state: 'processing', verdict: 'missing' });
    call.end();
    await clock.advance(120_000);
    const settled = await clock.until(session.settled());
    expect(settled).toMatchObject({ state: 'completed', endReason: 'requested', verdict: 'late' });
    expect(settled.artifacts.filter(({ role }) => role === 'master')).toMatchObject([{ state: 'available' }]);
  });

  test('of a question is not lost either', async () => {
    const { opened, call, session, clock, azure } = await recording(withoutCallbacks);
    await using _ = opened;
    azure.faults.next({ match: 'GetRecordingProperties', fault: refusal(404, '8522') });
    await clock.advance(3_600_000);
    expect(await session.snapshot()).toMatchObject({ state: 'processing', parts: [{ state: 'ended' }] });
    call.end();
    expect(await clock.until(session.settled())).toMatchObject({ state: 'completed', verdict: 'late' });
  });
});
