/**
 * What went wrong, in terms that mean the same for every provider. The list is frozen: codes are stored in records and
 * metric databases, so members are added in a major version only.
 */
export const errorCodes = [
  'unsupported',
  'invalid-request',
  'invalid-state',
  'not-found',
  'already-exists',
  'conflict',
  'unauthenticated',
  'permission-denied',
  'quota-exceeded',
  'rate-limited',
  'timeout',
  'aborted',
  'unavailable',
  'storage-failed',
  'integrity-failed',
  'signature-invalid',
  'provider-contract',
  'unknown',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/**
 * Whether repeating the same request can help: `safe` = repeat as it is; `only-with-same-key` = the first one may have
 * been executed, so repeat it with its idempotency token or look it up; `exhausted` = repeated already, do not again.
 */
export type RetryAdvice = 'never' | 'safe' | 'only-with-same-key' | 'exhausted';

/** Who has to act: the calling program, the storage destination, the provider, or OnRecord itself. */
export type Blame = 'caller' | 'destination' | 'provider' | 'library';

/** A driver's judgement of an error that its SDK threw; core wraps it into one `OnRecordError`. */
export interface Classification {
  readonly code: ErrorCode;
  readonly retry: RetryAdvice;
  readonly blame: Blame;
  /** Replaces the SDK's message where that says too little. Never holds a secret. */
  readonly message?: string | undefined;
  /** What the reader can do about it, as an imperative sentence. */
  readonly remedy?: string | undefined;
  /** The provider's own id of the failed request, for its support and our log. */
  readonly requestId?: string | undefined;
  /** The provider's own error code, verbatim. */
  readonly providerCode?: string | undefined;
  /** Milliseconds the provider asked us to wait. */
  readonly retryAfterMs?: number | undefined;
}
