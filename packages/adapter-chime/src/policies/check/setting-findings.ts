import type { SmaBucketOptions } from '../sma-buckets.ts';
import type { BucketFinding } from './finding.ts';
import { type BucketPurpose, isSma, neededKeyStatement, serviceOf } from './purpose.ts';
import type { BucketFacts } from './read-bucket.ts';
import { hasPipelines, hasSma, isOptIn } from './regions.ts';

/** Whether the service can write to the region of a bucket. `home` is where it works: of the application, or of the meetings. */
export function regionFindings(
  purpose: BucketPurpose,
  bucket: string,
  region: string,
  home: string,
): readonly BucketFinding[] {
  const what = isSma(purpose) ? 'SIP media applications' : 'media pipelines';
  const runs = isSma(purpose) ? hasSma : hasPipelines;
  const findings: BucketFinding[] = [];
  if (!runs(home)) {
    findings.push({
      code: 'region-unsupported',
      severity: 'error',
      what: `There are no ${what} in ${home}.`,
      why: 'Nothing can record there, wherever the bucket is.',
      fix: isSma(purpose)
        ? 'Use an application in a region that has them.'
        : 'Hold the meetings in a region that has them.',
    });
  }
  if (region === home) return findings;
  if (isOptIn(region) || isOptIn(home)) {
    const optIn = isOptIn(home) ? home : region;
    findings.push({
      code: 'region-opt-in',
      severity: 'error',
      what: `The bucket ${bucket} is in ${region}, and the ${isSma(purpose) ? 'application' : 'meetings'} in ${home}.`,
      why: `${optIn} has to be enabled by an account, and from and to such a region the service writes within it only.`,
      fix: `Use a bucket in ${home}.`,
    });
  } else if (!isSma(purpose) && !hasPipelines(region)) {
    findings.push({
      code: 'region-unsupported',
      severity: 'error',
      what: `The bucket ${bucket} is in ${region}, which is no region of media pipelines.`,
      why: 'The bucket must be in one of them.',
      fix: `Use a bucket in ${home}.`,
    });
  } else {
    findings.push({
      code: 'region-differs',
      severity: 'warning',
      what: `The bucket ${bucket} is in ${region}, and the ${isSma(purpose) ? 'application' : 'meetings'} in ${home}.`,
      why: isSma(purpose)
        ? 'The guide says nothing of recordings that leave their region; they are slower and cost transfer.'
        : 'The guide asks for a bucket in the region of the meeting; recordings also leave their region.',
      fix: `Use a bucket in ${home}.`,
    });
  }
  return findings;
}

/** What of ownership, encryption and public access costs recordings, or exposes them. */
export function settingFindings(
  { encryption, ownership, blocksPublicAccess }: BucketFacts,
  purpose: BucketPurpose,
  options: SmaBucketOptions,
): readonly BucketFinding[] {
  const { bucket } = options;
  const findings: BucketFinding[] = [];
  if (purpose !== 'prompts' && (ownership === undefined || ownership === 'ObjectWriter')) {
    findings.push({
      code: 'ownership',
      severity: 'warning',
      what: `Objects of the bucket ${bucket} belong to whoever writes them.`,
      why: `A file of ${serviceOf(purpose)} may then not be readable by its own account.`,
      fix: 'Set object ownership to BucketOwnerEnforced or BucketOwnerPreferred.',
    });
  }
  if (typeof encryption === 'object' && encryption.algorithm !== 'AES256') {
    findings.push(ofKey(encryption.keyId, purpose, options));
  }
  if (blocksPublicAccess === false) {
    findings.push({
      code: 'public-access',
      severity: 'warning',
      what: `Public access to the bucket ${bucket} is not blocked.`,
      why: 'A slip in a policy or an access list would show recordings to everybody. The service needs no public access.',
      fix: 'Turn on all four settings of Block Public Access.',
    });
  }
  return findings;
}

/** The policy of a key of AWS is nobody's to change; that of a customer's own must admit the service. */
function ofKey(keyId: string | undefined, purpose: BucketPurpose, options: SmaBucketOptions): BucketFinding {
  const { bucket } = options;
  const service = serviceOf(purpose);
  const statement = neededKeyStatement(purpose, options);
  if (keyId === undefined || keyId.endsWith('alias/aws/s3')) {
    return {
      code: 'key-of-aws',
      severity: 'error',
      what: `The bucket ${bucket} encrypts with the key aws/s3.`,
      why: `Its policy cannot be changed, so ${service} cannot use it.`,
      fix: 'Encrypt with SSE-S3 (AES256), or with a customer-managed key whose policy has this statement.',
      statement,
    };
  }
  return {
    code: 'key-policy',
    severity: 'warning',
    what: `The bucket ${bucket} encrypts with the key ${keyId}, whose policy nobody looked at.`,
    why: `Without this statement ${service} cannot use the key.`,
    fix: 'See that the policy of the key has this statement.',
    statement,
  };
}
