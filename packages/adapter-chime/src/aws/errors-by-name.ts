import type { Classification } from '@onrecord/core';

/** What an error means whatever its text says. */
export type Verdict = Pick<Classification, 'code' | 'retry' | 'blame' | 'remedy' | 'retryAfterMs'>;

/** A limit that passes by itself: a stopping pipeline counts for some seconds. */
const limitRetryMs = 1_000;

const invalid: Verdict = { code: 'invalid-request', retry: 'never', blame: 'caller' };
const quota: Verdict = { code: 'quota-exceeded', retry: 'safe', blame: 'provider', retryAfterMs: limitRetryMs };
const denied: Verdict = {
  code: 'permission-denied',
  retry: 'never',
  blame: 'caller',
  remedy: 'Check the permissions in the README.',
};
const missing: Verdict = { code: 'not-found', retry: 'never', blame: 'caller' };
const conflict: Verdict = { code: 'conflict', retry: 'never', blame: 'caller' };
const throttled: Verdict = { code: 'rate-limited', retry: 'safe', blame: 'provider' };
const down: Verdict = { code: 'unavailable', retry: 'safe', blame: 'provider' };
const unauthenticated = (remedy: string): Verdict => ({
  code: 'unauthenticated',
  retry: 'never',
  blame: 'caller',
  remedy,
});
const badKeys = unauthenticated('Check the AWS credentials.');
const expired = unauthenticated('Renew the AWS credentials: their session has expired.');
const badClock = unauthenticated('Check the clock of this machine, then the AWS credentials.');

/**
 * By the exception's name without `Exception`, or by the body's `Code` where the answer had no other name. The first
 * part are the errors of media pipelines, meetings and voice; the second those that stand before every service of AWS.
 *
 * @see {@link https://docs.aws.amazon.com/chime-sdk/latest/APIReference/CommonErrors.html}
 */
export const verdicts: { readonly [name: string]: Verdict } = {
  BadRequest: invalid,
  Validation: invalid,
  UnprocessableEntity: invalid,
  Unprocessable: invalid,
  TooManyTags: { ...invalid, remedy: 'Configure fewer tags.' },
  ResourceLimitExceeded: quota,
  LimitExceeded: quota,
  UnauthorizedClient: badKeys,
  Unauthorized: badKeys,
  Forbidden: denied,
  AccessDenied: denied,
  NotFound: missing,
  ResourceNotFound: missing,
  Gone: missing,
  Conflict: conflict,
  PreconditionFailed: conflict,
  VoiceConnectorGroupAssociationsExist: { ...conflict, remedy: 'Take the Voice Connector out of its groups first.' },
  PhoneNumberAssociationsExist: { ...conflict, remedy: 'Take the phone numbers off the Voice Connector first.' },
  ThrottledClient: throttled,
  Throttling: throttled,
  Throttled: throttled,
  ServiceFailure: down,
  ServiceUnavailable: down,

  TooManyRequests: throttled,
  RequestLimitExceeded: throttled,
  SlowDown: throttled,
  InternalFailure: down,
  InternalServerError: down,
  InternalError: down,
  UnrecognizedClient: badKeys,
  InvalidClientTokenId: badKeys,
  InvalidAccessKeyId: badKeys,
  MissingAuthenticationToken: badKeys,
  IncompleteSignature: badKeys,
  SignatureDoesNotMatch: badClock,
  InvalidSignature: badClock,
  RequestExpired: badClock,
  RequestTimeTooSkewed: badClock,
  ExpiredToken: expired,
  OptInRequired: {
    ...denied,
    remedy: 'Enable the region, or the service in it, for this AWS account.',
  },
  NotAuthorized: denied,
  NoSuchBucket: {
    ...missing,
    blame: 'destination',
    remedy: 'Create the bucket, or correct its name in the configuration.',
  },
  NoSuchKey: missing,
  UnknownOperation: {
    code: 'provider-contract',
    retry: 'never',
    blame: 'caller',
    remedy: 'Check the endpoint and the region: this server does not know the operation.',
  },
};

/** Names that say that something is not there, or no longer. */
export const missingNames: readonly string[] = Object.keys(verdicts).filter((name) => verdicts[name] === missing);

/** The name as {@link verdicts} has it. */
export function plainName(name: string): string {
  return name.replace(/Exception$/, '');
}
