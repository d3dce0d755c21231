import { UpdateMediaInsightsPipelineStatusCommand } from '@aws-sdk/client-chime-sdk-media-pipelines';
import { createRecorder } from '@onrecord/core';
import { readWav, toneLevel } from '@onrecord/core/media';
import { decodeAudio } from '@onrecord/simulator';
import { describe, expect, test } from 'vitest';
import { chimeMeeting } from '../index.ts';
import {
  AGENT_HZ,
  CALLER_HZ,
  consent,
  type InsightsScene,
  openInsightsScene,
  recording,
  transcription,
} from '../testing/insights-scene.ts';

const begin = async (scene: InsightsScene, request: object = {}) => {
  const call = scene.call();
  const session = await scene.settle(scene.recorder.start({ call: call.ref, consent, ...request }));
  return { call, session };
};
const sent = (scene: InsightsScene, operation: string) =>
  scene.chime.requests().find((request) => request.operation === operation)?.body as Record<string, never> | undefined;
const masterOf = async (scene: InsightsScene) => {
  const { artifacts } = (await scene.session()).snapshot;
  const source = artifacts.find(({ role }) => role === 'master')?.source ?? '';
  return scene.s3.get('recordings', source.replace('s3://recordings/', ''))!.bytes;
};

describe('two streams', () => {
  test('CreateMediaInsightsPipeline records them from the moment of the start, and carries the correlation', async () => {
    await using scene = await openInsightsScene();
    const before = scene.clock.now();
    const { call, session } = await begin(scene, { providerOptions: { metadata: { order: '42' } } });
    expect(sent(scene, 'CreateMediaInsightsPipeline')).toMatchObject({
      MediaInsightsPipelineConfigurationArn: expect.stringMatching(/media-insights-pipeline-configuration\/calls$/),
      MediaInsightsRuntimeMetadata: { order: '42', onrecord: `${session.id}.p1` },
      KinesisVideoStreamRecordingSourceRuntimeConfiguration: {
        Streams: call.ref.data.streams.map((StreamArn) => ({ StreamArn })),
        FragmentSelector: {
          FragmentSelectorType: 'ServerTimestamp',
          TimestampRange: { StartTimestamp: before / 1000, EndTimestamp: before / 1000 + 28_800 },
        },
      },
      S3RecordingSinkRuntimeConfiguration: {
        Destination: `arn:aws:s3:::recordings/calls/${session.id}/p1/recording.wav`,
        RecordingFileFormat: 'Wav',
      },
    });
    await scene.pass(5_000);
    call.end();
    await scene.pass(60_000);
    expect(await session.snapshot()).toMatchObject({ state: 'completed', endReason: 'call-ended', verdict: 'present' });
    const { channels, sampleRate } = readWav(await masterOf(scene));
    expect(toneLevel(channels[0]!, sampleRate, AGENT_HZ)).toBeGreaterThan(-15);
    expect(toneLevel(channels[0]!, sampleRate, CALLER_HZ)).toBeLessThan(-60);
    expect(toneLevel(channels[1]!, sampleRate, CALLER_HZ)).toBeGreaterThan(-15);
  });

  test('become Opus in Ogg where that is asked for', async () => {
    await using scene = await openInsightsScene();
    const { call } = await begin(scene, { output: { media: 'audio', layout: 'separate', container: 'ogg' } });
    expect(sent(scene, 'CreateMediaInsightsPipeline')).toMatchObject({
      S3RecordingSinkRuntimeConfiguration: { RecordingFileFormat: 'Opus' },
    });
    await scene.pass(5_000);
    call.end();
    await scene.pass(60_000);
    const { channels, sampleRate } = await decodeAudio(await masterOf(scene), 'ogg');
    expect(toneLevel(channels[1]!, sampleRate, CALLER_HZ)).toBeGreaterThan(-15);
    expect((await scene.session()).snapshot.artifacts.find(({ role }) => role === 'master')).toMatchObject({
      codec: 'opus',
    });
  });

  test('are recorded from before the start where that is asked for, by the other clock', async () => {
    await using scene = await openInsightsScene();
    const call = scene.call();
    const from = new Date(scene.clock.now()).toISOString();
    await scene.pass(10_000);
    const providerOptions = { from, fragmentSelector: 'ProducerTimestamp' };
    await scene.settle(scene.recorder.start({ call: call.ref, consent, providerOptions }));
    call.end();
    await scene.pass(60_000);
    expect(readWav(await masterOf(scene)).durationMs).toBeGreaterThanOrEqual(12_000);
  });

  test('are given to processors as well, where the configuration has some', async () => {
    await using scene = await openInsightsScene({ elements: [transcription, recording] });
    const { call, session } = await begin(scene);
    expect(sent(scene, 'CreateMediaInsightsPipeline')).toMatchObject({
      KinesisVideoStreamSourceRuntimeConfiguration: { MediaEncoding: 'pcm', MediaSampleRate: 8000 },
    });
    await scene.pass(5_000);
    call.end();
    await scene.pass(60_000);
    expect(await session.snapshot()).toMatchObject({ state: 'completed', endReason: 'call-ended', anomalies: [] });
  });

  test('maxDurationMs is the end of the range, and a recording that reached it says so', async () => {
    await using scene = await openInsightsScene();
    const { session } = await begin(scene, { maxDurationMs: 20_000 });
    await scene.pass(120_000);
    expect(await session.snapshot()).toMatchObject({ state: 'completed', endReason: 'limit-reached' });
    expect(readWav(await masterOf(scene)).durationMs).toBe(20_000);
  });
});

describe('commands', () => {
  test('DeleteMediaPipeline stops it: what was recorded until then is the file', async () => {
    await using scene = await openInsightsScene();
    const { session } = await begin(scene);
    await scene.pass(5_000);
    await scene.settle(session.stop());
    await scene.pass(60_000);
    expect(await session.snapshot()).toMatchObject({ state: 'completed', endReason: 'requested', verdict: 'present' });
    expect(scene.operations()).toContain('DeleteMediaPipeline 204');
  });

  test('DeleteMediaPipeline of one that ended by itself is a conflict, and the reason of the end stays', async () => {
    await using scene = await openInsightsScene({ events: false });
    const { call, session } = await begin(scene);
    await scene.pass(5_000);
    call.end();
    await scene.pass(19_500);
    await scene.settle(session.stop());
    await scene.pass(60_000);
    expect((await session.snapshot()).state).toBe('completed');
  });

  test('a pause is refused before any request, with the reason: it would stop processors and not the recording', async () => {
    await using scene = await openInsightsScene();
    const { session } = await begin(scene);
    expect('pause' in session).toBe(false);
    const asked = scene.operations().length;
    // A recorder whose own provider pauses, and which finishes the sessions of this one.
    const meetings = chimeMeeting({ ...scene.chime.clientConfig(), bucket: 'recordings' });
    await using recorder = createRecorder(meetings, {
      store: scene.store,
      clock: scene.clock,
      worker: false,
      emulate: ['pause-by-segments'],
      draining: { 'chime-insights': { driver: scene.driver } },
    });
    const typed = await recorder.attach(session.id);
    await expect(typed.pause()).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('stops its processors and not the recording'),
    });
    expect(scene.operations()).toHaveLength(asked);
  });

  test('UpdateMediaInsightsPipelineStatus by somebody else is no pause of the recording, and two hours of it end it', async () => {
    await using scene = await openInsightsScene({
      elements: [transcription, recording],
      chime: { insights: { maxPausedMs: 7_200_000 } },
    });
    const { session } = await begin(scene);
    scene.chime.deliveryFaults.next({ match: 'insights-recording', fault: 'never' });
    scene.chime.insightsFaults.next({ match: 'recording', fault: 'fails' });
    const { pipelines } = scene.driver.native().clients();
    const Identifier = scene.chime.pipelines().at(-1)!.id;
    await pipelines.send(new UpdateMediaInsightsPipelineStatusCommand({ Identifier, UpdateStatus: 'Pause' }));
    await scene.pass(60_000);
    expect((await session.snapshot()).state).toBe('recording');
    await scene.pass(7_260_000);
    const { parts, pauses } = await session.snapshot();
    expect(pauses).toEqual([]);
    expect(parts[0]?.state).toBe('ended');
    expect((await scene.session()).parts[0]?.facts).toMatchObject({
      pausedAt: expect.any(String),
      S3RecordingSink: 'Failed',
    });
  });

  test('ListMediaPipelines and GetMediaPipeline find a start whose answer was lost, by its correlation', async () => {
    await using scene = await openInsightsScene();
    await begin(scene);
    scene.chime.faults.next({ match: 'CreateMediaInsightsPipeline', fault: 'drop-before-answer' });
    const { session } = await begin(scene);
    expect((await session.snapshot()).state).toBe('recording');
    expect(scene.operations()).toContain('ListMediaPipelines 200');
    expect(scene.operations().filter((line) => line === 'CreateMediaInsightsPipeline 201')).toHaveLength(2);
  });

  test('GetMediaPipeline tells everything where no event comes', async () => {
    await using scene = await openInsightsScene({ events: false });
    const { call, session } = await begin(scene);
    await scene.pass(10_000);
    call.end();
    await scene.pass(180_000);
    expect(await session.snapshot()).toMatchObject({ state: 'completed', endReason: 'call-ended', verdict: 'present' });
  });
});
