import type { S3Client } from '@aws-sdk/client-s3';

/** What a bucket says of itself; `unreadable` what the caller may not see. */
export interface BucketFacts {
  readonly region: string | 'unreadable';
  /** JSON; undefined when there is none. */
  readonly policy: string | undefined | 'unreadable';
  readonly encryption: { readonly algorithm: string; readonly keyId?: string | undefined } | undefined | 'unreadable';
  /** Undefined for a bucket that has no such setting: its objects belong to their writers. */
  readonly ownership: string | undefined | 'unreadable';
  /** Whether all four blocks are on. */
  readonly blocksPublicAccess: boolean | 'unreadable';
}

/** Reads the settings of a bucket: undefined when there is no such bucket, `foreign` when it is not the account's. */
export async function readBucket(
  client: S3Client,
  { bucket: Bucket, accountId, signal }: { bucket: string; accountId: string; signal?: AbortSignal | undefined },
): Promise<BucketFacts | 'foreign' | undefined> {
  // Whoever only writes policies has no need of the SDK.
  const commands = await import('@aws-sdk/client-s3');
  const abort = signal === undefined ? {} : { abortSignal: signal };
  const owned = { Bucket, ExpectedBucketOwner: accountId };
  const exists = await unless(client.send(new commands.GetBucketLocationCommand(owned), abort), {
    NoSuchBucket: undefined,
    AccessDenied: 'refused' as const,
  });
  if (exists === undefined) return undefined;
  if (exists === 'refused') {
    // A refusal is also what a wrong owner gets: then the same question without one is answered.
    const anyOwner = client.send(new commands.GetBucketLocationCommand({ Bucket }), abort);
    if ((await unless(anyOwner, { AccessDenied: 'refused' as const })) !== 'refused') return 'foreign';
  }
  const region = exists === 'refused' ? 'unreadable' : regionOf(exists.LocationConstraint);
  const unreadable = { AccessDenied: 'unreadable' as const };
  const policy = await unless(client.send(new commands.GetBucketPolicyCommand(owned), abort), {
    ...unreadable,
    NoSuchBucketPolicy: undefined,
  });
  const encryption = await unless(client.send(new commands.GetBucketEncryptionCommand(owned), abort), {
    ...unreadable,
    ServerSideEncryptionConfigurationNotFoundError: undefined,
  });
  const ownership = await unless(client.send(new commands.GetBucketOwnershipControlsCommand(owned), abort), {
    ...unreadable,
    OwnershipControlsNotFoundError: undefined,
  });
  const block = await unless(client.send(new commands.GetPublicAccessBlockCommand(owned), abort), {
    ...unreadable,
    NoSuchPublicAccessBlockConfiguration: undefined,
  });
  return {
    region,
    policy: policy === 'unreadable' ? policy : policy?.Policy,
    encryption: encryption === 'unreadable' ? encryption : encryptionOf(encryption?.ServerSideEncryptionConfiguration),
    ownership: ownership === 'unreadable' ? ownership : ownership?.OwnershipControls?.Rules?.[0]?.ObjectOwnership,
    blocksPublicAccess: block === 'unreadable' ? block : blocks(block?.PublicAccessBlockConfiguration),
  };
}

/** The answer, or what stands for an error of this name. Other errors are the caller's. */
async function unless<T, E>(answer: Promise<T>, errors: { readonly [name: string]: E }): Promise<T | E> {
  try {
    return await answer;
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (name in errors) return errors[name] as E;
    throw error;
  }
}

/** The first region has no name, and another one has an old one. */
function regionOf(constraint: string | undefined): string {
  if (constraint === undefined || constraint === '') return 'us-east-1';
  return constraint === 'EU' ? 'eu-west-1' : constraint;
}

function encryptionOf(
  configuration:
    | { readonly Rules?: readonly { readonly ApplyServerSideEncryptionByDefault?: Default | undefined }[] | undefined }
    | undefined,
): { readonly algorithm: string; readonly keyId?: string | undefined } | undefined {
  const byDefault = configuration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault;
  if (byDefault?.SSEAlgorithm === undefined) return undefined;
  const keyId = byDefault.KMSMasterKeyID;
  return { algorithm: byDefault.SSEAlgorithm, ...(keyId === undefined ? {} : { keyId }) };
}

interface Default {
  readonly SSEAlgorithm?: string | undefined;
  readonly KMSMasterKeyID?: string | undefined;
}

function blocks(configuration: object | undefined): boolean {
  const set = (configuration ?? {}) as { readonly [name: string]: unknown };
  return ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'].every(
    (name) => set[name] === true,
  );
}
