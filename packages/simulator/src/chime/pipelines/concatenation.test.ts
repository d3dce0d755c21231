import { afterEach, describe, expect, test } from 'vitest';
import type { ChimeOptions } from '../start-chime.ts';
import {
  ALICE_HZ,
  BOB_HZ,
  hasPicture,
  type MeetingScene,
  measure,
  openMeetingScene,
} from '../testing/meeting-scene.ts';
import { capture, concatenate, keysOf, statusOf, stopCapture, withVideo } from '../testing/pipeline-requests.ts';

let scene: MeetingScene;
afterEach(() => scene?.[Symbol.asyncDispose]());
const open = async (options: Partial<ChimeOptions> = {}) => {
  scene = await openMeetingScene(options);
};

const LOUD = -25;
const QUIET = -55;

describe('a concatenation', () => {
  test('waits for the capture, joins it into one file, and tells once that is there', async () => {
    await open();
    const source = await capture(scene);
    const { MediaPipelineId } = await concatenate(scene, source.MediaPipelineArn);
    await scene.clock.advance(9_000);
    scene.meeting.leave(scene.bob.attendeeId);
    await scene.clock.advance(5_000);
    expect(await statusOf(scene, MediaPipelineId)).toBe('InProgress');
    await stopCapture(scene, source.MediaPipelineId);
    await scene.clock.advance(2_000 + 5_000 - 1);
    expect(keysOf(scene, 'results')).toEqual([]);
    await scene.clock.advance(1 + 2_000);
    expect(keysOf(scene, 'results')).toEqual([
      `session-1/audio/${MediaPipelineId}.mp4`,
      `session-1/meeting-events/${MediaPipelineId}.txt`,
    ]);
    expect(scene.told().at(-1)).toBe(`MediaPipelineDeleted ${MediaPipelineId}`);
    expect(await statusOf(scene, MediaPipelineId)).toBe('Stopped');
    const joined = await measure(scene.s3.list('results')[0]!.bytes);
    expect(joined.durationMs).toBe(12_000);
    expect(joined.level(ALICE_HZ, 0, 12_000)).toBeGreaterThan(LOUD);
    expect(joined.level(BOB_HZ, 0, 7_000)).toBeGreaterThan(LOUD);
    expect(joined.level(BOB_HZ, 7_100, 12_000)).toBeLessThan(QUIET);
    expect(keysOf(scene, 'captures').filter((key) => key.includes('/audio/'))).toHaveLength(3);
  });

  test.each([
    ['AudioWithActiveSpeakerVideo', ['audio true 8000']],
    ['AudioWithCompositedVideo', ['audio false 8000', 'composited-video true 8000']],
  ] as const)('of %s keeps the picture', async (mux, expected) => {
    await open();
    const source = await capture(scene, withVideo(mux));
    const settings = mux === 'AudioWithCompositedVideo' ? { CompositedVideo: { State: 'Enabled' } as const } : {};
    await concatenate(scene, source.MediaPipelineArn, undefined, settings);
    await scene.clock.advance(10_000);
    await stopCapture(scene, source.MediaPipelineId);
    await scene.clock.advance(20_000);
    const files = scene.s3.list('results').filter(({ key }) => key.endsWith('.mp4'));
    const seen = files.map(async ({ key, bytes }) =>
      [key.split('/').at(-2), await hasPicture(bytes), (await measure(bytes)).durationMs].join(' '),
    );
    expect(await Promise.all(seen)).toEqual(expected);
  });

  test('without a prefix lies under its own id', async () => {
    await open();
    const source = await capture(scene);
    const { MediaPipelineId } = await concatenate(scene, source.MediaPipelineArn, 'arn:aws:s3:::results');
    await scene.clock.advance(3_000);
    await stopCapture(scene, source.MediaPipelineId);
    await scene.clock.advance(20_000);
    expect(keysOf(scene, 'results')[0]).toBe(`${MediaPipelineId}/audio/${MediaPipelineId}.mp4`);
  });

  test.each([
    ['last chunk missing', 'never', 5_000],
    ['last chunk empty', 'zero-bytes', 5_000],
  ] as const)('%s: the file is short', async (_, fault, durationMs) => {
    await open();
    scene.chime.deliveryFaults.next({ match: ({ kind, last }) => kind === 'capture-chunk' && last, fault });
    const source = await capture(scene);
    await concatenate(scene, source.MediaPipelineArn);
    await scene.clock.advance(9_000);
    await stopCapture(scene, source.MediaPipelineId);
    await scene.clock.advance(20_000);
    expect((await measure(scene.s3.list('results', 'session-1/audio/')[0]!.bytes)).durationMs).toBe(durationMs);
  });

  test('fails where nothing can be read or the bucket is closed, and may hang', async () => {
    await open();
    const source = await capture(scene);
    scene.chime.deliveryFaults.next({ match: 'capture-chunk', fault: 'never' });
    const empty = await concatenate(scene, source.MediaPipelineArn);
    await scene.clock.advance(3_000);
    await stopCapture(scene, source.MediaPipelineId);
    await scene.clock.advance(20_000);
    expect(await statusOf(scene, empty.MediaPipelineId)).toBe('Failed');
    expect(scene.told().at(-1)).toBe(`MediaPipelinePermanentFailure ${empty.MediaPipelineId}`);
    await scene[Symbol.asyncDispose]();

    await open({ pipelines: { concatenationStuck: true } });
    const second = await capture(scene);
    const stuck = await concatenate(scene, second.MediaPipelineArn);
    await scene.clock.advance(3_000);
    await stopCapture(scene, second.MediaPipelineId);
    await scene.clock.advance(3_600_000);
    expect(await statusOf(scene, stuck.MediaPipelineId)).toBe('InProgress');
  });

  test.each([
    ['reads nothing of the source', 'captures', 's3:GetObject', 'captures/session-1/1'],
    ['does not list the source', 'captures', 's3:ListBucket', 'captures/session-1/1'],
    ['writes nothing to the destination', 'results', 's3:PutObject', 'results/session-1'],
    ['sets no ACL at the destination', 'results', 's3:PutObjectAcl', 'results/session-1'],
  ] as const)('is refused where the service %s', async (_, closed, withheld, sink) => {
    await open({ bucketPolicy: (bucket, _principal, action) => bucket !== closed || action !== withheld });
    const source = await capture(scene);
    await expect(concatenate(scene, source.MediaPipelineArn)).rejects.toMatchObject({
      name: 'BadRequestException',
      message: `S3 Bucket policy not valid/present for Sink arn:aws:s3:::${sink}`,
    });
  });

  test('asks for no more than it needs: what it writes it need not read', async () => {
    await open({ bucketPolicy: (bucket, _, action) => bucket !== 'results' || action.startsWith('s3:Put') });
    const source = await capture(scene);
    await concatenate(scene, source.MediaPipelineArn);
    await scene.clock.advance(9_000);
    await stopCapture(scene, source.MediaPipelineId);
    await scene.clock.advance(20_000);
    expect(keysOf(scene, 'results')).toHaveLength(2);
  });

  test('fails where the source may be read no more when it begins', async () => {
    let readable = true;
    await open({ bucketPolicy: (_, _principal, action) => readable || action !== 's3:GetObject' });
    const source = await capture(scene);
    const { MediaPipelineId } = await concatenate(scene, source.MediaPipelineArn);
    await scene.clock.advance(9_000);
    readable = false;
    await stopCapture(scene, source.MediaPipelineId);
    await scene.clock.advance(20_000);
    expect(await statusOf(scene, MediaPipelineId)).toBe('Failed');
    expect(keysOf(scene, 'results')).toEqual([]);
  });

  test('access denied at a chunk fails the capture', async () => {
    await open();
    const { MediaPipelineId } = await capture(scene);
    scene.chime.deliveryFaults.next({ match: 'capture-chunk', fault: 'access-denied' });
    await scene.clock.advance(8_000);
    expect(await statusOf(scene, MediaPipelineId)).toBe('Failed');
    expect(scene.told().at(-1)).toBe(`MediaPipelinePermanentFailure ${MediaPipelineId}`);
  });

  test('is refused for an unknown source, one of another region or account, without one of the seven settings, and for a source older than 30 days', async () => {
    await open({ meetings: { maxAgeMs: 100 * 86_400_000 }, pipelines: { chunkMs: 40 * 86_400_000 } });
    const source = await capture(scene);
    const unknown = 'arn:aws:chime:us-east-1:111122223333:media-pipeline/1e6bf4f5-f4b5-4917-b8c9-bda45c340706';
    await expect(concatenate(scene, unknown)).rejects.toMatchObject({ name: 'BadRequestException' });
    const elsewhere = source.MediaPipelineArn?.replace('us-east-1', 'eu-west-2');
    await expect(concatenate(scene, elsewhere)).rejects.toMatchObject({ name: 'BadRequestException' });
    const foreign = source.MediaPipelineArn?.replace('111122223333', '999988887777');
    await expect(concatenate(scene, foreign)).rejects.toMatchObject({ name: 'ForbiddenException' });
    const six = concatenate(scene, source.MediaPipelineArn, undefined, { DataChannel: undefined });
    await expect(six).rejects.toMatchObject({
      name: 'BadRequestException',
      message: expect.stringContaining('artifactsConfiguration.dataChannel'),
    });
    await scene.clock.advance(31 * 86_400_000);
    await expect(concatenate(scene, source.MediaPipelineArn)).rejects.toMatchObject({
      name: 'BadRequestException',
      message: expect.stringContaining('30 days'),
    });
  });
});
