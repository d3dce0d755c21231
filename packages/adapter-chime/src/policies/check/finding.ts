import type { Statement } from '../policy.ts';

/** One thing about a bucket that costs recordings (`error`), or may (`warning`). */
export interface BucketFinding {
  readonly code: BucketFindingCode;
  readonly severity: 'error' | 'warning';
  /** What was found. */
  readonly what: string;
  /** What follows from it. */
  readonly why: string;
  readonly fix: string;
  /** What to add: to the policy of the bucket, or to that of its key. */
  readonly statement?: Statement | undefined;
}

/**
 * - `bucket-missing`, `bucket-foreign`: there is none, or it belongs to another account.
 * - `unreadable`: the caller may not see something, so nobody looked at it.
 * - `policy-missing`, `policy-incomplete`, `policy-denies`: what the service needs is not admitted.
 * - `policy-unclear`: it hangs on what only a request shows.
 * - `policy-open`: any account may let the service write there.
 * - `region-unsupported`, `region-differs`, `region-opt-in`: the service cannot write there, or may not.
 * - `ownership`: files may belong to their writer.
 * - `key-of-aws`, `key-policy`: the encryption shuts the service out, or does so without a statement of the key.
 * - `public-access`: nothing keeps recordings from being made public.
 */
export type BucketFindingCode =
  | 'bucket-missing'
  | 'bucket-foreign'
  | 'unreadable'
  | 'policy-missing'
  | 'policy-incomplete'
  | 'policy-denies'
  | 'policy-unclear'
  | 'policy-open'
  | 'region-unsupported'
  | 'region-differs'
  | 'region-opt-in'
  | 'ownership'
  | 'key-of-aws'
  | 'key-policy'
  | 'public-access';
