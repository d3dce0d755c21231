import { S3Client } from '@aws-sdk/client-s3';
import { type BucketFinding, type BucketPurpose, checkBucket } from '@onrecord/adapter-chime/policies';
import type { JsonObject } from '@onrecord/core';
import type { Check } from './check.ts';

export interface BucketCheckOptions {
  readonly accountId?: string | undefined;
  /** Of the landing store of the provider: its options, as in the configuration. */
  readonly landing?: JsonObject | undefined;
  readonly signal: AbortSignal;
}

/** What Amazon writes into the bucket of a provider; call analytics write by a role, not by the bucket's policy. */
const purposes: { readonly [type: string]: BucketPurpose } = {
  'chime-sma': 'sma-recording',
  'chime-meeting': 'concatenation',
};

/** Looks at the bucket that a provider of AWS writes to. */
export async function* checkBuckets(
  id: string,
  type: string,
  provider: JsonObject,
  { accountId, landing, signal }: BucketCheckOptions,
): AsyncGenerator<Check> {
  const purpose = purposes[type];
  if (purpose === undefined) return;
  const checkId = `${id}.bucket`;
  const bucket = provider['bucket'] ?? landing?.['bucket'];
  const { region, prefix, sipMediaApplicationId: application } = provider;
  if (typeof bucket !== 'string' || typeof region !== 'string') {
    yield {
      id: checkId,
      status: 'skipped',
      message: 'The configuration does not say which bucket the service writes to.',
      fix: "Name it as the landing store: { type: 's3', bucket }.",
    };
    return;
  }
  if (accountId === undefined) {
    yield {
      id: checkId,
      status: 'skipped',
      message: `Policy, region and ownership of ${bucket} were not compared, since nobody said which account it serves.`,
      fix: 'Give --account-id.',
    };
    return;
  }
  const client = new S3Client({ region, followRegionRedirects: true, ...addressOf(landing) });
  try {
    const findings = await checkBucket(
      {
        bucket,
        purpose,
        accountId,
        region,
        ...(typeof prefix === 'string' && prefix !== '' ? { prefix } : {}),
        ...(typeof application === 'string' ? { applications: [{ region, id: application }] } : {}),
        signal,
      },
      client,
    );
    yield* findings.map((finding) => checkOf(checkId, finding));
    if (findings.length === 0) yield { id: checkId, status: 'ok', message: `The service may write to ${bucket}.` };
  } catch (error) {
    yield {
      id: checkId,
      status: 'failed',
      message: `${bucket}: ${error instanceof Error ? error.message : String(error)}`,
    };
  } finally {
    client.destroy();
  }
}

function checkOf(id: string, { code, severity, what, why, fix, statement }: BucketFinding): Check {
  const paste = statement === undefined ? '' : `\n${JSON.stringify(statement, null, 2)}`;
  return {
    id: `${id}.${code}`,
    status: severity === 'error' ? 'failed' : 'warning',
    message: `${what} ${why}`,
    fix: `${fix}${paste}`,
  };
}

/** An address of its own, as tests and other stores than Amazon's have. */
function addressOf(landing: JsonObject | undefined): { readonly endpoint?: string; readonly forcePathStyle?: boolean } {
  const { endpoint, forcePathStyle } = landing ?? {};
  return {
    ...(typeof endpoint === 'string' ? { endpoint } : {}),
    ...(typeof forcePathStyle === 'boolean' ? { forcePathStyle } : {}),
  };
}
