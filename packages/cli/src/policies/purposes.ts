import {
  callerPolicy,
  captureBucketPolicy,
  concatenationDestinationBucketPolicy,
  concatenationSourceBucketPolicy,
  type InsightsElement,
  insightsRolePolicy,
  insightsTrustPolicy,
  meetingEventsKeyStatement,
  meetingEventsQueuePolicy,
  meetingEventsTopicPolicy,
  pipelineKeyStatement,
  type SipMediaApplicationId,
  serviceLinkedRoles,
  smaFunctionPolicy,
  smaKeyStatement,
  smaPromptBucketPolicy,
  smaRecordingBucketPolicy,
} from '@onrecord/adapter-chime/policies';
import { UsageError } from '../usage-error.ts';

/** Values of the command line, by the names that the policies have for them. What is missing or wrong they say. */
export type Flags = Readonly<Record<string, string | readonly string[] | boolean | undefined>>;

/** What a policy is for, and how it is made. */
export interface Purpose {
  readonly summary: string;
  /** Names in {@link flags} that it takes. */
  readonly takes: readonly string[];
  readonly make: (given: Flags) => object;
}

/** Every flag, with its placeholder and meaning. */
export const flags: {
  readonly [name: string]: { readonly flag: string; readonly meaning: string };
} = {
  accountId: { flag: '--account-id <id>', meaning: 'AWS account, 12 digits' },
  bucket: { flag: '--bucket <name>', meaning: 'name of the bucket' },
  buckets: { flag: '--buckets <name...>', meaning: 'names of the buckets' },
  prefix: { flag: '--prefix <prefix>', meaning: 'only keys under it' },
  applications: { flag: '--applications <region/id...>', meaning: 'only for these SIP media applications' },
  uses: {
    flag: '--uses <use...>',
    meaning: 'control, meeting, concatenation, live, streams, insights, landing',
  },
  regions: { flag: '--regions <region...>', meaning: 'control regions' },
  region: { flag: '--region <region>', meaning: 'of the configuration' },
  elements: {
    flag: '--elements <type=target...>',
    meaning: 'elements of the configuration, e.g. S3RecordingSink=bucket/prefix KinesisDataStreamSink=arn:…',
  },
  resourceAccessRoleArn: { flag: '--resource-access-role-arn <arn>', meaning: 'role of call analytics' },
  move: { flag: '--move', meaning: 'the worker deletes what it has archived' },
  functionArn: { flag: '--function-arn <arn>', meaning: 'the Lambda function' },
  queueArn: { flag: '--queue-arn <arn>', meaning: 'the SQS queue' },
  topicArn: { flag: '--topic-arn <arn>', meaning: 'the SNS topic' },
  partition: { flag: '--partition <name>', meaning: 'aws or aws-us-gov' },
};

const pipelineBucket = ['bucket', 'accountId', 'prefix', 'partition'];
const smaBucket = [...pipelineBucket, 'applications'];

/** By the name of the subcommand. */
export const purposes: { readonly [name: string]: Purpose } = {
  'sma-recording': {
    summary: 'bucket that SIP media applications record to',
    takes: smaBucket,
    make: (given) => smaRecordingBucketPolicy(checkedBelow(withApplications(given))),
  },
  'sma-prompts': {
    summary: 'bucket that SIP media applications play from',
    takes: smaBucket,
    make: (given) => smaPromptBucketPolicy(checkedBelow(withApplications(given))),
  },
  'sma-function': {
    summary: 'Lambda function of a SIP media application',
    takes: ['functionArn', 'applications'],
    make: (given) => smaFunctionPolicy(checkedBelow(withApplications(given))),
  },
  'sma-key': {
    summary: 'statement of the KMS key of such buckets',
    takes: ['accountId', 'applications', 'partition'],
    make: (given) => smaKeyStatement(checkedBelow(withApplications(given))),
  },
  capture: {
    summary: 'bucket that meetings are captured to',
    takes: pipelineBucket,
    make: (given) => captureBucketPolicy(checkedBelow(given)),
  },
  'concatenation-source': {
    summary: 'bucket that meetings are captured to and concatenated from',
    takes: pipelineBucket,
    make: (given) => concatenationSourceBucketPolicy(checkedBelow(given)),
  },
  'concatenation-destination': {
    summary: 'bucket that concatenated files are put in',
    takes: pipelineBucket,
    make: (given) => concatenationDestinationBucketPolicy(checkedBelow(given)),
  },
  'capture-key': {
    summary: 'statement of the KMS key of such buckets',
    takes: ['accountId', 'partition'],
    make: (given) => pipelineKeyStatement(checkedBelow(given)),
  },
  'insights-role': {
    summary: 'what the resource access role of call analytics may do',
    takes: ['accountId', 'region', 'elements', 'partition'],
    make: (given) => insightsRolePolicy(checkedBelow({ ...given, elements: elementsOf(given['elements']) })),
  },
  'insights-trust': {
    summary: 'who takes that role on',
    takes: ['accountId', 'partition'],
    make: (given) => insightsTrustPolicy(checkedBelow(given)),
  },
  'meeting-queue': {
    summary: 'SQS queue of meeting events',
    takes: ['queueArn'],
    make: (given) => meetingEventsQueuePolicy(checkedBelow(given)),
  },
  'meeting-topic': {
    summary: 'SNS topic of meeting events',
    takes: ['topicArn'],
    make: (given) => meetingEventsTopicPolicy(checkedBelow(given)),
  },
  'meeting-key': {
    summary: 'statement of the KMS key of such queues and topics',
    takes: ['accountId'],
    make: (given) => meetingEventsKeyStatement(checkedBelow(given)),
  },
  caller: {
    summary: 'role of a process that records',
    takes: ['uses', 'accountId', 'regions', 'buckets', 'prefix', 'resourceAccessRoleArn', 'move', 'partition'],
    make: (given) => callerPolicy(checkedBelow(given)),
  },
  'service-linked-roles': {
    summary: 'roles that AWS keeps, with the commands that create them',
    takes: [],
    make: () => serviceLinkedRoles,
  },
};

/**
 * Hands what was typed to a function that checks every member of it itself, and says what is missing: the types of its
 * options are proven there.
 */
function checkedBelow<T>(given: object): T {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as T;
}

function withApplications(given: Flags): object {
  const { applications, ...rest } = given;
  return Array.isArray(applications) ? { ...rest, applications: applications.map(applicationOf) } : rest;
}

/** @throws UsageError */
function applicationOf(text: string): SipMediaApplicationId {
  const [region = '', id = '', ...more] = text.split('/');
  if (region === '' || id === '' || more.length > 0) {
    throw new UsageError(
      `--applications takes region/id, e.g. us-east-1/feb37a7e-0000-4000-8000-000000000000, not ${text}.`,
    );
  }
  return { region, id };
}

const targets: { readonly [type: string]: string } = {
  AmazonTranscribeCallAnalyticsProcessor: 'postCallRoleArn',
  KinesisDataStreamSink: 'streamArn',
  LambdaFunctionSink: 'functionArn',
  SqsQueueSink: 'queueArn',
  SnsTopicSink: 'topicArn',
};

/** What is wrong with types and ARNs the policy says. */
function elementsOf(given: Flags[string]): readonly InsightsElement[] | undefined {
  if (!Array.isArray(given)) return undefined;
  return given.map((text: string) => {
    const split = text.indexOf('=');
    const type = split < 0 ? text : text.slice(0, split);
    if (split < 0) return checkedBelow<InsightsElement>({ type });
    const target = text.slice(split + 1);
    const name = targets[type];
    if (name !== undefined) return checkedBelow<InsightsElement>({ type, [name]: target });
    const [bucket, ...prefix] = target.split('/');
    return checkedBelow<InsightsElement>({ type, bucket, prefix: prefix.length > 0 ? prefix.join('/') : undefined });
  });
}
