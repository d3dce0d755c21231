import { expect, test } from 'vitest';
import { chimeMeeting } from '../../index.ts';
import { openMeetingScene } from '../../testing/meeting-scene.ts';

const output = { media: 'audio', layout: 'mixed', container: 'mp4' } as const;
const consent = { basis: 'application', noticeId: 'notice-1' } as const;

test('concatenations whose end another process saw keep no recording waiting', async () => {
  const concatenation = { maxActive: 1 };
  await using scene = await openMeetingScene({ archived: true, driver: { concatenation } });
  const s3 = scene.s3.clientConfig();
  const other = chimeMeeting({ ...scene.chime.clientConfig(), bucket: 'recordings', prefix: 'meetings', s3 });
  const begins = scene.driver.doFinalize.bind(scene.driver);
  // Two workers of one store: this one makes every concatenation, the other one concludes them.
  scene.driver.doFinalize = (part, step, context) =>
    part.facts?.['concatenationId'] === undefined ? begins(part, step, context) : other.doFinalize(part, step, context);
  const session = await scene.settle(scene.recorder.start({ call: scene.call, output, consent }));
  await scene.pass(6_000);
  await scene.settle(session.pause());
  await scene.settle(session.resume());
  await scene.pass(6_000);
  await scene.settle(session.stop());
  await scene.pass(300_000);
  const { state, artifacts } = await session.snapshot();
  expect([state, artifacts.filter(({ role }) => role === 'master').length]).toEqual(['completed', 2]);
  await other.close();
});
