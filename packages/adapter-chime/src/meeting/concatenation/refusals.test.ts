import { chimeErrorAnswer } from '@onrecord/simulator';
import { describe, expect, test } from 'vitest';
import { type MeetingScene, openMeetingScene } from '../../testing/meeting-scene.ts';

const output = { media: 'audio', layout: 'mixed', container: 'mp4' } as const;
const consent = { basis: 'application', noticeId: 'notice-1' } as const;

async function recordedFor(scene: MeetingScene, afterwardsMs: number) {
  const session = await scene.settle(scene.recorder.start({ call: scene.call, output, consent }));
  await scene.pass(12_000);
  await scene.settle(session.stop());
  await scene.pass(afterwardsMs);
  return (await scene.store.load(session.id))!.snapshot;
}

const creations = (scene: MeetingScene) =>
  scene.chime.requests().filter(({ operation }) => operation === 'CreateMediaConcatenationPipeline').length;

describe('a recording that the service will not join', () => {
  test.each([
    ['Forbidden', 'You are not authorized to perform this action.'],
    ['BadRequest', 'S3 Bucket policy not valid/present for Sink arn:aws:s3:::recordings'],
  ] as const)(
    'is joined here: %s of CreateMediaConcatenationPipeline, "%s", is told and never waited out',
    async (name, text) => {
      await using scene = await openMeetingScene({ archived: true });
      const fault = chimeErrorAnswer(name, text);
      scene.chime.faults.next({ match: 'CreateMediaConcatenationPipeline', fault, times: 999 });
      const snapshot = await recordedFor(scene, 600_000);
      expect(snapshot).toMatchObject({ state: 'completed', verdict: 'present' });
      expect(snapshot.artifacts.find(({ role }) => role === 'master')).toMatchObject({
        state: 'stored',
        source: expect.stringMatching(/^chime-chunks:/),
      });
      expect(snapshot.anomalies.map(({ message }) => message)).toContainEqual(
        expect.stringContaining('the last one was refused: permission-denied'),
      );
      expect(creations(scene)).toBe(3);
    },
  );

  test('is joined here as well where nobody may ask how a concatenation fares, and no event comes', async () => {
    const driver = { concatenation: { giveUpAfterMs: 60_000, attempts: 1 } };
    await using scene = await openMeetingScene({ archived: true, events: false, driver });
    scene.chime.faults.next({
      match: ({ operation }) => operation === 'GetMediaPipeline' && creations(scene) > 0,
      fault: chimeErrorAnswer('Forbidden', 'No.'),
      times: 9_999,
    });
    expect(await recordedFor(scene, 1_800_000)).toMatchObject({ state: 'completed', verdict: 'present' });
  });
});
