import { describe, expect, test } from 'vitest';
import {
  captureBucketPolicy,
  concatenationDestinationBucketPolicy,
  concatenationSourceBucketPolicy,
  type InsightsElement,
  insightsRolePolicy,
  insightsTrustPolicy,
  meetingEventsKeyStatement,
  meetingEventsQueuePolicy,
  meetingEventsTopicPolicy,
  type Policy,
  pipelineKeyStatement,
  type Statement,
  serviceLinkedRoles,
  smaFunctionPolicy,
  smaPromptBucketPolicy,
  smaRecordingBucketPolicy,
} from './index.ts';
import { type GuideStatement, guidePolicies, guideSays, namesBetween, withoutGuide } from './testing/guide.ts';

const accountId = '111122223333';
const bucket = 'recordings';
const printed = guidePolicies({
  'bucket-name': bucket,
  Bucket_Name: bucket,
  '[Bucket-Name]': bucket,
  'aws-account-id': accountId,
  Account_Id: accountId,
  '[Account-Id]': accountId,
  'chime:region:': 'chime:us-east-1:',
  'sip-media-application-id': 'sma-1',
  'arn:partition:': 'arn:aws:',
}).flatMap((policy) => policy.Statement);

const list = (value: string | readonly string[] = []) => (typeof value === 'string' ? [value] : [...value]).sort();
/** What a statement means: without its name, and a single value like a list of one. Actions are the same in any case. */
const meaning = ({ Principal, Action, Resource, Condition }: GuideStatement | Statement) => ({
  service: list(Principal?.Service),
  actions: list(Action).map((action) => action.toLowerCase()),
  resources: list(Resource),
  condition: Condition ?? {},
});
const ours = (policy: Policy) => policy.Statement.map(meaning);
const guide = printed.map(meaning);

describe.skipIf(withoutGuide)('as the guide prints it', () => {
  const applications = [{ region: 'us-east-1', id: 'sma-1' }];
  const policies: Record<string, Policy> = {
    'the recording bucket, for all applications': smaRecordingBucketPolicy({ bucket, accountId }),
    'the recording bucket, for one application': smaRecordingBucketPolicy({ bucket, accountId, applications }),
    'the prompt bucket, for all applications': smaPromptBucketPolicy({ bucket, accountId }),
    'the prompt bucket, for one application': smaPromptBucketPolicy({ bucket, accountId, applications }),
    'the capture bucket': captureBucketPolicy({ bucket, accountId }),
    'the bucket that is concatenated': concatenationSourceBucketPolicy({ bucket, accountId }),
    'the bucket for concatenated files': concatenationDestinationBucketPolicy({ bucket, accountId }),
  };
  test.each(Object.keys(policies))('%s', (name) => {
    for (const statement of ours(policies[name]!)) expect(guide).toContainEqual(statement);
  });

  test('the queue and the topic of meeting events', () => {
    const queueArn = 'arn:aws:sqs:eu-central-1:111122223333:queueName';
    const topicArn = 'arn:aws:sns:eu-central-1:111122223333:topicName';
    const names = (from: RegExp, to: RegExp) => namesBetween(from, to, /(?:sqs|SNS|aws):[A-Za-z]+|arn:[^"]+/);
    const [queue, topic] = [meetingEventsQueuePolicy({ queueArn }), meetingEventsTopicPolicy({ topicArn })];
    const stringsOf = (policy: Policy) =>
      [...JSON.stringify(policy).matchAll(/"((?:sqs|sns|aws):[A-Za-z]+|arn:[^"]+)"/g)].map(([, name = '']) =>
        name.replace('arn:aws:chime', 'arn:partition:chime').toLowerCase(),
      );
    const lower = (found: readonly string[]) => found.map((name) => name.toLowerCase()).sort();
    expect(stringsOf(queue).sort()).toEqual(lower(names(/"Id": "example-ID"/, /SNS:Publish|此示例显示了一项/)));
    expect(stringsOf(topic).sort()).toEqual(lower(names(/此示例显示了一项 Amazon SNS/, /服务器端加密 \(SSE\)/)));
  });

  test('the key of an encrypted queue, bound to the account besides', () => {
    const { condition, ...rest } = meaning(meetingEventsKeyStatement({ accountId }));
    expect(guide).toContainEqual({ ...rest, condition: {} });
    expect(condition).toEqual({ StringEquals: { 'aws:SourceAccount': accountId } });
  });

  test('the key of the bucket, for capture and for concatenation', () => {
    const names = namesBetween(/"MediaPipelineSSEKMS"/, /kms:Decrypt/, /(?:kms|aws):[A-Za-z]+|arn:[^"]+/);
    const statement = JSON.stringify(pipelineKeyStatement({ accountId: '222233334444', concatenation: false }));
    const own = [...statement.matchAll(/"((?:kms|aws):[A-Za-z]+|arn:[^"]+)"/g)].map(([, name = '']) =>
      name.replaceAll('222233334444', 'Account_Id'),
    );
    expect(own.sort()).toEqual(names);
    expect(pipelineKeyStatement({ accountId }).Action).toEqual(['kms:GenerateDataKey', 'kms:Decrypt']);
  });

  test('the trust in the resource access role', () => {
    const names = namesBetween(/您还必须使用以下信任策略/, /KinesisDataStreamSink 政策/, /[a-z]+:[A-Za-z]+|arn:[^"]+/);
    const own = JSON.stringify(insightsTrustPolicy({ accountId }));
    const strings = [...own.matchAll(/"([a-z]+:[A-Za-z]+|arn:[^"]+)"/g)].map(([, name = '']) => name);
    // Keys of conditions are the same in any case: the guide writes SourceARN here.
    expect(strings.map((name) => name.toLowerCase()).sort()).toEqual(names.map((name) => name.toLowerCase()).sort());
  });

  const stream = 'arn:aws:kinesis:us-east-1:111122223333:stream/output_stream_name';
  const sections: readonly (readonly [string, RegExp, RegExp, InsightsElement])[] = [
    ['AmazonTranscribeProcessor', /所需的最小策略/, /您还必须使用以下信任策略/, { type: 'AmazonTranscribeProcessor' }],
    [
      'KinesisDataStreamSink',
      /KinesisDataStreamSink 政策/,
      /S3 RecordingSink 策略/,
      { type: 'KinesisDataStreamSink', streamArn: stream },
    ],
    ['S3RecordingSink', /S3 RecordingSink 策略/, /通话后分析策略/, { type: 'S3RecordingSink', bucket }],
    [
      'AmazonTranscribeCallAnalyticsProcessor',
      /\n通话后分析策略/,
      /VoiceEnhancementSinkConfiguration 政策/,
      {
        type: 'AmazonTranscribeCallAnalyticsProcessor',
        postCallRoleArn: 'arn:aws:iam::111122223333:role/transcribe_role_name',
      },
    ],
    [
      'VoiceEnhancementSink',
      /VoiceEnhancementSinkConfiguration 政策/,
      /VoiceAnalyticsProcessor 策略/,
      { type: 'VoiceEnhancementSink', bucket },
    ],
    [
      'LambdaFunctionSink',
      /LambdaFunctionSink 策略：/,
      /SqsQueueSink 策略/,
      { type: 'LambdaFunctionSink', functionArn: 'arn:aws:lambda:us-east-1:111122223333:function:function_name' },
    ],
    [
      'SqsQueueSink',
      /\nSqsQueueSink 策略/,
      /SnsTopicSink 策略/,
      { type: 'SqsQueueSink', queueArn: 'arn:aws:sqs:us-east-1:111122223333:queue_name' },
    ],
    [
      'SnsTopicSink',
      /\nSnsTopicSink 策略/,
      /了解通话分析状态/,
      { type: 'SnsTopicSink', topicArn: 'arn:aws:sns:us-east-1:111122223333:topic_name' },
    ],
  ];
  test.each(sections)('what the resource access role may do for %s', (_, from, to, element) => {
    const name = /[a-z0-9]+:[A-Za-z]+|aws:ResourceTag\/[A-Za-z]+|arn:[^"]+/;
    const strings = (policy: unknown) =>
      [...JSON.stringify(policy).matchAll(new RegExp(`"(${name.source})"`, 'g'))].map(([, found = '']) =>
        found.replace(`:::${bucket}/`, ':::input_bucket_path/'),
      );
    const least = insightsRolePolicy({
      accountId,
      region: 'us-east-1',
      elements: [{ type: 'VoiceAnalyticsProcessor' }],
    });
    const policy = insightsRolePolicy({ accountId, region: 'us-east-1', elements: [element] });
    const added =
      policy.Statement.length === least.Statement.length
        ? policy.Statement
        : policy.Statement.slice(least.Statement.length);
    expect([...new Set(strings(added))].sort()).toEqual(namesBetween(from, to, name));
  });

  test('the function', () => {
    const [statement] = smaFunctionPolicy({
      functionArn: 'arn:aws:lambda:us-east-1:111122223333:function:f',
    }).Statement;
    const { service, actions } = meaning(statement!);
    expect(guideSays(`Lambda 策略是否授予 ${service[0]} 服务主体 \`${statement?.Action}\` 权限`)).toBe(true);
    expect(actions).toHaveLength(1);
  });

  test('the service-linked roles', () => {
    const { mediaPipelines, voiceConnector } = serviceLinkedRoles;
    for (const { name } of [mediaPipelines, voiceConnector]) expect(guideSays(name)).toBe(true);
    expect(guideSays(mediaPipelines.command)).toBe(true);
    expect(voiceConnector.command).toBe(mediaPipelines.command.replace('mediapipelines', 'voiceconnector'));
  });
});
