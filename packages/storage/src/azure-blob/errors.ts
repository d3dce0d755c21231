import { type Classification, systemClock } from '@onrecord/core';
import { classifyStatus } from '../errors/http-status.ts';
import { classifyCommon, retryAfterMs } from '../errors/network.ts';

type Verdict = Pick<Classification, 'code' | 'retry' | 'blame' | 'message' | 'remedy'>;

const credentials: Verdict = {
  code: 'unauthenticated',
  retry: 'never',
  blame: 'caller',
  remedy: 'Check the account key or the token, and the clock of this machine.',
};
const denied: Verdict = {
  code: 'permission-denied',
  retry: 'never',
  blame: 'destination',
  remedy: 'Give the identity the role that the README of @onrecord/storage names.',
};
const damaged: Verdict = {
  code: 'integrity-failed',
  retry: 'safe',
  blame: 'destination',
  message: 'The blob service received other bytes than were sent; it kept none of them.',
};
const down: Verdict = { code: 'unavailable', retry: 'safe', blame: 'destination' };

/** Source: https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes */
const BY_CODE: Readonly<Record<string, Verdict>> = {
  BlobNotFound: { code: 'not-found', retry: 'never', blame: 'caller' },
  ContainerNotFound: {
    code: 'not-found',
    retry: 'never',
    blame: 'caller',
    message: 'There is no such container.',
    remedy: 'Create the container, or correct its name in the configuration.',
  },
  BlobAlreadyExists: { code: 'already-exists', retry: 'never', blame: 'caller' },
  ConditionNotMet: { code: 'conflict', retry: 'never', blame: 'caller' },
  InvalidBlockList: {
    code: 'conflict',
    retry: 'safe',
    blame: 'caller',
    message: 'Another writer stored the same blob meanwhile, which discards the blocks of everybody else.',
  },
  ContainerBeingDeleted: { code: 'conflict', retry: 'safe', blame: 'caller' },
  AuthenticationFailed: credentials,
  NoAuthenticationInformation: credentials,
  InvalidAuthenticationInfo: credentials,
  AuthorizationFailure: denied,
  AuthorizationPermissionMismatch: denied,
  InsufficientAccountPermissions: denied,
  AccountIsDisabled: denied,
  Md5Mismatch: damaged,
  Crc64Mismatch: damaged,
  InvalidMd5: damaged,
  RequestBodyTooLarge: { code: 'quota-exceeded', retry: 'never', blame: 'caller' },
  ServerBusy: { code: 'rate-limited', retry: 'safe', blame: 'destination' },
  OperationTimedOut: { code: 'timeout', retry: 'safe', blame: 'destination' },
  InternalError: down,
  REQUEST_SEND_ERROR: down,
};

/** Judges what the blob client threw. */
export function classifyBlobError(error: unknown): Classification {
  const { code, status, requestId, retryAfter } = describe(error);
  const facts = { requestId, providerCode: code, retryAfterMs: retryAfterMs(retryAfter, systemClock.now()) };
  const common = classifyCommon(error);
  if (common && status === undefined) return common;
  const verdict = code === undefined ? undefined : BY_CODE[code];
  if (verdict) return { ...verdict, ...facts };
  if (status === undefined) return { code: 'storage-failed', retry: 'safe', blame: 'destination' };
  return { ...classifyStatus(status), ...facts };
}

/** The error code of the service. */
export function blobErrorCode(error: unknown): string | undefined {
  return describe(error).code;
}

/** Status of the answer; undefined when none came. */
export function blobErrorStatus(error: unknown): number | undefined {
  return describe(error).status;
}

interface Described {
  readonly code?: string | undefined;
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  readonly retryAfter?: string | undefined;
}

interface RestError extends Error {
  readonly code?: string;
  readonly statusCode?: number;
  readonly details?: { readonly errorCode?: string };
  readonly response?: { readonly headers?: { get(name: string): string | undefined } };
}

function describe(error: unknown): Described {
  if (!(error instanceof Error)) return {};
  const { code, statusCode, details, response } = error as RestError;
  const header = (name: string) => response?.headers?.get(name);
  return {
    code: header('x-ms-error-code') ?? details?.errorCode ?? code,
    status: statusCode,
    requestId: header('x-ms-request-id'),
    retryAfter: header('retry-after'),
  };
}
