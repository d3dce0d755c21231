import { buffer } from 'node:stream/consumers';
import { CallAutomationClient } from '@azure/communication-call-automation';
import { readWav, toneLevel } from '@onrecord/core/media';
import { expect, test } from 'vitest';
import { openScene, type Scene } from './testing/scene.ts';

function sdk(scene: Scene): CallAutomationClient {
  const { connectionString, agent } = scene.azure;
  return new CallAutomationClient(connectionString, { agent: agent(), retryOptions: { maxRetries: 0 } });
}

const wav = { recordingContent: 'audio', recordingFormat: 'wav' } as const;

test('a recording from start to deleted file, by the vendor SDK', async () => {
  await using scene = await openScene();
  const { clock, azure, app, call, callbackUri } = scene;
  const subscription = await azure.subscribe({ url: `${app.url}/grid` });
  const recording = sdk(scene).getCallRecording();

  const started = await recording.start({
    callLocator: { id: call.serverCallId, kind: 'serverCallLocator' },
    recordingStateCallbackEndpointUrl: callbackUri,
    recordingChannel: 'mixed',
    ...wav,
  });
  const id = started.recordingId ?? '';
  expect(started.recordingState).toBe('inactive');
  expect(Object.keys(JSON.parse(Buffer.from(id, 'base64url').toString()))).toEqual([
    'PlatformEndpointId',
    'ResourceSpecificId',
  ]);
  expect((await recording.getState(id)).recordingState).toBe('inactive');
  await clock.advance(2_000);
  expect((await recording.getState(id)).recordingState).toBe('active');

  await clock.advance(3_000);
  await recording.pause(id);
  expect((await recording.getState(id)).recordingState).toBe('active');
  await clock.advance(2_000);
  expect((await recording.getState(id)).recordingState).toBe('inactive');
  await recording.resume(id);
  await clock.advance(2_000);
  expect((await recording.getState(id)).recordingState).toBe('active');
  await clock.advance(1_000);
  await recording.stop(id);
  await expect(recording.stop(id)).rejects.toMatchObject({ statusCode: 404, code: '8522' });
  await clock.advance(2_000);
  await expect(recording.getState(id)).rejects.toMatchObject({ statusCode: 404, code: '8522' });

  expect(app.events('RecordingStateChanged').map(({ data }) => data['state'])).toEqual([
    'active',
    'inactive',
    'active',
    'inactive',
  ]);
  expect(app.events('RecordingFileStatusUpdated')).toEqual([]);
  await clock.advance(60_000);
  expect(subscription.deliveries().map(({ outcome }) => outcome)).toEqual(['delivered']);
  const [file] = app.events('RecordingFileStatusUpdated');
  const data = file!.data as {
    recordingDurationMs: number;
    recordingStorageInfo: {
      recordingChunks: { contentLocation: string; metadataLocation: string; deleteLocation: string }[];
    };
  };
  expect(data.recordingDurationMs).toBe(8_000);
  const [chunk] = data.recordingStorageInfo.recordingChunks;
  const bytes = await buffer(await recording.downloadStreaming(chunk!.contentLocation));
  const sound = readWav(bytes);
  expect(sound).toMatchObject({ sampleRate: 16_000, channelCount: 1, durationMs: 8_000, integrity: 'complete' });
  const [samples] = sound.channels;
  for (const frequencyHz of [440, 1000]) expect(toneLevel(samples!, 16_000, frequencyHz)).toBeGreaterThan(-13);

  const metadata = JSON.parse((await buffer(await recording.downloadStreaming(chunk!.metadataLocation))).toString());
  expect(metadata.pauseResumeIntervals).toEqual([{ startTime: '2026-01-05T09:00:08.0000000Z', duration: 2_000 }]);
  await recording.delete(chunk!.deleteLocation);
  await expect(recording.downloadStreaming(chunk!.contentLocation)).rejects.toMatchObject({ status: 404 });
  await expect(recording.delete(chunk!.deleteLocation)).rejects.toMatchObject({ status: 404 });
});
