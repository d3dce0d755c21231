import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OnRecordError } from '@onrecord/core';
import { describe, expect, test } from 'vitest';
import { referenceFiles, withoutReference } from '../testing/reference.ts';
import {
  bucketEventsQueuePolicy,
  bucketEventsTopicPolicy,
  type CallerUse,
  callerPolicy,
  captureBucketPolicy,
  insightsRolePolicy,
  meetingEventsQueuePolicy,
  mergePolicies,
  pipelineKeyStatement,
  smaFunctionPolicy,
  smaKeyStatement,
  smaPromptBucketPolicy,
  smaRecordingBucketPolicy,
} from './index.ts';

const accountId = '111122223333';
const bucket = 'recordings';
const actionsOf = (uses: readonly CallerUse[], more: object = {}) =>
  callerPolicy({ uses, accountId, buckets: [bucket], ...more }).Statement.flatMap(({ Action }) => Action);

/** Every problem that a call is refused with. */
function problems(work: () => unknown): readonly string[] {
  try {
    work();
  } catch (error) {
    if (OnRecordError.is(error, 'invalid-request')) return error.message.split('\n- ').slice(1);
    throw error;
  }
  return [];
}

describe('a bucket of SIP media applications', () => {
  test('admits several applications, in two regions when a SIP rule fails over', () => {
    const applications = [
      { region: 'us-east-1', id: 'sma-1' },
      { region: 'us-west-2', id: 'sma-2' },
    ];
    expect(smaRecordingBucketPolicy({ bucket, accountId, applications }).Statement[0]?.Condition).toEqual({
      StringEquals: {
        'aws:SourceAccount': accountId,
        'aws:SourceArn': [
          'arn:aws:chime:us-east-1:111122223333:sma/sma-1',
          'arn:aws:chime:us-west-2:111122223333:sma/sma-2',
        ],
      },
    });
  });

  test('is opened no further than a prefix, where one is given', () => {
    const [statement] = smaRecordingBucketPolicy({ bucket, accountId, prefix: 'calls/eu' }).Statement;
    expect(statement?.Resource).toBe('arn:aws:s3:::recordings/calls/eu/*');
  });

  test('that holds recordings and prompts has one policy with both statements', () => {
    const merged = mergePolicies(
      smaRecordingBucketPolicy({ bucket, accountId }),
      smaPromptBucketPolicy({ bucket, accountId }),
      smaRecordingBucketPolicy({ bucket, accountId }),
      smaRecordingBucketPolicy({ bucket, accountId, prefix: 'other' }),
    );
    expect(merged.Statement.map(({ Sid }) => Sid)).toEqual([
      'OnRecordSmaRecording',
      'OnRecordSmaPrompts',
      'OnRecordSmaRecording2',
    ]);
  });

  test('with a key of its own lets the service use that key', () => {
    expect(smaKeyStatement({ accountId })).toMatchObject({
      Principal: { Service: 'voiceconnector.chime.amazonaws.com' },
      Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
      Condition: { StringEquals: { 'aws:SourceAccount': accountId } },
    });
  });
});

test('the function may be invoked by the voice service for its own account, or for named applications only', () => {
  const functionArn = 'arn:aws:lambda:us-east-1:111122223333:function:sma:live';
  const [open] = smaFunctionPolicy({ functionArn }).Statement;
  expect(open).toMatchObject({
    Principal: { Service: 'voiceconnector.chime.amazonaws.com' },
    Action: 'lambda:InvokeFunction',
    Resource: functionArn,
    Condition: { StringEquals: { 'aws:SourceAccount': accountId } },
  });
  const applications = [{ region: 'us-east-1', id: 'sma-1' }];
  const [bound] = smaFunctionPolicy({ functionArn, applications }).Statement;
  expect(bound?.Condition?.['StringEquals']?.['aws:SourceArn']).toBe('arn:aws:chime:us-east-1:111122223333:sma/sma-1');
});

describe('the resource access role', () => {
  const place = { accountId, region: 'us-east-1' };

  test('gets what its elements need, each statement once', () => {
    const { Statement } = insightsRolePolicy({
      ...place,
      elements: [
        { type: 'AmazonTranscribeProcessor' },
        { type: 'KinesisDataStreamSink', streamArn: 'arn:aws:kinesis:us-east-1:111122223333:stream/out' },
        { type: 'S3RecordingSink', bucket },
        { type: 'VoiceEnhancementSink', bucket },
      ],
    });
    const texts = Statement.map((statement) => JSON.stringify({ ...statement, Sid: '' }));
    expect(new Set(texts).size).toBe(texts.length);
    expect(new Set(Statement.map(({ Sid }) => Sid)).size).toBe(Statement.length);
    expect(texts.filter((text) => text.includes('kms:GenerateDataKey'))).toHaveLength(1);
  });

  test('of a configuration without recording may write to no bucket', () => {
    const policy = insightsRolePolicy({ ...place, elements: [{ type: 'VoiceAnalyticsProcessor' }] });
    expect(JSON.stringify(policy)).not.toContain('s3:');
  });

  test('is refused for elements that cannot be, with every problem', () => {
    const elements = [
      { type: 'S3RecordingSink', bucket: 's3://x' },
      { type: 'KinesisDataStreamSink' },
      { type: 'SqsQueueSink', queueArn: 'arn:aws:sns:us-east-1:111122223333:t', quueArn: 'x' },
    ] as never;
    expect(problems(() => insightsRolePolicy({ accountId: '1', region: 'us-east-1', elements }))).toEqual([
      'accountId: Must be the 12 digits of an AWS account.',
      expect.stringMatching(/^elements\[0\]\.bucket: Must be the plain name of a bucket/),
      'elements[1].streamArn: Missing.',
      'elements[2].quueArn: There is no such option; did you mean queueArn?',
      expect.stringMatching(/^elements\[2\]\.queueArn: Must be an ARN like arn:aws:sqs/),
    ]);
    expect(problems(() => insightsRolePolicy({ ...place, elements: [{ type: 'S3' }] as never }))).toEqual([
      expect.stringMatching(/^elements: \[0\]\.type: Must be one of .*S3RecordingSink/),
    ]);
  });
});

describe('the policy of a caller', () => {
  test('of chimeSma is one action', () => {
    expect(actionsOf(['control'])).toEqual(['chime:UpdateSipMediaApplicationCall']);
  });

  test('of chimeMeeting may see the policy of its bucket and of no other', () => {
    const { Statement } = callerPolicy({ uses: ['meeting'], accountId, buckets: [bucket], regions: ['us-east-1'] });
    expect(Statement.find(({ Action }) => Action.includes('s3:GetBucketPolicy'))?.Resource).toEqual([
      'arn:aws:s3:::recordings',
    ]);
    expect(Statement[0]?.Condition).toEqual({ StringEquals: { 'aws:RequestedRegion': ['us-east-1'] } });
    expect(actionsOf(['meeting'])).toEqual(
      expect.arrayContaining(['chime:CreateMediaCapturePipeline', 'chime:GetMeeting', 'chime:TagResource']),
    );
  });

  test('of stream pipelines touches the streams of its account that pools have named', () => {
    const { Statement } = callerPolicy({ uses: ['streams'], accountId, regions: ['us-east-1'] });
    const touching = Statement.find(({ Action }) => Action.includes('kinesisvideo:DeleteStream'));
    expect(touching?.Resource).toEqual(['arn:aws:kinesisvideo:us-east-1:111122223333:stream/ChimeMediaPipelines-*']);
  });

  test('of call analytics passes its role to the pipelines and to nobody else', () => {
    const resourceAccessRoleArn = 'arn:aws:iam::111122223333:role/insights';
    const { Statement } = callerPolicy({ uses: ['insights'], accountId, resourceAccessRoleArn });
    expect(Statement.find(({ Action }) => Action.includes('iam:PassRole'))).toMatchObject({
      Resource: resourceAccessRoleArn,
      Condition: { StringEquals: { 'iam:PassedToService': 'mediapipelines.chime.amazonaws.com' } },
    });
  });

  test('of the worker deletes landed files only where it moves them', () => {
    expect(actionsOf(['landing'])).toEqual(['s3:ListBucket', 's3:GetObject']);
    expect(actionsOf(['landing'], { move: true })).toContain('s3:DeleteObject');
  });

  test('covers every operation of the Chime SDK that this package sends', () => {
    const uses: CallerUse[] = ['control', 'meeting', 'concatenation', 'live', 'streams', 'insights'];
    const allowed = new Set(actionsOf(uses));
    const missing = sentOperations().filter((operation) => !allowed.has(`chime:${operation}`));
    expect(missing).toEqual([]);
  });

  test.skipIf(withoutReference)('names operations that there are', () => {
    const known = referenceFiles('.').flatMap(([, model]) =>
      Object.keys((model as { readonly shapes: object }).shapes).map((shape) => `chime:${shape.split('#')[1]}`),
    );
    const uses: CallerUse[] = ['control', 'meeting', 'concatenation', 'live', 'streams', 'insights'];
    const named = actionsOf(uses).filter((action) => action.startsWith('chime:'));
    expect(named.filter((action) => !known.includes(action))).toEqual([]);
  });

  test('is refused without the bucket that it is for, and for a use that there is not', () => {
    expect(problems(() => callerPolicy({ uses: ['meeting'], accountId }))).toEqual(['buckets: Missing.']);
    expect(problems(() => callerPolicy({ uses: ['meetings'] as never, accountId }))).toEqual([
      expect.stringMatching(/^uses: \[0\]: Must be one of control, meeting/),
    ]);
    expect(problems(() => callerPolicy({ accountId } as never))).toEqual(['uses: Missing.']);
  });
});

test('a queue and a topic take messages of these buckets of this account, and of no other', () => {
  const queueArn = 'arn:aws:sqs:us-east-1:111122223333:recordings';
  const topicArn = 'arn:aws:sns:us-east-1:111122223333:recordings';
  const source = { buckets: [bucket], accountId };
  const Condition = {
    ArnLike: { 'aws:SourceArn': ['arn:aws:s3:::recordings'] },
    StringEquals: { 'aws:SourceAccount': accountId },
  };
  const Principal = { Service: 's3.amazonaws.com' };
  expect(bucketEventsQueuePolicy({ ...source, queueArn }).Statement).toMatchObject([
    { Principal, Action: 'sqs:SendMessage', Resource: queueArn, Condition },
  ]);
  expect(bucketEventsTopicPolicy({ ...source, topicArn }).Statement).toMatchObject([
    { Principal, Action: 'sns:Publish', Resource: topicArn, Condition },
  ]);
  const wrong = { buckets: [], accountId: '*', queueArn: `${queueArn}.fifo` };
  expect(problems(() => bucketEventsQueuePolicy(wrong))).toEqual([
    'buckets: Must be a list of 1 to 100.',
    expect.stringContaining('accountId: '),
    expect.stringContaining('queueArn: '),
  ]);
});

test('a policy is written for the partition of its resources', () => {
  const [queue] = meetingEventsQueuePolicy({ queueArn: 'arn:aws-us-gov:sqs:us-gov-west-1:111122223333:q' }).Statement;
  expect(queue?.Condition?.['ArnLike']).toEqual({ 'aws:SourceArn': 'arn:aws-us-gov:chime::111122223333:*' });
  const partition = 'aws-us-gov';
  expect(captureBucketPolicy({ bucket, accountId, partition }).Statement[0]).toMatchObject({
    Resource: 'arn:aws-us-gov:s3:::recordings/*',
    Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws-us-gov:chime:*:111122223333:*' } },
  });
  expect(JSON.stringify(pipelineKeyStatement({ accountId, partition }))).toContain('arn:aws-us-gov:chime');
  expect(problems(() => captureBucketPolicy({ bucket, accountId, partition: 'aws-cn' as never }))).toEqual([
    'partition: Must be aws or aws-us-gov.',
  ]);
});

describe('input that would open more than is meant is refused', () => {
  const buckets = ['*', 'a', 'recordings/*', 'arn:aws:s3:::recordings', 's3://recordings', 'UPPER', 'a..b', '10.0.0.1'];
  test.each([...buckets, 'xn--b', 'b-s3alias', 'b--x-s3', '', 7, undefined])('bucket %j', (name) => {
    expect(problems(() => captureBucketPolicy({ bucket: name as never, accountId }))).toHaveLength(1);
  });

  test.each(['*', 'a/*', '/a', 'a/', 'a//b', '../a', 'a/..', '${aws:userid}', 'a"b', 'a?', ''])(
    'prefix %j',
    (prefix) => {
      expect(problems(() => smaRecordingBucketPolicy({ bucket, accountId, prefix }))).toHaveLength(1);
    },
  );

  test.each(['*', '1111222233334', '11112222333', ' 111122223333', 'arn'])('account %j', (account) => {
    expect(problems(() => captureBucketPolicy({ bucket, accountId: account }))).toHaveLength(1);
  });

  test.each([[{ region: '*', id: 'a' }], [{ region: 'us-east-1', id: '*' }], ['sma-1'], []])(
    'applications %j',
    (...given) => {
      const applications = given as never;
      expect(problems(() => smaRecordingBucketPolicy({ bucket, accountId, applications }))).toHaveLength(1);
    },
  );

  test.each(['*', 'arn:aws:lambda:*:111122223333:function:f', 'arn:aws:lambda:us-east-1:111122223333:function:*'])(
    'function %j',
    (functionArn) => {
      expect(problems(() => smaFunctionPolicy({ functionArn }))).toHaveLength(1);
    },
  );

  test('with all its problems at once, and the names of what is misspelt', () => {
    const wrong = { bucket: 'B', accountId: '1', prefx: 'a' } as never;
    expect(problems(() => smaRecordingBucketPolicy(wrong))).toEqual([
      'prefx: There is no such option; did you mean prefix?',
      expect.stringContaining('bucket: '),
      expect.stringContaining('accountId: '),
    ]);
  });
});

/** Operations of the clients of the Chime SDK that the sources of this package import commands for. */
function sentOperations(): readonly string[] {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !/\.test(-d)?\.ts$|testing\//.test(name),
  );
  return sources.flatMap((name) => {
    const imports = readFileSync(join(root, name), 'utf8').matchAll(
      /import \{([^}]*)\} from '@aws-sdk\/client-chime[^']*'/g,
    );
    return [...imports].flatMap(([, names = '']) =>
      [...names.matchAll(/\b(\w+)Command\b/g)].map(([, own = '']) => own),
    );
  });
}
