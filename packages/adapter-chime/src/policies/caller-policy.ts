import {
  accountId,
  arn,
  bucketName,
  checkInput,
  keyPrefix,
  listOf,
  type Partition,
  partition,
  regionName,
} from './input.ts';
import { type Policy, policyOf, principals, type Statement } from './policy.ts';

/** What a process does: each needs rights of its own. */
export type CallerUse = 'control' | 'meeting' | 'concatenation' | 'live' | 'streams' | 'insights' | 'landing';

export interface CallerPolicyOptions {
  /** `control` is `chimeSma`, `meeting` is `chimeMeeting` with its concatenation; the others come in addition. */
  readonly uses: readonly CallerUse[];
  readonly accountId: string;
  /** Control regions; default: all of them. */
  readonly regions?: readonly string[] | undefined;
  /** Of `meeting`, `concatenation` and `landing`, which need at least one. */
  readonly buckets?: readonly string[] | undefined;
  /** Of `landing`: only files under this key prefix. Default: the whole buckets. */
  readonly prefix?: string | undefined;
  /** Of `insights`: the role that configurations are created with. */
  readonly resourceAccessRoleArn?: string | undefined;
  /** Of `landing`: whether the worker releases what it has moved (`archive.mode: 'move'`). Default false. */
  readonly move?: boolean | undefined;
  /** Default `aws`. */
  readonly partition?: Partition | undefined;
}

const pipelines = ['chime:GetMediaPipeline', 'chime:ListMediaPipelines', 'chime:DeleteMediaPipeline'] as const;

/**
 * Actions of the Chime SDK. Pipelines are made known by ids that their creation answers, so none of these can be bound to
 * a resource beforehand.
 */
const actions: { readonly [use in CallerUse]: readonly string[] } = {
  control: ['chime:UpdateSipMediaApplicationCall'],
  meeting: [
    'chime:CreateMediaCapturePipeline',
    'chime:GetMediaCapturePipeline',
    'chime:ListMediaCapturePipelines',
    'chime:DeleteMediaCapturePipeline',
    'chime:CreateMediaConcatenationPipeline',
    ...pipelines,
    'chime:GetMeeting',
    'chime:TagResource',
    'chime:UntagResource',
    'chime:ListTagsForResource',
  ],
  concatenation: ['chime:CreateMediaConcatenationPipeline', ...pipelines, 'chime:TagResource'],
  live: [
    'chime:CreateMediaLiveConnectorPipeline',
    ...pipelines,
    'chime:GetMeeting',
    'chime:TagResource',
    'chime:ListTagsForResource',
  ],
  streams: [
    'chime:CreateMediaStreamPipeline',
    ...pipelines,
    'chime:CreateMediaPipelineKinesisVideoStreamPool',
    'chime:GetMediaPipelineKinesisVideoStreamPool',
    'chime:ListMediaPipelineKinesisVideoStreamPools',
    'chime:UpdateMediaPipelineKinesisVideoStreamPool',
    'chime:DeleteMediaPipelineKinesisVideoStreamPool',
    'chime:GetMeeting',
    'chime:TagResource',
    'chime:ListTagsForResource',
  ],
  insights: [
    'chime:CreateMediaInsightsPipelineConfiguration',
    'chime:GetMediaInsightsPipelineConfiguration',
    'chime:ListMediaInsightsPipelineConfigurations',
    'chime:UpdateMediaInsightsPipelineConfiguration',
    'chime:DeleteMediaInsightsPipelineConfiguration',
    'chime:CreateMediaInsightsPipeline',
    'chime:UpdateMediaInsightsPipelineStatus',
    ...pipelines,
    'chime:GetVoiceConnectorStreamingConfiguration',
    'chime:PutVoiceConnectorStreamingConfiguration',
    'chime:DeleteVoiceConnectorStreamingConfiguration',
    'chime:TagResource',
  ],
  /** The worker's way to files that landed. */
  landing: [],
};

const useNames = Object.keys(actions);

/**
 * What the role of a process needs to record: its policy, without the rights of the worker on its archive.
 *
 * @throws OnRecordError `invalid-request` with every problem of the options.
 * @see {@link https://docs.aws.amazon.com/chime-sdk/latest/dg/media-pipelines.html}
 * @example
 * ```ts
 * const policy = callerPolicy({ uses: ['meeting', 'landing'], accountId: '111122223333', buckets: ['recordings'] });
 * ```
 */
export function callerPolicy(options: CallerPolicyOptions): Policy {
  const { uses = [], buckets = [] } = options;
  const needsBucket = Array.isArray(uses) && uses.some((use) => bucketUses.includes(use));
  checkInput(
    'policy of the caller',
    { ...options, ...(needsBucket ? { buckets: options.buckets } : {}) },
    {
      uses: {
        required: true,
        check: listOf((use) => (useNames.includes(String(use)) ? undefined : `Must be one of ${useNames.join(', ')}.`)),
      },
      accountId: { required: true, check: accountId },
      regions: { check: listOf(regionName) },
      buckets: { ...(needsBucket ? { required: true as const } : {}), check: listOf(bucketName) },
      prefix: { check: keyPrefix },
      resourceAccessRoleArn: {
        check: arn('iam', /role\/[\w+=,.@/-]{1,512}/, 'arn:aws:iam::111122223333:role/insights'),
      },
      move: { check: (value) => (typeof value === 'boolean' ? undefined : 'Must be true or false.') },
      partition: { check: partition },
    },
  );
  const inPartition = options.partition ?? 'aws';
  const bucketArns = buckets.map((bucket) => `arn:${inPartition}:s3:::${bucket}`);
  const statements: Statement[] = [];
  const chime = [...new Set(uses.flatMap((use) => actions[use]))];
  if (chime.length > 0) statements.push(inRegions(allow('OnRecordChime', chime, '*'), options.regions));
  // Each pipeline's creation is refused to a caller who may not see what the bucket admits.
  if (uses.some((use) => use === 'meeting' || use === 'concatenation')) {
    statements.push(allow('OnRecordBucketPolicy', ['s3:GetBucketPolicy'], bucketArns));
  }
  if (uses.includes('streams')) statements.push(...videoStreams(options, inPartition));
  if (uses.includes('insights') && options.resourceAccessRoleArn !== undefined) {
    const passed = { StringEquals: { 'iam:PassedToService': principals.mediaPipelines } };
    const pass = allow('OnRecordInsightsRole', ['iam:PassRole'], options.resourceAccessRoleArn);
    statements.push({ ...pass, Condition: passed });
  }
  if (uses.includes('landing')) statements.push(...landing(options, bucketArns));
  return policyOf(...statements);
}

const bucketUses: readonly string[] = ['meeting', 'concatenation', 'landing'] satisfies readonly CallerUse[];

/** Streams of a pool: found, read, and deleted after their pool. Nobody else's: pools name theirs like this. */
function videoStreams({ accountId: account, regions = ['*'] }: CallerPolicyOptions, inPartition: Partition) {
  const arns = (name: string) =>
    regions.map((region) => `arn:${inPartition}:kinesisvideo:${region}:${account}:stream/${name}`);
  return [
    allow('OnRecordListStreams', ['kinesisvideo:ListStreams'], arns('*')),
    allow(
      'OnRecordStreams',
      [
        'kinesisvideo:DescribeStream',
        'kinesisvideo:GetDataEndpoint',
        'kinesisvideo:ListFragments',
        'kinesisvideo:GetMediaForFragmentList',
        'kinesisvideo:DeleteStream',
      ],
      arns('ChimeMediaPipelines-*'),
    ),
  ];
}

/** Without the right to list, S3 answers 403 for a file that is not there yet. */
function landing({ move = false, prefix }: CallerPolicyOptions, bucketArns: readonly string[]): readonly Statement[] {
  const objects = bucketArns.map((bucketArn) => `${bucketArn}/${prefix === undefined ? '' : `${prefix}/`}*`);
  return [
    allow('OnRecordLanding', ['s3:ListBucket'], bucketArns),
    allow('OnRecordFiles', move ? ['s3:GetObject', 's3:DeleteObject'] : ['s3:GetObject'], objects),
  ];
}

function allow(Sid: string, Action: readonly string[], Resource: string | readonly string[]): Statement {
  return { Sid, Effect: 'Allow', Action, Resource };
}

function inRegions(statement: Statement, regions: readonly string[] | undefined): Statement {
  return regions === undefined
    ? statement
    : { ...statement, Condition: { StringEquals: { 'aws:RequestedRegion': regions } } };
}
