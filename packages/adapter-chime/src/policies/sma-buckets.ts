import {
  accountId,
  bucketName,
  checkInput,
  keyPrefix,
  listOf,
  matches,
  type Partition,
  partition,
  regionName,
} from './input.ts';
import { type Conditions, type Policy, policyOf, principals, type Statement } from './policy.ts';

/** A SIP media application in its region: the second of a SIP rule lies in another. */
export interface SipMediaApplicationId {
  readonly region: string;
  readonly id: string;
}

export interface SmaBucketOptions {
  readonly bucket: string;
  /** Of bucket and applications: they must be the same. */
  readonly accountId: string;
  /** Default: every key of the bucket. */
  readonly prefix?: string | undefined;
  /** Only for these; default: every SIP media application of the account. */
  readonly applications?: readonly SipMediaApplicationId[] | undefined;
  /** Default `aws`. */
  readonly partition?: Partition | undefined;
}

const checks = {
  bucket: { required: true, check: bucketName },
  accountId: { required: true, check: accountId },
  prefix: { check: keyPrefix },
  applications: { check: listOf(application) },
  partition: { check: partition },
} as const;

/**
 * Lets SIP media applications store recordings, those of StartCallRecording and of RecordAudio alike. The function's role
 * needs nothing on the bucket.
 *
 * @throws OnRecordError `invalid-request` with every problem of the options.
 * @see {@link https://docs.aws.amazon.com/chime-sdk/latest/dg/start-call-recording.html}
 * @example
 * ```ts
 * const policy = smaRecordingBucketPolicy({ bucket: 'recordings', accountId: '111122223333' });
 * ```
 */
export function smaRecordingBucketPolicy(options: SmaBucketOptions): Policy {
  checkInput('policy of the recording bucket', options, checks);
  return policyOf(statement('OnRecordSmaRecording', ['s3:PutObject', 's3:PutObjectAcl'], options));
}

/**
 * Lets SIP media applications play audio files of the bucket: PlayAudio and PlayAudioAndGetDigits.
 *
 * @throws OnRecordError `invalid-request` with every problem of the options.
 * @see {@link https://docs.aws.amazon.com/chime-sdk/latest/dg/play-audio.html}
 */
export function smaPromptBucketPolicy(options: SmaBucketOptions): Policy {
  checkInput('policy of the prompt bucket', options, checks);
  return policyOf(statement('OnRecordSmaPrompts', ['s3:GetObject'], options));
}

function statement(Sid: string, Action: readonly string[], options: SmaBucketOptions): Statement {
  const { bucket, prefix, partition: inPartition = 'aws' } = options;
  return {
    Sid,
    Effect: 'Allow',
    Principal: { Service: principals.voice },
    Action,
    Resource: `arn:${inPartition}:s3:::${bucket}/${prefix === undefined ? '' : `${prefix}/`}*`,
    Condition: smaCondition(options),
  };
}

/** That the service acts for the account, and for one of these applications of it if there are any. */
export function smaCondition(options: Pick<SmaBucketOptions, 'accountId' | 'applications' | 'partition'>): Conditions {
  const { accountId: account, applications = [], partition: inPartition = 'aws' } = options;
  const arns = applications.map(({ region, id }) => `arn:${inPartition}:chime:${region}:${account}:sma/${id}`);
  const [only] = arns;
  return {
    StringEquals: {
      'aws:SourceAccount': account,
      ...(only === undefined ? {} : { 'aws:SourceArn': arns.length === 1 ? only : arns }),
    },
  };
}

const applicationId = matches(/^[\w-]{1,128}$/, 'the id of a SIP media application');

/** Whether a value names one; for options that take a list of them. */
export function application(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return 'Must be { region, id }.';
  const { region, id } = value as { readonly region?: unknown; readonly id?: unknown };
  const wrongRegion = regionName(region);
  if (wrongRegion !== undefined) return `region: ${wrongRegion}`;
  const wrongId = applicationId(id);
  return wrongId === undefined ? undefined : `id: ${wrongId}`;
}
