import { accountId, bucketName, checkInput, keyPrefix, type Partition, partition } from './input.ts';
import { type Conditions, type OneOrMore, type Policy, policyOf, principals } from './policy.ts';

export interface PipelineBucketOptions {
  readonly bucket: string;
  /** Of bucket and meetings: they must be the same. */
  readonly accountId: string;
  /** Default: every key of the bucket. */
  readonly prefix?: string | undefined;
  /** Default `aws`. */
  readonly partition?: Partition | undefined;
}

const checks = {
  bucket: { required: true, check: bucketName },
  accountId: { required: true, check: accountId },
  prefix: { check: keyPrefix },
  partition: { check: partition },
} as const;

const write = ['s3:PutObject', 's3:PutObjectAcl'] as const;

/**
 * Lets media capture pipelines store their chunks. Checked when a pipeline is created.
 *
 * @throws OnRecordError `invalid-request` with every problem of the options.
 * @see {@link https://docs.aws.amazon.com/chime-sdk/latest/dg/create-s3-bucket.html}
 */
export function captureBucketPolicy(options: PipelineBucketOptions): Policy {
  checkInput('policy of the capture bucket', options, checks);
  return pipelinePolicy('OnRecordCapture', write, objectsOf(options), options);
}

/**
 * Lets capture pipelines store chunks and concatenation pipelines read them. It is also the policy of one bucket for
 * both, as `chimeMeeting` uses it.
 *
 * @throws OnRecordError `invalid-request` with every problem of the options.
 * @see {@link https://docs.aws.amazon.com/chime-sdk/latest/dg/create-concat-pipe.html}
 */
export function concatenationSourceBucketPolicy(options: PipelineBucketOptions): Policy {
  checkInput('policy of the bucket that is concatenated', options, checks);
  // Listing is a right on the bucket itself, the others on its objects.
  const resources = [objectsOf(options), bucketArn(options)];
  return pipelinePolicy('OnRecordConcatenationSource', [...write, 's3:GetObject', 's3:ListBucket'], resources, options);
}

/**
 * Lets concatenation pipelines store their files in a bucket of their own.
 *
 * @throws OnRecordError `invalid-request` with every problem of the options.
 * @see {@link https://docs.aws.amazon.com/chime-sdk/latest/dg/create-concat-pipe.html}
 */
export function concatenationDestinationBucketPolicy(options: PipelineBucketOptions): Policy {
  checkInput('policy of the bucket for concatenated files', options, checks);
  return pipelinePolicy('OnRecordConcatenation', write, objectsOf(options), options);
}

/** That the service acts for the account, in whichever region. */
export function pipelineCondition(account: string, inPartition: Partition = 'aws'): Conditions {
  return {
    StringEquals: { 'aws:SourceAccount': account },
    ArnLike: { 'aws:SourceArn': `arn:${inPartition}:chime:*:${account}:*` },
  };
}

function pipelinePolicy(
  Sid: string,
  Action: readonly string[],
  Resource: OneOrMore,
  { accountId: account, partition: inPartition }: PipelineBucketOptions,
): Policy {
  const Principal = { Service: principals.mediaPipelines };
  return policyOf({
    Sid,
    Effect: 'Allow',
    Principal,
    Action,
    Resource,
    Condition: pipelineCondition(account, inPartition),
  });
}

function bucketArn({ bucket, partition: inPartition = 'aws' }: PipelineBucketOptions): string {
  return `arn:${inPartition}:s3:::${bucket}`;
}

function objectsOf(options: PipelineBucketOptions): string {
  const { prefix } = options;
  return `${bucketArn(options)}/${prefix === undefined ? '' : `${prefix}/`}*`;
}
