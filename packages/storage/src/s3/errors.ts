import { type Classification, systemClock } from '@onrecord/core';
import { classifyStatus } from '../errors/http-status.ts';
import { classifyCommon, retryAfterMs } from '../errors/network.ts';

type Verdict = Pick<Classification, 'code' | 'retry' | 'blame' | 'message' | 'remedy'>;

const missing: Verdict = { code: 'not-found', retry: 'never', blame: 'caller' };
const credentials = (remedy: string): Verdict => ({ code: 'unauthenticated', retry: 'never', blame: 'caller', remedy });
const busy: Verdict = { code: 'rate-limited', retry: 'safe', blame: 'destination' };
const down: Verdict = { code: 'unavailable', retry: 'safe', blame: 'destination' };
const damaged: Verdict = {
  code: 'integrity-failed',
  retry: 'safe',
  blame: 'destination',
  message: 'S3 received other bytes than were sent; it kept none of them.',
};

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const BY_NAME: Readonly<Record<string, Verdict>> = {
  NoSuchKey: missing,
  NotFound: missing,
  NoSuchUpload: missing,
  NoSuchBucket: {
    ...missing,
    message: 'There is no such bucket.',
    remedy: 'Create the bucket, or correct its name in the configuration.',
  },
  PreconditionFailed: { code: 'conflict', retry: 'never', blame: 'caller' },
  ConditionalRequestConflict: { code: 'conflict', retry: 'safe', blame: 'caller' },
  OperationAborted: { code: 'conflict', retry: 'safe', blame: 'caller' },
  AccessDenied: {
    code: 'permission-denied',
    retry: 'never',
    blame: 'destination',
    remedy: 'Give the credentials the permissions that the README of @onrecord/storage lists.',
  },
  AllAccessDisabled: { code: 'permission-denied', retry: 'never', blame: 'destination' },
  InvalidAccessKeyId: credentials('Check the access key id.'),
  SignatureDoesNotMatch: credentials('Check the secret access key.'),
  ExpiredToken: credentials('Renew the session token.'),
  InvalidToken: credentials('Check the session token.'),
  CredentialsProviderError: credentials('Provide AWS credentials to this process.'),
  RequestTimeTooSkewed: credentials('Set the clock of this machine.'),
  SlowDown: busy,
  RequestLimitExceeded: busy,
  Throttling: busy,
  ThrottlingException: busy,
  TooManyRequests: busy,
  InternalError: down,
  ServiceUnavailable: down,
  RequestTimeout: { code: 'timeout', retry: 'safe', blame: 'destination' },
  BadDigest: damaged,
  XAmzContentSHA256Mismatch: damaged,
  IncompleteBody: damaged,
  InvalidPart: damaged,
  EntityTooLarge: { code: 'quota-exceeded', retry: 'never', blame: 'caller' },
  NotImplemented: {
    code: 'unsupported',
    retry: 'never',
    blame: 'destination',
    remedy: 'This S3-compatible store lacks what Amazon S3 has; see Limits in the README of @onrecord/storage.',
  },
  AuthorizationHeaderMalformed: region(),
  PermanentRedirect: region(),
};

/** Judges what the S3 client threw. */
export function classifyS3Error(error: unknown): Classification {
  const { name, status, requestId, retryAfter } = describe(error);
  const facts = {
    requestId,
    providerCode: status === undefined ? undefined : name,
    retryAfterMs: retryAfterMs(retryAfter, systemClock.now()),
  };
  const verdict = name === undefined ? undefined : BY_NAME[name];
  if (verdict) return { ...verdict, ...facts };
  const common = classifyCommon(error);
  if (common) return common;
  if (status === undefined) return { code: 'storage-failed', retry: 'safe', blame: 'destination' };
  if (status >= 300 && status < 400) return { ...region(), ...facts };
  return { ...classifyStatus(status), ...facts };
}

/** The S3 error code, or the name of the exception where there is none. */
export function s3ErrorName(error: unknown): string | undefined {
  return describe(error).name;
}

/** Status of the answer; undefined when none came. */
export function s3ErrorStatus(error: unknown): number | undefined {
  return describe(error).status;
}

function region(): Verdict {
  return {
    code: 'invalid-request',
    retry: 'never',
    blame: 'caller',
    message: 'The bucket is not in the region that the request was signed for.',
    remedy: 'Configure the region of the bucket.',
  };
}

interface Described {
  readonly name?: string | undefined;
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  readonly retryAfter?: string | undefined;
}

interface SdkError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
}

function describe(error: unknown): Described {
  if (!(error instanceof Error)) return {};
  const { name, $metadata, $response } = error as SdkError;
  return {
    name,
    status: $metadata?.httpStatusCode,
    requestId: $metadata?.requestId,
    retryAfter: $response?.headers?.['retry-after'],
  };
}
