import { existsSync, readFileSync } from 'node:fs';
import type { CreateMediaCapturePipelineCommandInput } from '@aws-sdk/client-chime-sdk-media-pipelines';
import { afterEach, describe, expect, test } from 'vitest';
import type { SimulatedMeeting } from '../meetings/simulated-meeting.ts';
import type { ChimeOptions } from '../start-chime.ts';
import {
  ALICE_HZ,
  BOB_HZ,
  hasPicture,
  type MeetingScene,
  measure,
  openMeetingScene,
} from '../testing/meeting-scene.ts';
import {
  capture,
  captureInput,
  DISABLED,
  keysOf,
  statusOf,
  stopCapture,
  withVideo,
} from '../testing/pipeline-requests.ts';
import { referencePath } from '../testing/reference.ts';

let scene: MeetingScene;
afterEach(() => scene?.[Symbol.asyncDispose]());
const open = async (options: Partial<ChimeOptions> = {}) => {
  scene = await openMeetingScene(options);
};

const LOUD = -25;

describe('a capture pipeline', () => {
  test('is answered as the service answers', async () => {
    await open();
    const sent = captureInput(scene);
    const pipeline = await capture(scene);
    expect(pipeline).toMatchObject({
      Status: 'Initializing',
      SourceArn: sent.SourceArn,
      SinkArn: sent.SinkArn,
      ChimeSdkMeetingConfiguration: sent.ChimeSdkMeetingConfiguration,
      MediaPipelineArn: `arn:aws:chime:us-east-1:111122223333:media-pipeline/${pipeline.MediaPipelineId}`,
      CreatedTimestamp: new Date('2026-01-05T09:00:00.000Z'),
    });
    const fixture = referencePath('aws/events/capture/create-media-capture-pipeline.response.real.json');
    if (!existsSync(fixture))
      return console.info('skipped in part: the recorded response is not beside this repository');
    const real = JSON.parse(readFileSync(fixture, 'utf8')) as { MediaCapturePipeline: object };
    expect(Object.keys(pipeline).sort()).toEqual(Object.keys(real.MediaCapturePipeline).sort());
  });

  test('goes through its states, writes chunks of the mixed voices, and tells', async () => {
    await open();
    const { MediaPipelineId } = await capture(scene);
    await scene.clock.advance(1_999);
    expect(await statusOf(scene, MediaPipelineId)).toBe('Initializing');
    await scene.clock.advance(1);
    expect(await statusOf(scene, MediaPipelineId)).toBe('InProgress');
    await scene.clock.advance(6_000);
    await stopCapture(scene, MediaPipelineId);
    await scene.clock.idle();
    expect(await statusOf(scene, MediaPipelineId)).toBe('Stopping');
    await scene.clock.advance(2_000);
    expect(await statusOf(scene, MediaPipelineId)).toBe('Stopped');
    expect(keysOf(scene, 'captures')).toEqual([
      'session-1/1/audio/2026-01-05-09-00-02-000.mp4',
      'session-1/1/audio/2026-01-05-09-00-07-000.mp4',
      'session-1/1/meeting-events/2026-01-05-09-00-02-000.txt',
      'session-1/1/meeting-events/2026-01-05-09-00-07-000.txt',
    ]);
    const [first, second] = scene.s3.list('captures');
    const start = await measure(first!.bytes);
    expect(start.durationMs).toBe(5_000);
    expect(start.level(ALICE_HZ, 0, 5_000)).toBeGreaterThan(LOUD);
    expect(start.level(BOB_HZ, 0, 5_000)).toBeGreaterThan(LOUD);
    expect((await measure(second!.bytes)).durationMs).toBe(1_000);
    const ghost = `aws:MediaPipeline-${MediaPipelineId}`;
    expect(scene.told().slice(-6)).toEqual([
      `MediaPipelineInProgress ${MediaPipelineId}`,
      `AttendeeAdded ${ghost}`,
      `AttendeeAuthorized ${ghost}`,
      `AttendeeJoined ${ghost}`,
      `AttendeeLeft ${ghost}`,
      `MediaPipelineDeleted ${MediaPipelineId}`,
    ]);
  });

  test.each([
    ['AudioOnly', ['audio false']],
    ['AudioWithActiveSpeakerVideo', ['audio true']],
    ['AudioWithCompositedVideo', ['audio false', 'composited-video true']],
  ] as const)('%s: whether there is a picture, and where', async (mux, expected) => {
    await open();
    const { MediaPipelineId } = await capture(scene, mux === 'AudioOnly' ? {} : withVideo(mux));
    await scene.clock.advance(4_000);
    await stopCapture(scene, MediaPipelineId);
    await scene.clock.advance(2_000);
    const files = scene.s3.list('captures').filter(({ key }) => key.endsWith('.mp4'));
    const seen = files.map(async ({ key, bytes }) => `${key.split('/').at(-2)} ${await hasPicture(bytes)}`);
    expect(await Promise.all(seen)).toEqual(expected);
    for (const { bytes } of files) {
      const { durationMs, level } = await measure(bytes);
      expect(durationMs).toBe(2_000);
      expect(level(ALICE_HZ, 0, 2_000)).toBeGreaterThan(LOUD);
    }
  });

  test('misses nothing while a chunk is written, however long that takes', async () => {
    await open();
    const { MediaPipelineId } = await capture(scene);
    scene.chime.deliveryFaults.next({ match: 'capture-chunk', fault: { delayMs: 700 } });
    await scene.clock.advance(10_000);
    await stopCapture(scene, MediaPipelineId);
    await scene.clock.advance(2_000);
    const chunks = scene.s3.list('captures').filter(({ key }) => key.endsWith('.mp4'));
    expect(chunks.map(({ key }) => key.split('/').at(-1))).toEqual([
      '2026-01-05-09-00-02-000.mp4',
      '2026-01-05-09-00-07-000.mp4',
    ]);
    const durations = await Promise.all(chunks.map(async ({ bytes }) => (await measure(bytes)).durationMs));
    expect(durations).toEqual([5_000, 3_000]);
  });

  test('logs who comes and goes', async () => {
    await open();
    const { MediaPipelineId } = await capture(scene);
    await scene.clock.advance(3_000);
    scene.meeting.leave(scene.bob.attendeeId);
    await scene.clock.advance(1_000);
    await stopCapture(scene, MediaPipelineId);
    await scene.clock.idle();
    const log = scene.s3.list('captures', 'session-1/1/meeting-events/')[0]!;
    const lines = Buffer.from(log.bytes)
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ EventType }) => EventType)).toEqual([
      'CaptureStarted',
      'AttendeeJoined',
      'AttendeeJoined',
      'AttendeeLeft',
      'CaptureEnded',
    ]);
    expect(lines[0]).toEqual({ Timestamp: '2026-01-05T09:00:02.000+00:00', EventType: 'CaptureStarted' });
    expect(lines[3]).toEqual({
      Timestamp: '2026-01-05T09:00:03.000+00:00',
      EventType: 'AttendeeLeft',
      EventParameters: { AttendeeId: scene.bob.attendeeId, MediaModality: '' },
    });
  });

  test('ends with its meeting', async () => {
    await open();
    const { MediaPipelineId } = await capture(scene);
    await scene.clock.advance(4_000);
    scene.meeting.end(true);
    await scene.clock.advance(2_000);
    expect(await statusOf(scene, MediaPipelineId)).toBe('Stopped');
    expect(scene.told().filter((one) => one.startsWith('MeetingEnded'))).toHaveLength(2);
    expect(scene.told().join()).not.toContain('AttendeeLeft');
  });

  test('stopped before it began writes nothing', async () => {
    await open();
    const { MediaPipelineId } = await capture(scene);
    await stopCapture(scene, MediaPipelineId);
    await scene.clock.advance(10_000);
    expect(await statusOf(scene, MediaPipelineId)).toBe('Stopped');
    expect(keysOf(scene, 'captures')).toEqual([]);
  });
});

describe('what a capture is refused for', () => {
  const refused: [
    string,
    (meeting: SimulatedMeeting) => Partial<CreateMediaCapturePipelineCommandInput>,
    string,
    string,
  ][] = [
    [
      'a bucket that is not there',
      () => ({ SinkArn: 'arn:aws:s3:::nowhere/x' }),
      'BadRequestException',
      'No such S3 Bucket',
    ],
    [
      'a sink that is no bucket',
      () => ({ SinkArn: 'arn:aws:sns:::captures' }),
      'BadRequestException',
      'Invalid S3 bucket ARN',
    ],
    [
      'a meeting of another account',
      ({ meetingId }) => ({ SourceArn: `arn:aws:chime::999988887777:meeting:${meetingId}` }),
      'ForbiddenException',
      'Resource ownership mismatch',
    ],
    [
      'a meeting that is not there',
      () => ({ SourceArn: 'arn:aws:chime::111122223333:meeting:1e6bf4f5-f4b5-4917-b8c9-bda45c340706' }),
      'BadRequestException',
      'does not exist',
    ],
    [
      'a source that is no meeting',
      () => ({ SourceArn: 'arn:aws:chime::111122223333:vc/x' }),
      'BadRequestException',
      'Invalid meeting ARN',
    ],
    [
      'a key without a role',
      () => ({ SseAwsKeyManagementParams: { AwsKmsKeyId: 'k' } }),
      'BadRequestException',
      'together',
    ],
    [
      'no audio setting',
      () => ({
        ChimeSdkMeetingConfiguration: {
          ArtifactsConfiguration: { Audio: undefined, Video: DISABLED, Content: DISABLED },
        },
      }),
      'BadRequestException',
      'artifactsConfiguration.audio',
    ],
  ];
  test.each(refused)('%s', async (_, more, name, message) => {
    await open();
    await expect(capture(scene, more(scene.meeting))).rejects.toMatchObject({
      name,
      message: expect.stringContaining(message),
    });
  });

  test('a bucket whose policy does not name the service', async () => {
    await open({ bucketPolicy: () => false });
    await expect(capture(scene)).rejects.toMatchObject({
      name: 'BadRequestException',
      message: 'S3 Bucket policy not valid/present for Sink arn:aws:s3:::captures/session-1/1',
    });
  });

  test.each(['s3:PutObject', 's3:PutObjectAcl'])('a bucket whose policy grants all but %s', async (withheld) => {
    await open({ bucketPolicy: (_, _principal, action) => action !== withheld });
    await expect(capture(scene)).rejects.toMatchObject({
      message: expect.stringContaining('S3 Bucket policy not valid/present'),
    });
  });

  test('a second one of the same meeting; once the first has begun to stop it is free', async () => {
    await open();
    const { MediaPipelineId, SourceArn } = await capture(scene);
    await expect(capture(scene)).rejects.toMatchObject({
      name: 'ResourceLimitExceededException',
      Code: 'ResourceLimitExceeded',
      message: `Cannot create new media capture pipeline for source type 'ChimeSdkMeeting' and source arn '${SourceArn}'. Limit reached`,
      $metadata: { httpStatusCode: 400 },
    });
    await scene.clock.advance(3_000);
    await stopCapture(scene, MediaPipelineId);
    await scene.clock.idle();
    await capture(scene);
  });

  test('more than the account may have', async () => {
    await open({ pipelines: { maxActive: 1 } });
    await capture(scene);
    const other = scene.chime.createMeeting();
    await expect(capture(scene, { SourceArn: other.arn })).rejects.toMatchObject({
      name: 'ResourceLimitExceededException',
    });
  });
});
