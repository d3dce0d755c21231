import { pipelineCondition } from './capture-buckets.ts';
import {
  accountId,
  arn,
  bucketName,
  type Checks,
  checkInput,
  inputProblems,
  keyPrefix,
  type Partition,
  partition,
  refuseInput,
  regionName,
} from './input.ts';
import { mergePolicies, type OneOrMore, type Policy, policyOf, principals, type Statement } from './policy.ts';

/** An element of a media insights pipeline configuration, with what its rights are bound to. */
export type InsightsElement =
  | {
      readonly type: 'AmazonTranscribeCallAnalyticsProcessor';
      /** `DataAccessRoleArn` of its post-call analytics, if they are on. */
      readonly postCallRoleArn?: string | undefined;
    }
  | { readonly type: 'AmazonTranscribeProcessor' | 'VoiceAnalyticsProcessor' }
  | { readonly type: 'KinesisDataStreamSink'; readonly streamArn: string }
  /** The enhanced copy lies beside the recording: the same bucket and prefix. */
  | {
      readonly type: 'S3RecordingSink' | 'VoiceEnhancementSink';
      readonly bucket: string;
      readonly prefix?: string | undefined;
    }
  | { readonly type: 'LambdaFunctionSink'; readonly functionArn: string }
  | { readonly type: 'SqsQueueSink'; readonly queueArn: string }
  | { readonly type: 'SnsTopicSink'; readonly topicArn: string };

export interface InsightsRoleOptions {
  /** Of role, streams, bucket and sinks: nothing may lie in another. */
  readonly accountId: string;
  readonly region: string;
  readonly elements: readonly InsightsElement[];
  /** Default `aws`. */
  readonly partition?: Partition | undefined;
}

/** What the rules of one element see of its options. */
interface Place {
  readonly accountId: string;
  readonly region: string;
  readonly partition: Partition;
}

const role = arn('iam', /role\/[\w+=,.@/-]{1,512}/, 'arn:aws:iam::111122223333:role/transcribe');
const elementChecks: {
  readonly [T in InsightsElement['type']]: Checks;
} = {
  AmazonTranscribeCallAnalyticsProcessor: { postCallRoleArn: { check: role } },
  AmazonTranscribeProcessor: {},
  VoiceAnalyticsProcessor: {},
  KinesisDataStreamSink: {
    streamArn: {
      required: true,
      check: arn('kinesis', /stream\/[\w.-]{1,128}/, 'arn:aws:kinesis:us-east-1:111122223333:stream/analytics'),
    },
  },
  S3RecordingSink: { bucket: { required: true, check: bucketName }, prefix: { check: keyPrefix } },
  VoiceEnhancementSink: { bucket: { required: true, check: bucketName }, prefix: { check: keyPrefix } },
  LambdaFunctionSink: {
    functionArn: {
      required: true,
      check: arn(
        'lambda',
        /function:[\w-]{1,64}(?::[\w$-]{1,128})?/,
        'arn:aws:lambda:us-east-1:111122223333:function:f',
      ),
    },
  },
  SqsQueueSink: {
    queueArn: {
      required: true,
      check: arn('sqs', /[\w-]{1,75}(?:\.fifo)?/, 'arn:aws:sqs:us-east-1:111122223333:analytics'),
    },
  },
  SnsTopicSink: {
    topicArn: {
      required: true,
      check: arn('sns', /[\w-]{1,251}(?:\.fifo)?/, 'arn:aws:sns:us-east-1:111122223333:analytics'),
    },
  },
};

/** Only streams and keys that carry this tag are touched, whatever their names. */
const tagged = { StringLike: { 'aws:ResourceTag/AWSServiceName': 'ChimeSDK' } } as const;

/**
 * What the resource access role of a call analytics configuration may do, for the elements that it has. The role must be
 * in the account that calls. Keys and foreign streams must carry the tag `AWSServiceName: ChimeSDK`.
 *
 * @throws OnRecordError `invalid-request` with every problem of the options.
 * @see {@link https://docs.aws.amazon.com/chime-sdk/latest/dg/call-analytics-resource-access-role.html}
 */
export function insightsRolePolicy(options: InsightsRoleOptions): Policy {
  const problems = inputProblems(options, {
    accountId: { required: true, check: accountId },
    region: { required: true, check: regionName },
    elements: { required: true, check: elementList },
    partition: { check: partition },
  });
  // Elements of an unknown type have been told of as such.
  const known = problems.some(({ path }) => path === 'elements') ? [] : options.elements;
  const inner = known.flatMap((element, index) =>
    inputProblems(element, { type: { check: () => undefined }, ...elementChecks[element.type] }, `elements[${index}]`),
  );
  refuseInput('policy of the resource access role', [...problems, ...inner]);
  const place: Place = { ...options, partition: options.partition ?? 'aws' };
  const bases = policyOf(...least(place));
  return mergePolicies(bases, ...options.elements.map((element) => policyOf(...statementsFor(element, place))));
}

/**
 * Lets the service take the resource access role on, for this account only.
 *
 * @throws OnRecordError `invalid-request` with every problem of the options.
 * @see {@link https://docs.aws.amazon.com/chime-sdk/latest/dg/call-analytics-resource-access-role.html}
 */
export function insightsTrustPolicy(options: {
  readonly accountId: string;
  readonly partition?: Partition | undefined;
}): Policy {
  checkInput('trust policy of the resource access role', options, {
    accountId: { required: true, check: accountId },
    partition: { check: partition },
  });
  return policyOf({
    Sid: 'OnRecordInsightsTrust',
    Effect: 'Allow',
    Principal: { Service: principals.mediaPipelines },
    Action: 'sts:AssumeRole',
    Condition: pipelineCondition(options.accountId, options.partition),
  });
}

function elementList(value: unknown): string | undefined {
  if (!Array.isArray(value) || value.length === 0) return 'Must be a list of at least one element.';
  const types = Object.keys(elementChecks);
  const wrong = value.findIndex(
    (element: { readonly type?: unknown } | null) => !types.includes(String(element?.type)),
  );
  return wrong < 0 ? undefined : `[${wrong}].type: Must be one of ${types.join(', ')}.`;
}

/** What the guide says that the role needs at least. */
function least(place: Place): readonly Statement[] {
  return [
    allow(
      'OnRecordTranscribe',
      ['transcribe:StartCallAnalyticsStreamTranscription', 'transcribe:StartStreamTranscription'],
      '*',
    ),
    allow('OnRecordMedia', ['kinesisvideo:GetDataEndpoint', 'kinesisvideo:GetMedia'], streams(place, 'Chime*')),
    allow('OnRecordMedia', ['kinesisvideo:GetDataEndpoint', 'kinesisvideo:GetMedia'], streams(place, '*'), tagged),
    allow('OnRecordDecrypt', ['kms:Decrypt'], keys(place), tagged),
  ];
}

function statementsFor(element: InsightsElement, place: Place): readonly Statement[] {
  switch (element.type) {
    case 'AmazonTranscribeProcessor':
    case 'VoiceAnalyticsProcessor':
      return [];
    case 'AmazonTranscribeCallAnalyticsProcessor': {
      if (element.postCallRoleArn === undefined) return [];
      const passed = { StringEquals: { 'iam:PassedToService': 'transcribe.streaming.amazonaws.com' } };
      return [allow('OnRecordPostCall', ['iam:PassRole'], element.postCallRoleArn, passed)];
    }
    case 'KinesisDataStreamSink':
      return [
        allow('OnRecordRecords', ['kinesis:PutRecord'], element.streamArn),
        allow('OnRecordEncrypt', ['kms:GenerateDataKey'], keys(place), tagged),
      ];
    case 'S3RecordingSink':
    case 'VoiceEnhancementSink': {
      const reads = element.type === 'VoiceEnhancementSink' ? ['s3:GetObject'] : [];
      const { bucket, prefix } = element;
      const objects = `arn:${place.partition}:s3:::${bucket}/${prefix === undefined ? '' : `${prefix}/`}*`;
      const fragments = ['kinesisvideo:ListFragments', 'kinesisvideo:GetMediaForFragmentList'];
      return [
        allow(
          reads.length === 0 ? 'OnRecordRecording' : 'OnRecordEnhancement',
          [...reads, 's3:PutObject', 's3:PutObjectAcl', 's3:PutObjectTagging'],
          objects,
        ),
        allow('OnRecordFragments', ['kinesisvideo:GetDataEndpoint', ...fragments], streams(place, '*'), tagged),
        allow('OnRecordFragments', fragments, streams(place, 'Chime*')),
        allow('OnRecordEncrypt', ['kms:GenerateDataKey'], keys(place), tagged),
      ];
    }
    case 'LambdaFunctionSink':
      return [allow('OnRecordFunction', ['lambda:InvokeFunction', 'lambda:GetPolicy'], element.functionArn)];
    case 'SqsQueueSink':
      return [
        allow('OnRecordQueue', ['sqs:SendMessage', 'sqs:GetQueueAttributes'], element.queueArn),
        allow('OnRecordNotify', ['kms:GenerateDataKey', 'kms:Decrypt'], keys(place), tagged),
      ];
    case 'SnsTopicSink':
      return [
        allow('OnRecordTopic', ['sns:Publish', 'sns:GetTopicAttributes'], element.topicArn),
        allow('OnRecordNotify', ['kms:GenerateDataKey', 'kms:Decrypt'], keys(place), tagged),
      ];
  }
}

function allow(
  Sid: string,
  Action: readonly string[],
  Resource: OneOrMore,
  Condition?: Statement['Condition'],
): Statement {
  return { Sid, Effect: 'Allow', Action, Resource, ...(Condition === undefined ? {} : { Condition }) };
}

function streams({ partition: inPartition, region, accountId: account }: Place, name: string): string {
  return `arn:${inPartition}:kinesisvideo:${region}:${account}:stream/${name}`;
}

function keys({ partition: inPartition, region, accountId: account }: Place): string {
  return `arn:${inPartition}:kms:${region}:${account}:key/*`;
}
