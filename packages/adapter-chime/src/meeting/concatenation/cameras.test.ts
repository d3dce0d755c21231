import { describe, expect, test } from 'vitest';
import { openMeetingScene } from '../../testing/meeting-scene.ts';

const output = { media: 'audio', layout: 'mixed', container: 'mp4' } as const;
const consent = { basis: 'application', noticeId: 'notice-1' } as const;

describe('the file of a camera', () => {
  test.each([
    ['that holds its first seconds only', 'shorter than their chunks, by \\d+ ms at most', 'track'],
    ['that no player opens', '1 cannot be opened', 'metadata'],
  ])('%s is told of, and the recording is done all the same', async (what, told, role) => {
    await using scene = await openMeetingScene({ archived: true });
    const [ann] = scene.meeting.attendees.map(({ attendeeId }) => attendeeId) as [string];
    scene.meeting.activity.video(ann, 'started');
    const request = { call: scene.call, output, consent, providerOptions: { cameras: true } };
    const session = await scene.settle(scene.recorder.start(request));
    await scene.pass(22_000);
    const replaced = new Set<string>();
    scene.s3.onObjectCreated(({ key }) => {
      if (!key.includes('/concat/video/') || replaced.has(key)) return;
      replaced.add(key);
      const chunk = scene.s3.list('recordings').find((one) => one.key.includes('/p1/video/'))!;
      scene.s3.put('recordings', key, what.includes('seconds') ? chunk.bytes : new Uint8Array(10));
    });
    await scene.settle(session.stop());
    await scene.settle(session.settled());
    const { state, verdict, anomalies, artifacts } = await session.snapshot();
    expect([state, verdict]).toEqual(['completed', 'present']);
    expect(anomalies.map(({ message }) => message)).toEqual([
      expect.stringMatching(new RegExp(`^Of 1 files of cameras and shares of p1, .*${told}`)),
    ]);
    expect(artifacts.find(({ source }) => source.includes('/concat/video/'))).toMatchObject({ role, state: 'stored' });
  });
});
