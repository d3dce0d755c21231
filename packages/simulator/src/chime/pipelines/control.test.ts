import {
  DeleteMediaPipelineCommand,
  GetMediaCapturePipelineCommand,
  ListMediaCapturePipelinesCommand,
  ListMediaPipelinesCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-chime-sdk-media-pipelines';
import { afterEach, describe, expect, test } from 'vitest';
import type { ChimeOptions } from '../start-chime.ts';
import { type MeetingScene, openMeetingScene } from '../testing/meeting-scene.ts';
import { capture, concatenate, statusOf, stopCapture } from '../testing/pipeline-requests.ts';

let scene: MeetingScene;
afterEach(() => scene?.[Symbol.asyncDispose]());
const open = async (options: Partial<ChimeOptions> = {}) => {
  scene = await openMeetingScene(options);
};

describe('the same token', () => {
  test('gives the same pipeline, unless the request differs', async () => {
    await open();
    const first = await capture(scene, { ClientRequestToken: 'token-1' });
    await scene.clock.advance(2_000);
    const again = await capture(scene, { ClientRequestToken: 'token-1' });
    expect([again.MediaPipelineId, again.Status]).toEqual([first.MediaPipelineId, 'InProgress']);
    const differing = capture(scene, { ClientRequestToken: 'token-1', SinkArn: 'arn:aws:s3:::captures/other' });
    await expect(differing).rejects.toMatchObject({ name: 'BadRequestException' });
  });

  test('is a new request, as an option', async () => {
    await open({ pipelines: { tokenReplay: 'new-request' } });
    await capture(scene, { ClientRequestToken: 'token-1' });
    await expect(capture(scene, { ClientRequestToken: 'token-1' })).rejects.toMatchObject({
      name: 'ResourceLimitExceededException',
    });
  });

  test('finds the pipeline whose answer was lost', async () => {
    await open();
    scene.chime.faults.next({ match: 'CreateMediaCapturePipeline', fault: 'drop-before-answer' });
    await expect(capture(scene, { ClientRequestToken: 'token-1' })).rejects.toThrow();
    await capture(scene, { ClientRequestToken: 'token-1' });
    const { MediaPipelines } = await scene.clients.pipelines.send(new ListMediaPipelinesCommand({}));
    expect(MediaPipelines).toHaveLength(1);
    expect(scene.chime.pipelines()).toMatchObject([{ type: 'MediaCapturePipeline', status: 'Initializing' }]);
  });
});

describe('reading and deleting', () => {
  test('lists hold ids and ARNs, in pages', async () => {
    await open();
    const first = await capture(scene);
    const concatenation = await concatenate(scene, first.MediaPipelineArn);
    const { pipelines } = scene.clients;
    const page = await pipelines.send(new ListMediaPipelinesCommand({ MaxResults: 1 }));
    expect(page.MediaPipelines).toEqual([
      { MediaPipelineId: first.MediaPipelineId, MediaPipelineArn: first.MediaPipelineArn },
    ]);
    const next = await pipelines.send(new ListMediaPipelinesCommand({ NextToken: page.NextToken }));
    expect(next.MediaPipelines?.map(({ MediaPipelineId }) => MediaPipelineId)).toEqual([concatenation.MediaPipelineId]);
    expect(next.NextToken).toBeUndefined();
    const captures = await pipelines.send(new ListMediaCapturePipelinesCommand({}));
    expect(captures.MediaCapturePipelines).toHaveLength(1);
    const notCapture = pipelines.send(
      new GetMediaCapturePipelineCommand({ MediaPipelineId: concatenation.MediaPipelineId }),
    );
    await expect(notCapture).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  test('DeleteMediaPipeline of one that stops is a conflict; DeleteMediaCapturePipeline is not', async () => {
    await open();
    const { MediaPipelineId } = await capture(scene);
    await scene.clock.advance(3_000);
    await scene.clients.pipelines.send(new DeleteMediaPipelineCommand({ MediaPipelineId }));
    await scene.clock.idle();
    await stopCapture(scene, MediaPipelineId);
    await expect(
      scene.clients.pipelines.send(new DeleteMediaPipelineCommand({ MediaPipelineId })),
    ).rejects.toMatchObject({
      name: 'ConflictException',
      $metadata: { httpStatusCode: 409 },
    });
  });

  test('a pipeline that is over is gone, as an option', async () => {
    await open({ pipelines: { afterStop: 'not-found' } });
    const { MediaPipelineId } = await capture(scene);
    await stopCapture(scene, MediaPipelineId);
    await scene.clock.advance(2_000);
    await expect(statusOf(scene, MediaPipelineId)).rejects.toMatchObject({ name: 'NotFoundException' });
  });
});

describe('tags', () => {
  test('of a pipeline are kept: TagResource adds, UntagResource takes away, ListTagsForResource reads', async () => {
    await open();
    const { pipelines } = scene.clients;
    const Tags = [
      { Key: 'onrecord:session', Value: 's-1' },
      { Key: 'team', Value: 'blue' },
    ];
    const { MediaPipelineArn: ResourceARN } = await capture(scene, { Tags });
    expect((await pipelines.send(new ListTagsForResourceCommand({ ResourceARN }))).Tags).toEqual(Tags);
    await pipelines.send(new TagResourceCommand({ ResourceARN, Tags: [{ Key: 'team', Value: 'red' }] }));
    await pipelines.send(new UntagResourceCommand({ ResourceARN, TagKeys: ['onrecord:session', 'nothing'] }));
    expect((await pipelines.send(new ListTagsForResourceCommand({ ResourceARN }))).Tags).toEqual([
      { Key: 'team', Value: 'red' },
    ]);
  });

  test('are refused for an unknown resource, without any, and with an empty key', async () => {
    await open();
    const { pipelines } = scene.clients;
    const { MediaPipelineArn } = await capture(scene);
    const unknown = 'arn:aws:chime:us-east-1:111122223333:media-pipeline/1e6bf4f5-f4b5-4917-b8c9-bda45c340706';
    await expect(pipelines.send(new ListTagsForResourceCommand({ ResourceARN: unknown }))).rejects.toMatchObject({
      name: 'NotFoundException',
    });
    for (const Tags of [[], [{ Key: '', Value: 'x' }]]) {
      await expect(
        pipelines.send(new TagResourceCommand({ ResourceARN: MediaPipelineArn, Tags })),
      ).rejects.toMatchObject({ name: 'BadRequestException' });
    }
  });
});

test.each([
  ['us-east-1', 100],
  ['eu-central-1', 10],
])('the account may have so many active pipelines in %s: %i, of all types together', async (region, most) => {
  await open({ region });
  const first = await capture(scene);
  await concatenate(scene, first.MediaPipelineArn);
  for (let count = 2; count < most; count++) await capture(scene, { SourceArn: scene.chime.createMeeting().arn });
  await expect(capture(scene, { SourceArn: scene.chime.createMeeting().arn })).rejects.toMatchObject({
    name: 'ResourceLimitExceededException',
    message: expect.stringContaining(`${most} active`),
  });
  await stopCapture(scene, first.MediaPipelineId);
  await scene.clock.advance(2_000);
  await capture(scene, { SourceArn: scene.chime.createMeeting().arn });
});
