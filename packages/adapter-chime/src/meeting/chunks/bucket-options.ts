import type { AwsCredentials } from '../../aws/client-options.ts';
import type { Rules } from '../../options/problem.ts';
import { credentials, region, url } from '../../options/rules.ts';

/** How the bucket of the recordings is reached, where that differs from how Chime is. */
export interface BucketOptions {
  /** Region of the bucket. */
  readonly region?: string | undefined;
  readonly credentials?: AwsCredentials | undefined;
  /** For tests and private endpoints; default: that of S3. */
  readonly endpoint?: string | undefined;
  /** The bucket stands in the path of a URL and not in its host. */
  readonly forcePathStyle?: boolean | undefined;
}

export const bucketRules: Rules = {
  region: { rule: region },
  credentials: { rule: credentials },
  endpoint: { rule: url },
  forcePathStyle: { rule: (value) => (typeof value === 'boolean' ? undefined : 'Must be true or false.') },
};
