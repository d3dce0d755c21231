import {
  CreateVoiceConnectorCommand,
  DeleteVoiceConnectorStreamingConfigurationCommand,
  GetVoiceConnectorStreamingConfigurationCommand,
} from '@aws-sdk/client-chime-sdk-voice';
import { readWav, toneLevel } from '@onrecord/core/media';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tone } from '../../call/virtual-call.ts';
import {
  AGENT_HZ,
  CALLER_HZ,
  type InsightsScene,
  openInsightsScene,
  recording,
  records,
} from '../testing/insights-scene.ts';

let scene: InsightsScene;
beforeEach(async () => {
  scene = await openInsightsScene();
});
afterEach(() => scene[Symbol.asyncDispose]());

const voices = { caller: tone(CALLER_HZ), callee: tone(AGENT_HZ) };
const streaming = () =>
  scene.chime.eventBridge
    .events()
    .filter((event) => event['detail-type'] === 'Chime VoiceConnector Streaming Status')
    .map(({ detail }) => `${String(detail['streamingStatus'])} ${String(detail['isCaller'] ?? '')}`.trim());

test('PutVoiceConnectorStreamingConfiguration: a call is streamed, recorded without being asked to, and told of by event and Kinesis', async () => {
  const batches: string[] = [];
  scene.chime.kinesis.onRecords(({ Records }) =>
    batches.push(...Records.map(({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString())),
  );
  const connector = await scene.connect(await scene.configure([recording, records]));
  const call = connector.placeCall(voices);
  await scene.clock.advance(10_000);
  call.update();
  call.end();
  await scene.clock.advance(60_000);
  expect(streaming()).toEqual(['STARTED false', 'STARTED true', 'UPDATED', 'ENDED false', 'ENDED true']);
  expect(scene.told()).toEqual(['Created', 'InProgress', 'Stopped']);
  const [object] = scene.s3.list('recordings');
  expect(object?.key).toMatch(
    new RegExp(`^calls/${connector.id}/${call.transactionId}_\\d{4}-\\d\\d-\\d\\d-\\d\\d-\\d\\d-\\d\\d-\\d{3}\\.wav$`),
  );
  const { channels, sampleRate, durationMs } = readWav(scene.s3.get('recordings', object!.key)!.bytes);
  expect(durationMs).toBe(10_000);
  expect(toneLevel(channels[0]!, sampleRate, AGENT_HZ)).toBeGreaterThan(-15);
  expect(toneLevel(channels[1]!, sampleRate, CALLER_HZ)).toBeGreaterThan(-15);
  expect(batches).toHaveLength(1);
  const told = JSON.parse(batches[0]!) as { readonly metadata: string; readonly s3MediaObjectConsoleUrl: string };
  expect(new URL(told.s3MediaObjectConsoleUrl).searchParams.get('prefix')).toBe(object?.key);
  const metadata = JSON.parse(told.metadata) as { readonly transactionId: string; readonly oneTimeMetadata: string };
  expect(metadata.transactionId).toBe(call.transactionId);
  expect(JSON.parse(metadata.oneTimeMetadata)).toHaveProperty('sipHeaders');
});

test('GetVoiceConnectorStreamingConfiguration, DeleteVoiceConnectorStreamingConfiguration: a change of its streaming takes five minutes', async () => {
  const connector = await scene.connect(await scene.configure([recording]));
  const VoiceConnectorId = connector.id;
  expect(
    await scene.clients.voice.send(new GetVoiceConnectorStreamingConfigurationCommand({ VoiceConnectorId })),
  ).toMatchObject({ StreamingConfiguration: { DataRetentionInHours: 24 } });
  await scene.clients.voice.send(new DeleteVoiceConnectorStreamingConfigurationCommand({ VoiceConnectorId }));
  expect(connector.placeCall().streams).toHaveLength(2);
  await scene.clock.advance(300_000);
  expect(connector.placeCall().streams).toHaveLength(0);
});

test('CreateVoiceConnector makes one that takes calls, too', async () => {
  const { VoiceConnector: made } = await scene.clients.voice.send(
    new CreateVoiceConnectorCommand({ Name: 'front desk', RequireEncryption: true }),
  );
  expect(scene.chime.voiceConnector(made!.VoiceConnectorId!)?.placeCall().streams).toEqual([]);
});

test('a pipeline that may not be created is told of with a reason, and records nothing', async () => {
  scene.chime.insightsFaults.next({ match: 'create', fault: 'access-denied' });
  const connector = await scene.connect(await scene.configure([recording]));
  connector.placeCall(voices).end();
  await scene.clock.advance(60_000);
  expect(scene.told()).toEqual(['CreateFailed']);
  expect(scene.chime.eventBridge.events().at(-1)?.detail).toMatchObject({
    failureOrigin: 'Voice Connector',
    httpStatusCode: '403',
  });
  expect(scene.s3.list('recordings')).toHaveLength(0);
});

test('without retention nothing is left to record after the call', async () => {
  const connector = await scene.connect(await scene.configure([recording]));
  connector.streaming = { ...connector.streaming!, DataRetentionInHours: 0 };
  await scene.clock.advance(300_000);
  connector.placeCall(voices).end();
  await scene.clock.advance(60_000);
  expect(scene.told()).toEqual(['Created', 'InProgress', 'PermanentFailure']);
  expect(scene.s3.list('recordings')).toHaveLength(0);
});

test('streaming that breaks off is FAILED; isCaller may be text, and ALL_STARTED may follow', async () => {
  await using other = await openInsightsScene({ insights: { isCaller: 'text', allStarted: true } });
  const connector = await other.connect(undefined);
  connector.placeCall(voices).fail();
  const told = other.chime.eventBridge.events().map(({ detail }) => detail);
  expect(told.map(({ streamingStatus, isCaller }) => [streamingStatus, isCaller])).toEqual([
    ['STARTED', 'False'],
    ['STARTED', 'True'],
    ['ALL_STARTED', undefined],
    ['FAILED', undefined],
  ]);
});
