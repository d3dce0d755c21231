import { pipelineCondition } from './capture-buckets.ts';
import { accountId, checkInput, flag, listOf, type Partition, partition } from './input.ts';
import { principals, type Statement } from './policy.ts';
import { application, type SipMediaApplicationId, smaCondition } from './sma-buckets.ts';

/**
 * For the policy of a customer-managed key that encrypts the bucket of media pipelines. Keys of AWS cannot be used: nobody
 * can change their policies. In a key's policy `Resource: "*"` is that key.
 *
 * @throws OnRecordError `invalid-request` with every problem of the options.
 * @see {@link https://docs.aws.amazon.com/chime-sdk/latest/dg/sse-s3.html}
 */
export function pipelineKeyStatement(options: {
  readonly accountId: string;
  /** Whether concatenation pipelines read what the key encrypts. Default true, as `chimeMeeting` does. */
  readonly concatenation?: boolean | undefined;
  readonly partition?: Partition | undefined;
}): Statement {
  checkInput('statement of the key', options, {
    accountId: { required: true, check: accountId },
    concatenation: { check: flag },
    partition: { check: partition },
  });
  const { concatenation = true } = options;
  return {
    Sid: 'OnRecordPipelines',
    Effect: 'Allow',
    Principal: { Service: principals.mediaPipelines },
    Action: concatenation ? ['kms:GenerateDataKey', 'kms:Decrypt'] : 'kms:GenerateDataKey',
    Resource: '*',
    Condition: pipelineCondition(options.accountId, options.partition),
  };
}

/**
 * For the policy of a customer-managed key that encrypts the bucket of a SIP media application. The guide does not speak
 * of such keys: this follows from S3, which asks for the rights of whoever writes or reads, and is not proven against the
 * service. `kms:Decrypt` is for prompts, and for uploads in several parts.
 *
 * @throws OnRecordError `invalid-request` with every problem of the options.
 * @see {@link https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html}
 */
export function smaKeyStatement(options: {
  readonly accountId: string;
  readonly applications?: readonly SipMediaApplicationId[] | undefined;
  readonly partition?: Partition | undefined;
}): Statement {
  checkInput('statement of the key', options, {
    accountId: { required: true, check: accountId },
    applications: { check: listOf(application) },
    partition: { check: partition },
  });
  return {
    Sid: 'OnRecordSma',
    Effect: 'Allow',
    Principal: { Service: principals.voice },
    Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
    Resource: '*',
    Condition: smaCondition(options),
  };
}

/**
 * For the policy of the key that encrypts a queue or topic of meeting events. The guide's statement has no condition; this
 * one is bound to the account, so that no other account's meetings are served with the key.
 *
 * @throws OnRecordError `invalid-request` with every problem of the options.
 * @see {@link https://docs.aws.amazon.com/chime-sdk/latest/dg/mtgs-sdk-notifications.html}
 */
export function meetingEventsKeyStatement(options: { readonly accountId: string }): Statement {
  checkInput('statement of the key', options, { accountId: { required: true, check: accountId } });
  return {
    Sid: 'OnRecordMeetingEvents',
    Effect: 'Allow',
    Principal: { Service: principals.meetings },
    Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
    Resource: '*',
    Condition: { StringEquals: { 'aws:SourceAccount': options.accountId } },
  };
}
