import { OnRecordError } from '@onrecord/core';
import { describe, expect, test } from 'vitest';
import { plugins } from '../inversify/index.ts';
import {
  checkConfiguration,
  chimeInsights,
  chimeKvsStreams,
  chimeKvsStreamsOf,
  type InsightsConfiguration,
  parseConnectorKey,
} from './index.ts';

const options = { region: 'us-east-1', accountId: '111122223333', bucket: 'recordings', configuration: 'calls' };
const place = { region: 'us-east-1', accountId: '111122223333' };

function problemsOf(run: () => unknown): readonly string[] {
  try {
    run();
  } catch (error) {
    if (OnRecordError.is(error, 'invalid-request'))
      return (error.context['problems'] ?? [error.message]) as readonly string[];
    throw error;
  }
  return [];
}

describe('options of the driver', () => {
  test('the fewest, and the ARN of a configuration', () => {
    expect(problemsOf(() => chimeInsights(options))).toEqual([]);
    const configuration = 'arn:aws:chime:us-east-1:111122223333:media-insights-pipeline-configuration/calls';
    expect(problemsOf(() => chimeInsights({ ...options, configuration }))).toEqual([]);
  });

  test('every problem at once, by its path', () => {
    const wrong = {
      ...options,
      region: 'eu-west-1',
      accountId: '1',
      bucket: 's3://x',
      configuration: 'x',
      prefix: '/a',
      fragmentSelector: 'server_timestamp',
      adopt: { voiceConnectors: [], container: 'mp3' },
      events: { secret: 'short' },
      pause: true,
    };
    const paths = problemsOf(() => chimeInsights(wrong as never)).map((line) => line.split(':')[0]);
    expect([...paths].sort()).toEqual(
      [
        'accountId',
        'adopt.container',
        'adopt.voiceConnectors',
        'bucket',
        'configuration',
        'events.secret',
        'fragmentSelector',
        'pause',
        'prefix',
        'region',
      ].sort(),
    );
  });

  test('a configuration of another region or account is refused', () => {
    const configuration = 'arn:aws:chime:us-west-2:111122223333:media-insights-pipeline-configuration/calls';
    expect(problemsOf(() => chimeInsights({ ...options, configuration }))).toEqual([
      'configuration: Must be in the region and account of the options.',
    ]);
  });

  test('a configuration file names it chime-insights', () => {
    const plugin = plugins.find(({ type }) => type === 'chime-insights');
    expect(plugin).toMatchObject({ kind: 'provider' });
  });

  test('without a secret it says at the start that it learns nothing', () => {
    expect(chimeInsights(options).warnings()).toHaveLength(1);
    expect(chimeInsights({ ...options, events: { secret: 'a-secret-that-is-long-enough' } }).warnings()).toEqual([]);
  });
});

describe('checkConfiguration', () => {
  const role = 'arn:aws:iam::111122223333:role/insights';
  const sink = {
    Type: 'S3RecordingSink',
    S3RecordingSinkConfiguration: { Destination: 'arn:aws:s3:::recordings/calls', RecordingFileFormat: 'Wav' },
  } as const;
  const enhancement = { Type: 'VoiceEnhancementSink', VoiceEnhancementSinkConfiguration: { Disabled: false } } as const;
  const transcriber = {
    Type: 'AmazonTranscribeProcessor',
    AmazonTranscribeProcessorConfiguration: { LanguageCode: 'en-US' },
  } as const;
  const analytics = {
    Type: 'AmazonTranscribeCallAnalyticsProcessor',
    AmazonTranscribeCallAnalyticsProcessorConfiguration: { LanguageCode: 'en-US' },
  } as const;
  const target = (InsightsTarget: string) =>
    ({ Type: 'KinesisDataStreamSink', KinesisDataStreamSinkConfiguration: { InsightsTarget } }) as const;
  const check = (Elements: unknown, more: Partial<InsightsConfiguration> = {}, where = place) =>
    checkConfiguration(
      { ResourceAccessRoleArn: role, Elements: Elements as InsightsConfiguration['Elements'], ...more },
      where,
    ).map(({ path, message }) => `${path}: ${message}`);

  test('nothing is wrong with recording, enhancement, records and one transcriber', () => {
    const records = target('arn:aws:kinesis:us-east-1:111122223333:stream/insights');
    expect(check([transcriber, sink, enhancement, records])).toEqual([]);
  });

  test.each<[string, unknown, RegExp, Partial<InsightsConfiguration>?, typeof place?]>([
    ['no element', [], /^Elements: Must list/],
    ['an element twice', [sink, sink], /^Elements\[1\]\.Type: There is a S3RecordingSink already/],
    ['both transcribers', [transcriber, analytics], /^Elements: .*not both/],
    ['enhancement without recording', [enhancement], /^Elements: VoiceEnhancementSink needs an S3RecordingSink/],
    ['a type that is none', [{ Type: 'TapeSink' }], /^Elements\[0\]\.Type: Must be/],
    [
      'an element without its configuration',
      [{ Type: 'S3RecordingSink' }],
      /^Elements\[0\]\.S3RecordingSinkConfiguration: Missing/,
    ],
    [
      'a format in capitals',
      [{ ...sink, S3RecordingSinkConfiguration: { ...sink.S3RecordingSinkConfiguration, RecordingFileFormat: 'WAV' } }],
      /RecordingFileFormat: Must be Wav or Opus\. Some guides print WAV/,
    ],
    [
      'another format',
      [{ ...sink, S3RecordingSinkConfiguration: { ...sink.S3RecordingSinkConfiguration, RecordingFileFormat: 'mp3' } }],
      /RecordingFileFormat: Must be Wav or Opus\.$/,
    ],
    [
      'a destination that is no bucket',
      [{ ...sink, S3RecordingSinkConfiguration: { Destination: 's3://recordings' } }],
      /Destination: Must be the ARN/,
    ],
    [
      'a flag that is text',
      [sink, { ...enhancement, VoiceEnhancementSinkConfiguration: { Disabled: 'false' } }],
      /Disabled: Must be true or false/,
    ],
    [
      'a flag in small letters',
      [sink, { ...enhancement, VoiceEnhancementSinkConfiguration: { disabled: false } }],
      /disabled: There is no such option; did you mean Disabled\?/,
    ],
    [
      'a sink in another region',
      [sink, target('arn:aws:kinesis:us-west-2:111122223333:stream/a')],
      /InsightsTarget: Must be in us-east-1/,
    ],
    [
      'a sink in another account',
      [sink, target('arn:aws:kinesis:us-east-1:999999999999:stream/a')],
      /InsightsTarget: Must be in 111122223333/,
    ],
    [
      'a target of another service',
      [sink, target('arn:aws:sqs:us-east-1:111122223333:a')],
      /InsightsTarget: Must be the ARN of the kinesis target/,
    ],
    [
      'a transcriber without language',
      [{ Type: 'AmazonTranscribeProcessor', AmazonTranscribeProcessorConfiguration: {} }],
      /Must say one of LanguageCode/,
    ],
    [
      'recording in a region that has none',
      [sink],
      /S3RecordingSink works in us-east-1, us-west-2, eu-central-1, not in eu-west-1/,
      {},
      { ...place, region: 'eu-west-1' },
    ],
    [
      'enhancement in a region that has none',
      [sink, enhancement],
      /VoiceEnhancementSink works in us-east-1, us-west-2, not in eu-central-1/,
      {},
      { ...place, region: 'eu-central-1' },
    ],
    [
      'a name that is too short',
      [sink],
      /^MediaInsightsPipelineConfigurationName: Must have 2 to 64/,
      { MediaInsightsPipelineConfigurationName: 'x' },
    ],
    [
      'a role of another account',
      [sink],
      /^ResourceAccessRoleArn: .*other accounts/,
      { ResourceAccessRoleArn: 'arn:aws:iam::999999999999:role/x' },
    ],
    [
      'a member that is none',
      [sink],
      /^Element: There is no such option; did you mean Elements\?/,
      { Element: [] } as never,
    ],
    [
      'alerts without a transcriber',
      [sink],
      /^RealTimeAlertConfiguration: Needs a transcriber/,
      {
        RealTimeAlertConfiguration: {
          Rules: [{ Type: 'IssueDetection', IssueDetectionConfiguration: { RuleName: 'one' } }],
        },
      },
    ],
    [
      'an alert without name',
      [transcriber],
      /Rules\[0\]\.RuleName/,
      {
        RealTimeAlertConfiguration: {
          Rules: [{ Type: 'IssueDetection', IssueDetectionConfiguration: { RuleName: '' } }],
        },
      },
    ],
    [
      'a role whose name the service does not take',
      [sink],
      /^ResourceAccessRoleArn: Must hold letters/,
      { ResourceAccessRoleArn: 'arn:aws:iam::111122223333:role/a+b' },
    ],
    ['a tag without key', [sink], /^Tags\[0\]: /, { Tags: [{ Key: '', Value: 'x' }] }],
    ['too few tags', [sink], /^Tags: /, { Tags: [] }],
    ['a token with a space', [sink], /^ClientRequestToken: /, { ClientRequestToken: 'a b' }],
  ])('%s', (_, elements, problem, more, where) => {
    expect(check(elements, more, where)).toEqual([expect.stringMatching(problem)]);
  });
});

describe('references of calls', () => {
  const arn = (name: string, region = 'us-east-1') =>
    `arn:aws:kinesisvideo:${region}:111122223333:stream/${name}/1680731931114`;

  test('by both streams in any order, or by connector and transaction', () => {
    const call = chimeKvsStreams({ streams: [arn('a'), arn('b')] });
    expect(call).toMatchObject({
      kind: 'chime.kvs-streams',
      region: 'us-east-1',
      data: { streams: [arn('a'), arn('b')] },
    });
    expect(chimeKvsStreams({ streams: [arn('b'), arn('a')] }).key).toBe(call.key);
    expect(chimeKvsStreams({ streams: [arn('a'), arn('b')], voiceConnectorId: 'vc', transactionId: 'tx' }).key).toBe(
      'vc/tx',
    );
  });

  test.each([
    ['one stream', [arn('a')], /one stereo stream is not supported/],
    ['three', [arn('a'), arn('b'), arn('c')], /there are 3/],
    ['the same one twice', [arn('a'), arn('a')], /the same one/],
    ['something else', ['a', arn('b')], /no ARN of a stream/],
    ['two regions', [arn('a'), arn('b', 'us-west-2')], /different regions/],
  ])('%s is refused', (_, streams, message) => {
    expect(() => chimeKvsStreams({ streams: streams as never })).toThrow(message);
  });

  test('from the two STARTED events of a call, the account first', () => {
    const ids = { voiceConnectorId: 'vc', transactionId: 'tx', callId: 'c', direction: 'Inbound' };
    const caller = { ...ids, isCaller: 'True', streamArn: arn('caller') };
    const callee = { ...ids, isCaller: false, streamArn: arn('callee') };
    expect(chimeKvsStreamsOf([caller, callee]).data.streams).toEqual([arn('callee'), arn('caller')]);
    const outbound = [caller, callee].map((one) => ({ ...one, direction: 'Outbound' }));
    expect(chimeKvsStreamsOf(outbound).data.streams).toEqual([arn('caller'), arn('callee')]);
    expect(() => chimeKvsStreamsOf([caller])).toThrow('not the STARTED events');
    expect(() => chimeKvsStreamsOf([caller, { ...callee, transactionId: 'other' }])).toThrow('not the STARTED events');
  });
});

test.each([
  ['calls/vc1/tx1_2024-08-07-03-07-17-123.wav', { prefix: 'calls', container: 'wav', enhanced: false }],
  ['vc1/tx1_2024-08-07-03-07-17-123.ogg', { prefix: '', container: 'ogg', enhanced: false }],
  ['a/b/vc1/tx1_2024-08-07-03-07-17-123_enhanced.wav', { prefix: 'a/b', enhanced: true }],
])('the key %s is read from its end', (key, expected) => {
  const told = { voiceConnectorId: 'vc1', transactionId: 'tx1', startedAt: '2024-08-07T03:07:17.123Z' };
  expect(parseConnectorKey(key)).toMatchObject({ ...told, ...expected });
});

test.each([
  ['tx1_2024-08-07-03-07-17-123.wav'],
  ['vc1/tx1.wav'],
  ['vc1/tx1_2024-13-07-03-07-17-123.wav'],
  ['vc1/tx1_2024-08-07-03-07-17-123.mp3'],
  [''],
])('the key %j is none', (key) => {
  expect(parseConnectorKey(key)).toBeUndefined();
});
