import { DeleteMediaPipelineCommand, GetMediaPipelineCommand } from '@aws-sdk/client-chime-sdk-media-pipelines';
import { afterEach, describe, expect, test } from 'vitest';
import type { ChimeOptions } from '../start-chime.ts';
import { type MeetingScene, openMeetingScene } from '../testing/meeting-scene.ts';
import { createPool, sinkOf, stream } from '../testing/side-requests.ts';

let scene: MeetingScene;
afterEach(() => scene?.[Symbol.asyncDispose]());
const open = async (options: Partial<ChimeOptions> = {}) => {
  scene = await openMeetingScene(options);
};
const read = async (MediaPipelineId: string | undefined) => {
  const { MediaPipeline } = await scene.clients.pipelines.send(new GetMediaPipelineCommand({ MediaPipelineId }));
  return MediaPipeline?.MediaStreamPipeline;
};
const streamEvents = () =>
  scene.chime.eventBridge
    .events()
    .filter(({ detail }) => String(detail['eventType']).includes('KinesisVideoStream'))
    .filter(({ detail }) => 'kinesisVideoStreamArn' in detail);
const told = () =>
  streamEvents().map(({ detail }) => {
    const name = String(detail['eventType']).replace('chime:MediaPipelineKinesisVideoStream', '');
    return `${name} ${detail['externalUserId'] ?? ''}`.trim();
  });
const sessions = () => scene.chime.kinesisVideoStreams().map((one) => one.sessions.length);

describe('a stream pipeline', () => {
  test('CreateMediaStreamPipeline echoes source and sinks; one mixed stream starts with it and ends with DeleteMediaPipeline', async () => {
    await open();
    const pool = await createPool(scene);
    const made = await stream(scene, [sinkOf(pool, 'MixedAudio')]);
    expect(made).toMatchObject({ Status: 'Initializing', Sinks: [sinkOf(pool, 'MixedAudio')] });
    await scene.clock.advance(2_000);
    expect((await read(made.MediaPipelineId))?.Status).toBe('InProgress');
    const [start] = streamEvents();
    const [{ name, arn } = { name: '', arn: '' }] = scene.chime.kinesisVideoStreams();
    expect(name).toMatch(new RegExp(`^${pool.PoolId}-`));
    expect(arn).toMatch(/^arn:aws:kinesisvideo:eu-central-1:111122223333:stream\/ChimeMediaPipelines-calls-/);
    expect(start).toMatchObject({
      'detail-type': 'Chime Media Pipeline State Change',
      detail: {
        eventType: 'chime:MediaPipelineKinesisVideoStreamStart',
        meetingId: scene.meeting.meetingId,
        mediaPipelineId: made.MediaPipelineId,
        attendeeId: '',
        externalUserId: '',
        kinesisVideoStreamArn: arn,
        startFragmentNumber: expect.stringMatching(/^\d{40,}$/),
        startTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      },
    });
    expect(start?.detail).not.toHaveProperty('version');
    await scene.clients.pipelines.send(new DeleteMediaPipelineCommand({ MediaPipelineId: made.MediaPipelineId }));
    await scene.clock.advance(2_000);
    const end = streamEvents().at(-1)?.detail;
    expect(end).toMatchObject({
      eventType: 'chime:MediaPipelineKinesisVideoStreamEnd',
      startFragmentNumber: start?.detail['startFragmentNumber'],
      endFragmentNumber: expect.stringMatching(/^\d{40,}$/),
      endTime: expect.any(String),
    });
    expect(scene.told().at(-1)).toBe(`MediaPipelineDeleted ${made.MediaPipelineId}`);
  });

  test('gives each attendee one stream for its life, with a new stretch at each return', async () => {
    await open();
    const pool = await createPool(scene);
    await stream(scene, [sinkOf(pool, 'IndividualAudio', 3)]);
    await scene.clock.advance(3_000);
    scene.meeting.leave(scene.alice.attendeeId);
    await scene.clock.advance(3_000);
    scene.meeting.join({ attendeeId: scene.alice.attendeeId });
    scene.meeting.join({ externalUserId: 'carol' });
    await scene.clock.advance(3_000);
    scene.meeting.end();
    await scene.clock.advance(5_000);
    expect(told()).toEqual([
      'Start alice',
      'Start bob',
      'End alice',
      'Start alice',
      'Start carol',
      'End bob',
      'End alice',
      'End carol',
    ]);
    expect(sessions()).toEqual([2, 1, 1]);
  });

  test('has no stream for attendees beyond its capacity, unless the option gives them one', async () => {
    await open();
    const pool = await createPool(scene);
    await stream(scene, [sinkOf(pool, 'IndividualAudio', 1)]);
    await scene.clock.advance(3_000);
    expect(told()).toEqual(['Start alice']);
    await scene[Symbol.asyncDispose]();
    await open({ streams: { beyondCapacity: 'stream' } });
    await stream(scene, [sinkOf(await createPool(scene), 'IndividualAudio', 1)]);
    await scene.clock.advance(3_000);
    expect(told()).toEqual(['Start alice', 'Start bob']);
  });

  test('may be of both kinds; mixed audio may come without attendee, as an option', async () => {
    await open({ streams: { mixedAttendee: 'absent' } });
    const pool = await createPool(scene);
    await stream(scene, [sinkOf(pool, 'MixedAudio'), sinkOf(pool, 'IndividualAudio', 5)]);
    await scene.clock.advance(3_000);
    expect(told()).toEqual(['Start', 'Start alice', 'Start bob']);
    expect(streamEvents()[0]?.detail).not.toHaveProperty('attendeeId');
  });

  test('is one at a time for a meeting, beside a capture; the same token gives the same one', async () => {
    await open();
    const sinks = [sinkOf(await createPool(scene), 'MixedAudio')];
    const first = await stream(scene, sinks, { ClientRequestToken: 'token-1' });
    expect((await stream(scene, sinks, { ClientRequestToken: 'token-1' })).MediaPipelineId).toBe(first.MediaPipelineId);
    await expect(stream(scene, sinks)).rejects.toMatchObject({ name: 'ResourceLimitExceededException' });
  });
});

describe('what no SDK checks is refused', () => {
  test.each([
    ['mixed audio with more than one stream', 'MixedAudio', 2],
    ['a capacity of 0', 'IndividualAudio', 0],
    ['a capacity of 11', 'IndividualAudio', 11],
    ['half a stream', 'IndividualAudio', 1.5],
    ['an unknown kind', 'Everything', 1],
  ])('%s', async (_what, kind, capacity) => {
    await open();
    const sink = sinkOf(await createPool(scene), kind as 'MixedAudio', capacity);
    await expect(stream(scene, [sink])).rejects.toMatchObject({ name: 'BadRequestException' });
  });

  test('no sink, three sinks, the same kind twice and two sources', async () => {
    await open();
    const one = sinkOf(await createPool(scene), 'MixedAudio');
    const SourceArn = scene.meeting.arn;
    const Sources = [1, 2].map(() => ({ SourceType: 'ChimeSdkMeeting', SourceArn }) as const);
    for (const [sinks, more] of [[[]], [[one, one, one]], [[one, one]], [[one], { Sources }]] as const) {
      await expect(stream(scene, [...sinks], more)).rejects.toMatchObject({ name: 'BadRequestException' });
    }
  });

  test('pools that are unknown, elsewhere, of another account or not ready', async () => {
    await open();
    const pool = await createPool(scene, 'calls', { waitMs: 0 });
    const from = (PoolArn: string) => stream(scene, [sinkOf({ PoolArn }, 'MixedAudio')]);
    const { PoolArn = '' } = pool;
    await expect(from(PoolArn)).rejects.toMatchObject({ name: 'BadRequestException' });
    await expect(from(PoolArn.replace('calls', 'none'))).rejects.toMatchObject({ name: 'NotFoundException' });
    await expect(from(PoolArn.replace('us-east-1', 'us-west-2'))).rejects.toMatchObject({
      name: 'BadRequestException',
    });
    await expect(from(PoolArn.replace('111122223333', '444455556666'))).rejects.toMatchObject({
      name: 'ForbiddenException',
    });
    await expect(from('arn:aws:s3:::bucket')).rejects.toMatchObject({ name: 'BadRequestException' });
  });
});
