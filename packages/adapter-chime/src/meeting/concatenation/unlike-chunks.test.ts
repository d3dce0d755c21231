import { encodeMp4Audio } from '@onrecord/simulator';
import { describe, expect, test } from 'vitest';
import { openMeetingScene } from '../../testing/meeting-scene.ts';

const consent = { basis: 'application', noticeId: 'notice-1' } as const;

describe('a concatenation that is there', () => {
  test.each(['active-speaker', 'composited'] as const)(
    'and without the picture (%s) is not whole: it is made anew',
    async (video) => {
      await using scene = await openMeetingScene({ archived: true, driver: { video } });
      const [ann] = scene.meeting.attendees.map(({ attendeeId }) => attendeeId) as [string];
      scene.meeting.activity.video(ann, 'started');
      const silent = await encodeMp4Audio(new Int16Array(16_000 * 13), 16_000, {});
      const replaced = new Set<string>();
      scene.s3.onObjectCreated(({ key }) => {
        if (!key.includes('/concat/') || !key.endsWith('.mp4') || replaced.has(key)) return;
        replaced.add(key);
        scene.s3.put('recordings', key, silent);
      });
      const output = { media: 'audio-video', layout: 'mixed', container: 'mp4' } as const;
      const session = await scene.settle(scene.recorder.start({ call: scene.call, output, consent }));
      await scene.pass(12_000);
      await scene.settle(session.stop());
      await scene.settle(session.settled());
      const { state, anomalies, artifacts } = await session.snapshot();
      expect([state, anomalies.map(({ message }) => message)]).toEqual([
        'completed',
        ['Concatenation 1 of p1 has no picture, and its chunks have one.'],
      ]);
      expect(artifacts.find(({ role }) => role === 'master')?.source).toContain('/concat-2/');
    },
  );

  test('of which no chunk is there to compare it with is taken, and told to be unverified', async () => {
    await using scene = await openMeetingScene({ archived: true });
    scene.s3.onObjectCreated(({ key }) => {
      if (!key.includes('/concat/audio/')) return;
      for (const chunk of scene.s3.list('recordings')) {
        if (chunk.key.includes('/p1/audio/')) scene.s3.put('recordings', chunk.key, new Uint8Array(0));
      }
    });
    const output = { media: 'audio', layout: 'mixed', container: 'mp4' } as const;
    const session = await scene.settle(scene.recorder.start({ call: scene.call, output, consent }));
    await scene.pass(12_000);
    await scene.settle(session.stop());
    await scene.settle(session.settled());
    const { state, anomalies } = await session.snapshot();
    expect([state, anomalies.map(({ message }) => message)]).toEqual([
      'completed',
      [expect.stringContaining('is not compared with its chunks: none was found')],
    ]);
  });
});
