import { accountId, arn, bucketName, checkInput, listOf, partitionOf } from './input.ts';
import { type Policy, policyOf, type Statement } from './policy.ts';

export interface BucketEventsOptions {
  /** Buckets that may send. They and their account are checked: a bucket's name alone may change hands. */
  readonly buckets: readonly string[];
  readonly accountId: string;
}

const checks = {
  buckets: { required: true, check: listOf(bucketName) },
  accountId: { required: true, check: accountId },
} as const;

/**
 * Lets buckets tell a queue of recordings that landed (notification `s3:ObjectCreated:*`). Queue and bucket are in one
 * region. A queue of EventBridge needs the policy of its rule instead.
 *
 * @throws OnRecordError `invalid-request` with every problem of the options.
 * @see {@link https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html}
 */
export function bucketEventsQueuePolicy(options: BucketEventsOptions & { readonly queueArn: string }): Policy {
  checkInput('policy of the queue', options, {
    ...checks,
    queueArn: { required: true, check: arn('sqs', /[\w-]{1,80}/, 'arn:aws:sqs:us-east-1:111122223333:recordings') },
  });
  return policyOf(statement(options, options.queueArn, 'sqs:SendMessage'));
}

/**
 * The same for a topic, which queues and functions subscribe to.
 *
 * @throws OnRecordError `invalid-request` with every problem of the options.
 * @see {@link https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html}
 */
export function bucketEventsTopicPolicy(options: BucketEventsOptions & { readonly topicArn: string }): Policy {
  checkInput('policy of the topic', options, {
    ...checks,
    topicArn: { required: true, check: arn('sns', /[\w-]{1,256}/, 'arn:aws:sns:us-east-1:111122223333:recordings') },
  });
  return policyOf(statement(options, options.topicArn, 'sns:Publish'));
}

function statement({ buckets, accountId: account }: BucketEventsOptions, resource: string, action: string): Statement {
  const sources = buckets.map((bucket) => `arn:${partitionOf(resource)}:s3:::${bucket}`);
  return {
    Sid: 'OnRecordBucketEvents',
    Effect: 'Allow',
    Principal: { Service: 's3.amazonaws.com' },
    Action: action,
    Resource: resource,
    Condition: { ArnLike: { 'aws:SourceArn': sources }, StringEquals: { 'aws:SourceAccount': account } },
  };
}
