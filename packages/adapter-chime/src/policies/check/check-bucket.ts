import type { S3Client } from '@aws-sdk/client-s3';
import { OnRecordError } from '@onrecord/core';
import {
  accountId,
  bucketName,
  checkInput,
  keyPrefix,
  listOf,
  type Partition,
  partition,
  regionName,
} from '../input.ts';
import { application, type SipMediaApplicationId } from '../sma-buckets.ts';
import type { BucketFinding } from './finding.ts';
import { type Caller, policyFindings } from './policy-findings.ts';
import { type BucketPurpose, bucketPurposes } from './purpose.ts';
import { type BucketFacts, readBucket } from './read-bucket.ts';
import { regionFindings, settingFindings } from './setting-findings.ts';

export interface CheckBucketOptions {
  readonly bucket: string;
  readonly purpose: BucketPurpose;
  /** Of the application or meetings, which must own the bucket. */
  readonly accountId: string;
  /** Of the SIP media application; for pipelines the control region, where the meetings are created. */
  readonly region: string;
  /** Where the meetings are held, which is where their pipelines run. Default `region`. */
  readonly mediaRegion?: string | undefined;
  /** Where the files go. Default: the whole bucket. */
  readonly prefix?: string | undefined;
  /** Default: any of the account, so a policy that names some is `policy-unclear`. */
  readonly applications?: readonly SipMediaApplicationId[] | undefined;
  /** Default `aws`. */
  readonly partition?: Partition | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Says what of a bucket keeps the Chime SDK from recording into it, before a call finds out: its owner, policy, region,
 * ownership, encryption and public access. Changes nothing, and reads no object. An empty list is all well.
 *
 * The caller needs `s3:GetBucketLocation`, `GetBucketPolicy`, `GetEncryptionConfiguration`, `GetBucketOwnershipControls`
 * and `GetBucketPublicAccessBlock`; what it may not see is a finding. Statements of keys are not read. Statements are
 * evaluated for one made-up key under the prefix: one that denies others only is not seen.
 *
 * @param client for the bucket's region, or with `followRegionRedirects: true`.
 * @throws OnRecordError `invalid-request` with every problem of the options; what the client throws besides.
 * @example
 * ```ts
 * const findings = await checkBucket(
 *   { bucket: 'recordings', purpose: 'sma-recording', accountId: '111122223333', region: 'us-east-1' },
 *   new S3Client({ region: 'us-east-1', followRegionRedirects: true }),
 * );
 * ```
 */
export async function checkBucket(options: CheckBucketOptions, client: S3Client): Promise<readonly BucketFinding[]> {
  const signal = (value: unknown) => (value instanceof AbortSignal ? undefined : 'Must be an AbortSignal.');
  const purposes = `Must be one of ${bucketPurposes.join(', ')}.`;
  checkInput('check of the bucket', options, {
    bucket: { required: true, check: bucketName },
    purpose: { required: true, check: (value) => (bucketPurposes.some((own) => own === value) ? undefined : purposes) },
    accountId: { required: true, check: accountId },
    region: { required: true, check: regionName },
    mediaRegion: { check: regionName },
    prefix: { check: keyPrefix },
    applications: { check: listOf(application) },
    partition: { check: partition },
    signal: { check: signal },
  });
  const { bucket, purpose, mediaRegion, signal: _, ...rest } = options;
  const facts = await read(options, client);
  if (facts === undefined) {
    const what = `There is no bucket ${bucket}.`;
    const why = 'No recording can land there.';
    return [{ code: 'bucket-missing', severity: 'error', what, why, fix: 'Create it, or correct the name.' }];
  }
  if (facts === 'foreign') return [foreign(options)];
  const caller: Caller = { bucket, ...rest };
  const { region, policy } = facts;
  const home = mediaRegion ?? options.region;
  return [
    ...(policy === 'unreadable' ? [] : policyFindings(policy, purpose, caller)),
    ...(region === 'unreadable' ? [] : regionFindings(purpose, bucket, region, home)),
    ...settingFindings(facts, purpose, caller),
    ...unreadable(facts, bucket),
  ];
}

async function read({ bucket, accountId: owner, signal }: CheckBucketOptions, client: S3Client) {
  try {
    return await readBucket(client, { bucket, accountId: owner, signal });
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (name !== 'PermanentRedirect') throw error;
    throw new OnRecordError('invalid-request', `The bucket ${bucket} is in another region than its client.`, {
      remedy: 'Give the client followRegionRedirects: true.',
      cause: error,
    });
  }
}

function foreign({ bucket, accountId: owner }: CheckBucketOptions): BucketFinding {
  return {
    code: 'bucket-foreign',
    severity: 'error',
    what: `The bucket ${bucket} does not belong to the account ${owner}.`,
    why: 'The service writes to buckets of the account of its application or meeting only.',
    fix: `Use a bucket of ${owner}, and copy from there if the files are needed elsewhere.`,
  };
}

const rights: { readonly [fact in keyof BucketFacts]: string } = {
  region: 's3:GetBucketLocation',
  policy: 's3:GetBucketPolicy',
  encryption: 's3:GetEncryptionConfiguration',
  ownership: 's3:GetBucketOwnershipControls',
  blocksPublicAccess: 's3:GetBucketPublicAccessBlock',
};

function unreadable(facts: BucketFacts, bucket: string): readonly BucketFinding[] {
  const missing = Object.entries(rights).flatMap(([fact, right]) =>
    Reflect.get(facts, fact) === 'unreadable' ? [right] : [],
  );
  if (missing.length === 0) return [];
  const seesPolicy = facts.policy !== 'unreadable';
  return [
    {
      code: 'unreadable',
      severity: 'warning',
      what: `The caller lacks ${missing.join(', ')} on the bucket ${bucket}.`,
      why: seesPolicy
        ? 'What it may not see was not checked.'
        : 'Its policy was not checked; and without that right pipelines are refused when they are created.',
      fix: 'Give the caller these rights.',
    },
  ];
}
