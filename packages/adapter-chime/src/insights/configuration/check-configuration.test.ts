import { describe, expect, test } from 'vitest';
import { checkConfiguration, type InsightsConfiguration } from '../index.ts';

const place = { region: 'us-east-1', accountId: '111122223333' };

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

  const keyword = {
    Type: 'KeywordMatch',
    KeywordMatchConfiguration: { RuleName: 'angry', Keywords: ['thank you'] },
  } as const;
  const sentiment = {
    Type: 'Sentiment',
    SentimentConfiguration: { RuleName: 'sad', SentimentType: 'NEGATIVE', TimePeriod: 60 },
  } as const;
  const at = 'RealTimeAlertConfiguration';
  const alerts = (Rules: unknown, Disabled?: boolean) =>
    ({ [at]: { ...(Disabled === undefined ? {} : { Disabled }), Rules } }) as Partial<InsightsConfiguration>;

  test('alerts on what is said are well with the transcriber that can find it, and do not count when they are off', () => {
    expect(check([transcriber, sink], alerts([keyword]))).toEqual([]);
    expect(check([analytics, sink], alerts([keyword, sentiment]))).toEqual([]);
    expect(check([sink], alerts([], true))).toEqual([]);
  });

  test.each<[string, unknown, RegExp]>([
    ['no rule', [], /Rules: Must be 1 to 3/],
    ['four', [keyword, keyword, keyword, keyword], /Rules: Must be 1 to 3/],
    ['a type that is none', [{ Type: 'Silence' }], /Rules\[0\]\.Type: Must be KeywordMatch/],
    ['a sentiment, which this transcriber does not find', [sentiment], /Sentiment and IssueDetection need/],
    [
      'a flat rule, as a guide prints it',
      [{ Type: 'KeywordMatch', RuleName: 'one' }],
      /KeywordMatchConfiguration: Missing/,
    ],
    ['no name', [{ ...keyword, KeywordMatchConfiguration: { Keywords: ['a'] } }], /RuleName: Must have/],
    [
      'no keyword',
      [{ ...keyword, KeywordMatchConfiguration: { RuleName: 'one', Keywords: [] } }],
      /Keywords: Must be 1 to 10/,
    ],
    [
      'an odd keyword',
      [{ ...keyword, KeywordMatchConfiguration: { RuleName: 'one', Keywords: ['a!'] } }],
      /Keywords: Must be 1 to 10/,
    ],
  ])('alerts with %s', (_, rules, problem) => {
    expect(check([transcriber, sink], alerts(rules))).toEqual([expect.stringMatching(problem)]);
  });

  test('a sentiment of another kind, or over too short a time', () => {
    const odd = { ...sentiment, SentimentConfiguration: { RuleName: 'sad', SentimentType: 'HAPPY', TimePeriod: 59 } };
    expect(check([analytics, sink], alerts([odd]))).toEqual([
      expect.stringContaining('TimePeriod: Must be 60 to 1800'),
      expect.stringContaining('SentimentType: Must be NEGATIVE'),
    ]);
  });
});
