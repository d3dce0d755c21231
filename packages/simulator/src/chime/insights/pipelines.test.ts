import {
  CreateMediaInsightsPipelineCommand,
  DeleteMediaPipelineCommand,
  ListMediaPipelinesCommand,
  UpdateMediaInsightsPipelineStatusCommand,
} from '@aws-sdk/client-chime-sdk-media-pipelines';
import { readWav, toneLevel } from '@onrecord/core/media';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { decodeOggAudio } from '../../media/index.ts';
import {
  AGENT_HZ,
  CALLER_HZ,
  enhancement,
  type InsightsScene,
  openInsightsScene,
  recording,
  records,
  transcription,
} from '../testing/insights-scene.ts';

const HOUR = 3_600_000;
let scene: InsightsScene;
beforeEach(async () => {
  scene = await openInsightsScene();
});
afterEach(() => scene[Symbol.asyncDispose]());

const file = (key: string) => scene.s3.get('recordings', key)?.bytes;

describe('CreateMediaInsightsPipeline', () => {
  test('records two streams as two channels; the streams end, and 15 s later the pipeline', async () => {
    const call = await scene.record(await scene.configure([recording]));
    await scene.clock.advance(10_000);
    expect(await scene.status(call.id)).toBe('InProgress, S3RecordingSink InProgress');
    call.end();
    await scene.clock.advance(14_000);
    expect(await scene.status(call.id)).toMatch(/^InProgress/);
    await scene.clock.advance(10_000);
    expect(await scene.status(call.id)).toBe('Stopped, S3RecordingSink Stopped');
    expect(scene.told()).toEqual(['InProgress', 'Stopped']);
    const { channels, sampleRate, durationMs } = readWav(file('own/a.wav')!);
    expect([channels.length, sampleRate, durationMs]).toEqual([2, 8_000, 10_000]);
    expect(toneLevel(channels[0]!, sampleRate, AGENT_HZ)).toBeGreaterThan(-15);
    expect(toneLevel(channels[0]!, sampleRate, CALLER_HZ)).toBeLessThan(-60);
    expect(toneLevel(channels[1]!, sampleRate, CALLER_HZ)).toBeGreaterThan(-15);
  });

  test('writes Opus in Ogg where that is asked for', async () => {
    const call = await scene.record(await scene.configure([recording]), {
      S3RecordingSinkRuntimeConfiguration: {
        Destination: 'arn:aws:s3:::recordings/own/b',
        RecordingFileFormat: 'Opus',
      },
    });
    await scene.clock.advance(5_000);
    call.end();
    await scene.clock.advance(30_000);
    const { channels, durationMs, sampleRate } = decodeOggAudio(file('own/b.ogg')!);
    expect([channels.length, Math.round(durationMs)]).toEqual([2, 5_000]);
    expect(toneLevel(channels[0]!, sampleRate, AGENT_HZ)).toBeGreaterThan(-15);
    expect(toneLevel(channels[0]!, sampleRate, CALLER_HZ)).toBeLessThan(-40);
    expect(toneLevel(channels[1]!, sampleRate, CALLER_HZ)).toBeGreaterThan(-15);
  });

  test('with a transcriber the recording waits for its end: NotStarted, InProgress, Stopped', async () => {
    const call = await scene.record(await scene.configure([transcription, recording, records]));
    await scene.clock.advance(5_000);
    call.end();
    await scene.clock.advance(60_000);
    expect(scene.told()).toEqual([
      'InProgress, AmazonTranscribeProcessor InProgress, S3RecordingSink NotStarted',
      'InProgress, AmazonTranscribeProcessor Stopped, S3RecordingSink InProgress',
      'Stopped, AmazonTranscribeProcessor Stopped, S3RecordingSink Stopped',
    ]);
    expect(scene.chime.kinesis.records()).toMatchObject([
      { 'detail-type': 'CallAnalyticsMetadata' },
      { 'detail-type': 'Recording', recordingDurationSeconds: 5 },
    ]);
  });

  test('with enhancement a second file follows, at 16 kHz, and its own Kinesis record', async () => {
    const call = await scene.record(await scene.configure([recording, enhancement, records]));
    await scene.clock.advance(5_000);
    call.end();
    await scene.clock.advance(60_000);
    expect(scene.told().slice(-2)).toEqual([
      'InProgress, S3RecordingSink Stopped, VoiceEnhancement InProgress',
      'Stopped, S3RecordingSink Stopped, VoiceEnhancement Stopped',
    ]);
    const { sampleRate, channels } = readWav(file('own/a_enhanced.wav')!);
    expect(sampleRate).toBe(16_000);
    expect(toneLevel(channels[1]!, sampleRate, CALLER_HZ)).toBeGreaterThan(-15);
    expect(scene.chime.kinesis.records()).toMatchObject([{}, { 'detail-subtype': 'VoiceEnhancement' }]);
  });

  test('a call of more than half an hour is recorded, and not enhanced', async () => {
    await using long = await openInsightsScene({ insights: { maxEnhancedMs: 4_000 } });
    const call = await long.record(await long.configure([recording, enhancement]));
    await long.clock.advance(5_000);
    call.end();
    await long.clock.advance(60_000);
    expect(long.told().at(-1)).toBe('Stopped, S3RecordingSink Stopped, VoiceEnhancement NotSupported');
    const last = long.chime.eventBridge.events().at(-1)!.detail['mediaInsightsPipelineElementStatuses'];
    expect(last).toMatchObject([{}, { statusDetail: 'Unsupported recording length' }]);
  });
});

test('element statuses come where the documentation leaves it open, or do not', async () => {
  await using other = await openInsightsScene({ insights: { alwaysElementStatuses: true, apiElementStatuses: false } });
  const call = await other.record(await other.configure([recording]));
  await other.clock.advance(5_000);
  expect(await other.status(call.id)).toBe('InProgress');
  expect(other.told()).toEqual(['InProgress, S3RecordingSink InProgress']);
});

describe('the end', () => {
  test('DeleteMediaPipeline ends the recording there and then; the file stays', async () => {
    const call = await scene.record(await scene.configure([recording]));
    await scene.clock.advance(3_000);
    const command = new DeleteMediaPipelineCommand({ MediaPipelineId: call.id });
    await scene.clients.pipelines.send(command);
    await scene.clock.advance(10_000);
    expect(readWav(file('own/a.wav')!).durationMs).toBe(3_000);
    await expect(scene.clients.pipelines.send(command)).rejects.toMatchObject({ name: 'ConflictException' });
  });

  test('UpdateMediaInsightsPipelineStatus pauses the processors and not the recording; past two hours the pipeline stops', async () => {
    await using brief = await openInsightsScene({ insights: { maxPausedMs: 20_000 } });
    const call = await brief.record(await brief.configure([transcription, recording]));
    await brief.clock.advance(3_000);
    const update = (UpdateStatus: 'Pause' | 'Resume') =>
      brief.clients.pipelines.send(new UpdateMediaInsightsPipelineStatusCommand({ Identifier: call.id, UpdateStatus }));
    await update('Pause');
    expect(brief.told().at(-1)).toBe('Paused, AmazonTranscribeProcessor Paused, S3RecordingSink NotStarted');
    await expect(update('Pause')).rejects.toMatchObject({ name: 'ConflictException' });
    await brief.clock.advance(10_000);
    await update('Resume');
    await brief.clock.advance(15_000);
    expect(await brief.status(call.id)).toMatch(/^InProgress/);
    await update('Pause');
    await brief.clock.advance(30_000);
    expect(await brief.status(call.id)).toMatch(/^Stopped/);
    expect(readWav(brief.s3.get('recordings', 'own/a.wav')!.bytes).durationMs).toBe(48_000);
  });

  test('after eight hours it comes by itself', async () => {
    const call = await scene.record(await scene.configure([recording]));
    scene.chime.insightsFaults.next({ match: 'recording', fault: 'fails' });
    await scene.clock.advance(8 * HOUR - 1_000);
    expect(await scene.status(call.id)).toMatch(/^InProgress/);
    await scene.clock.advance(10_000);
    expect(await scene.status(call.id)).toBe('Failed, S3RecordingSink Failed');
  });
});

describe('faults', () => {
  const end = async (elements: Parameters<InsightsScene['configure']>[0]) => {
    const call = await scene.record(await scene.configure(elements));
    await scene.clock.advance(5_000);
    call.end();
    await scene.clock.advance(60_000);
    return scene.told().at(-1);
  };

  test.each([
    ['transcription', 'PermanentFailure, AmazonTranscribeProcessor Failed, S3RecordingSink Stopped', true],
    ['recording', 'PermanentFailure, AmazonTranscribeProcessor Stopped, S3RecordingSink Failed', false],
    ['role', 'PermanentFailure, AmazonTranscribeProcessor Failed, S3RecordingSink Failed', false],
  ] as const)('%s that fails: %s', async (match, last, there) => {
    scene.chime.insightsFaults.next({ match, fault: 'fails' });
    expect(await end([transcription, recording])).toBe(last);
    expect(file('own/a.wav') !== undefined).toBe(there);
  });

  test('an enhancement that fails is a permanent failure, although the recording succeeded', async () => {
    scene.chime.insightsFaults.next({ match: 'enhancement', fault: 'fails' });
    expect(await end([recording, enhancement])).toBe(
      'PermanentFailure, S3RecordingSink Stopped, VoiceEnhancement Failed',
    );
    expect(file('own/a.wav')).toBeDefined();
  });

  test('a transcription that fails for a while goes on', async () => {
    scene.chime.insightsFaults.next({ match: 'transcription', fault: 'temporarily' });
    expect(await end([transcription, recording])).toMatch(/^Stopped/);
    expect(scene.told()[1]).toBe(
      'TemporaryFailure, AmazonTranscribeProcessor TemporarilyFailed, S3RecordingSink NotStarted',
    );
  });

  test('a bucket that refuses the file fails the sink', async () => {
    scene.chime.deliveryFaults.next({ match: 'insights-recording', fault: 'access-denied' });
    expect(await end([recording])).toBe('PermanentFailure');
  });
});

describe('refusals', () => {
  test('ListMediaPipelines at its limit of 20; one stream, no stream that is known, no recording source, an unknown configuration, limits', async () => {
    const configuration = await scene.configure([recording]);
    const send = (request: object) =>
      scene.record(configuration, request).then(
        () => 'accepted',
        (error: Error) => error.name,
      );
    const source = (arns: readonly string[]) => ({
      KinesisVideoStreamRecordingSourceRuntimeConfiguration: {
        Streams: arns.map((StreamArn) => ({ StreamArn })),
        FragmentSelector: {
          FragmentSelectorType: 'ServerTimestamp',
          TimestampRange: { StartTimestamp: new Date(0), EndTimestamp: new Date(1_000) },
        },
      },
    });
    const unknown = 'arn:aws:kinesisvideo:us-east-1:111122223333:stream/nothing/1';
    expect(await send(source([unknown]))).toBe('BadRequestException');
    expect(await send(source([unknown, unknown]))).toBe('NotFoundException');
    expect(await send(source([]))).toBe('BadRequestException');
    expect(await send({ KinesisVideoStreamRecordingSourceRuntimeConfiguration: undefined })).toBe(
      'BadRequestException',
    );
    expect(await send({ MediaInsightsPipelineConfigurationArn: `${configuration}x` })).toBe('NotFoundException');
    expect(await send({ MediaInsightsPipelineConfigurationArn: '' })).toBe('BadRequestException');
    for (const RecordingFileFormat of ['WAV', '']) {
      const S3RecordingSinkRuntimeConfiguration = { Destination: 'arn:aws:s3:::recordings/a', RecordingFileFormat };
      expect(await send({ S3RecordingSinkRuntimeConfiguration })).toBe('BadRequestException');
    }
    for (let count = 0; count < 20; count++) expect(await send({})).toBe('accepted');
    expect(await send({})).toBe('ResourceLimitExceededException');
    const { MediaPipelines } = await scene.clients.pipelines.send(new ListMediaPipelinesCommand({}));
    expect(MediaPipelines).toHaveLength(20);
  });

  test('a repeated ClientRequestToken gives the pipeline that it made', async () => {
    const configuration = await scene.configure([transcription]);
    const create = () =>
      scene.clients.pipelines.send(
        new CreateMediaInsightsPipelineCommand({
          MediaInsightsPipelineConfigurationArn: configuration,
          ClientRequestToken: 'the-same',
        }),
      );
    const [one, two] = [await create(), await create()];
    expect(two.MediaInsightsPipeline?.MediaPipelineId).toBe(one.MediaInsightsPipeline?.MediaPipelineId);
  });
});
