import {
  CreateMediaCapturePipelineCommand,
  DeleteMediaCapturePipelineCommand,
} from '@aws-sdk/client-chime-sdk-media-pipelines';
import { describe, expect, test } from 'vitest';
import { type MeetingScene, type MeetingSceneOptions, openMeetingScene } from '../../testing/meeting-scene.ts';

const audio = { media: 'audio', layout: 'mixed', container: 'mp4' } as const;
const consent = { basis: 'application', noticeId: 'notice-1' } as const;

const start = (scene: MeetingScene) => scene.settle(scene.recorder.start({ call: scene.call, output: audio, consent }));
const creations = (scene: MeetingScene) =>
  scene.chime.requests().filter(({ operation }) => operation === 'CreateMediaCapturePipeline');

/** Somebody else captures a meeting. @returns the id of their pipeline */
async function captureElsewhere(scene: MeetingScene, meetingArn: string = scene.meeting.arn): Promise<string> {
  const { MediaCapturePipeline } = await scene.driver
    .native()
    .clients()
    .pipelines.send(
      new CreateMediaCapturePipelineCommand({
        SourceType: 'ChimeSdkMeeting',
        SourceArn: meetingArn,
        SinkType: 'S3Bucket',
        SinkArn: 'arn:aws:s3:::recordings/somebody-else',
      }),
    );
  return MediaCapturePipeline?.MediaPipelineId ?? '';
}

const limited = async (options: MeetingSceneOptions) => {
  const scene = await openMeetingScene(options);
  return { scene, id: await captureElsewhere(scene) };
};

describe('the limit of one capture per meeting', () => {
  test('names who holds the meeting, and is not tried again', async () => {
    const { scene, id } = await limited({});
    await using _ = scene;
    await expect(start(scene)).rejects.toMatchObject({
      code: 'conflict',
      retry: 'never',
      message: expect.stringMatching(
        new RegExp(`captured by ${id} since 2026-.*, into arn:aws:s3:::recordings/somebody-else`),
      ),
      context: { mediaPipelineId: id, requestId: expect.any(String) },
    });
    expect(creations(scene).filter(({ status }) => status === 400)).toHaveLength(1);
  });

  test('is waited for while the other capture stops', async () => {
    const { scene, id } = await limited({
      chime: { pipelines: { stoppingCounts: true, stoppingMs: 6_000 } },
    });
    await using _ = scene;
    await scene.pass(5_000);
    await scene.driver
      .native()
      .clients()
      .pipelines.send(new DeleteMediaCapturePipelineCommand({ MediaPipelineId: id }));
    const session = await start(scene);
    expect((await session.snapshot()).state).toBe('recording');
  });

  test('of the account is waited for as well, and says what to do', async () => {
    await using scene = await openMeetingScene({ chime: { pipelines: { maxActive: 1 } } });
    const meeting = scene.chime.createMeeting();
    await captureElsewhere(scene, meeting.arn);
    const waiting = start(scene);
    waiting.catch(() => {});
    await scene.pass(3_000);
    meeting.end();
    expect((await (await scene.settle(waiting)).snapshot()).state).toBe('recording');
  });

  test('is met by a start of ours whose answer was lost and whose token the service forgot: it is taken over', async () => {
    await using scene = await openMeetingScene({ chime: { pipelines: { tokenReplay: 'new-request' } } });
    scene.chime.faults.next({ match: 'CreateMediaCapturePipeline', fault: 'drop-before-answer' });
    // The list is behind: the first look finds nothing.
    scene.chime.faults.next({
      match: 'ListMediaCapturePipelines',
      fault: { status: 200, headers: { 'content-type': 'application/json' }, body: '{"MediaCapturePipelines":[]}' },
    });
    const session = await start(scene);
    expect((await session.snapshot()).state).toBe('recording');
    expect(scene.chime.pipelines()).toHaveLength(1);
  });

  test('is met by another process of ours whose clock is behind: the capture is taken over all the same', async () => {
    await using scene = await openMeetingScene({ chime: { pipelines: { tokenReplay: 'new-request' } } });
    const { clock } = scene;
    const sessionId = '01930000-0000-7000-8000-000000000001';
    const firstSentAt = new Date(clock.now()).toISOString();
    const plan = {
      sessionId,
      partId: 'p1',
      correlation: `${sessionId}.p1`,
      call: scene.call,
      output: audio,
      startPaused: false,
      command: { commandId: 'c1', ordinal: 1, token: 'token-1', firstSentAt },
    };
    const context = (behindMs: number) => ({
      signal: new AbortController().signal,
      clock: {
        now: () => clock.now() - behindMs,
        monotonic: () => clock.monotonic(),
        delay: (...of: Parameters<typeof clock.delay>) => clock.delay(...of),
      },
    });
    const begun = await scene.driver.doStart(plan, context(0));
    const again = await scene.driver.doStart(plan, context(30_000));
    expect(again).toMatchObject({ kind: 'accepted', handle: begun.handle });
  });
});
