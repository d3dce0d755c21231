import { type SimulatedChime, SimulatedS3, startChime, VirtualClock } from '@onrecord/simulator';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { chimeInsightsConfigurations, type InsightsConfiguration, type InsightsConfigurations } from '../index.ts';

const role = 'arn:aws:iam::111122223333:role/insights';
const recording = {
  Type: 'S3RecordingSink',
  S3RecordingSinkConfiguration: { Destination: 'arn:aws:s3:::recordings', RecordingFileFormat: 'Opus' },
} as const;
const configuration = (
  name: string,
): InsightsConfiguration & { readonly MediaInsightsPipelineConfigurationName: string } => ({
  MediaInsightsPipelineConfigurationName: name,
  ResourceAccessRoleArn: role,
  Elements: [recording],
});

let clock: VirtualClock;
let s3: SimulatedS3;
let chime: SimulatedChime;
let configurations: InsightsConfigurations;
beforeEach(async () => {
  clock = new VirtualClock();
  s3 = await SimulatedS3.start({ clock, buckets: ['recordings'] });
  chime = await startChime({ clock, s3 });
  configurations = chimeInsightsConfigurations({ ...chime.clientConfig(), accountId: chime.accountId });
});
afterEach(async () => {
  await configurations.close();
  await chime.close();
  await s3.close();
  clock[Symbol.dispose]();
});
const operations = () => chime.requests().map(({ operation, status }) => `${operation} ${status}`);

test('CreateMediaInsightsPipelineConfiguration, GetMediaInsightsPipelineConfiguration, UpdateMediaInsightsPipelineConfiguration: made, read, changed', async () => {
  const made = await configurations.create(configuration('calls'));
  expect(made).toMatchObject({ Elements: [recording] });
  expect(await configurations.get('calls')).toMatchObject({
    MediaInsightsPipelineConfigurationArn: made.MediaInsightsPipelineConfigurationArn,
  });
  const better = { Type: 'VoiceEnhancementSink', VoiceEnhancementSinkConfiguration: { Disabled: false } } as const;
  const changed = await configurations.update('calls', { ResourceAccessRoleArn: role, Elements: [recording, better] });
  expect(changed.Elements).toHaveLength(2);
  expect(await configurations.get('another')).toBeUndefined();
});

test('ListMediaInsightsPipelineConfigurations and DeleteMediaInsightsPipelineConfiguration: every page, and gone is gone', async () => {
  for (const name of ['one', 'two', 'three']) await configurations.create(configuration(name));
  expect((await configurations.list()).map(({ name }) => name)).toEqual(['one', 'two', 'three']);
  await configurations.delete('two');
  await configurations.delete('two');
  expect((await configurations.list()).map(({ name }) => name)).toEqual(['one', 'three']);
});

test('what checkConfiguration finds is never sent; an empty identifier neither', async () => {
  await expect(
    configurations.create({ ...configuration('x'), Elements: [recording, recording] }),
  ).rejects.toMatchObject({
    code: 'invalid-request',
    context: { problems: [expect.stringContaining('ConfigurationName'), expect.stringContaining('Elements[1].Type')] },
  });
  await expect(configurations.delete(' ')).rejects.toMatchObject({ code: 'invalid-request' });
  await expect(configurations.get('')).rejects.toMatchObject({ code: 'invalid-request' });
  expect(operations()).toEqual([]);
});

test('a name that is taken, and an unknown one, are typed errors with their request', async () => {
  await configurations.create(configuration('calls'));
  await expect(configurations.create(configuration('calls'))).rejects.toMatchObject({ code: 'invalid-request' });
  await expect(configurations.update('none', configuration('none'))).rejects.toMatchObject({
    code: 'not-found',
    context: { operation: 'update' },
  });
});

test('PutVoiceConnectorStreamingConfiguration associates a connector, in effect after five minutes; GetVoiceConnectorStreamingConfiguration shows it', async () => {
  await configurations.create(configuration('calls'));
  const { id } = chime.createVoiceConnector();
  expect(await configurations.streaming(id)).toBeUndefined();
  const { inEffectAfterMs } = await configurations.associate({ voiceConnectorId: id, configuration: 'calls' });
  expect(inEffectAfterMs).toBe(300_000);
  expect(await configurations.streaming(id)).toMatchObject({
    DataRetentionInHours: 24,
    Disabled: false,
    StreamingNotificationTargets: [{ NotificationTarget: 'EventBridge' }],
    MediaInsightsConfiguration: { Disabled: false, ConfigurationArn: expect.stringMatching(/\/calls$/) },
  });
  await configurations.dissociate(id);
  expect((await configurations.streaming(id))?.MediaInsightsConfiguration?.Disabled).toBe(true);
  expect(await configurations.dissociate(chime.createVoiceConnector().id)).toBeUndefined();
});

test.each([
  [{ retentionHours: 0 }, /retentionHours: .*nothing left to record/],
  [{ retentionHours: 1.5 }, /retentionHours/],
  [{ targets: [] }, /targets/],
  [{ targets: ['Email' as 'SNS'] }, /targets/],
  [{ configuration: 'two words' }, /configuration: Must be the name/],
  [{ voiceConnectorId: '' }, /voiceConnectorId/],
])('an association with %j is refused unsent', async (wrong, message) => {
  const association = { voiceConnectorId: 'vc', configuration: 'calls', ...wrong };
  await expect(configurations.associate(association)).rejects.toThrow(message);
  expect(operations()).toEqual([]);
});
