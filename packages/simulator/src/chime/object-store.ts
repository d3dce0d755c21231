import type { SimulatedS3 } from '../s3/index.ts';

/** The part of a simulated S3 that the Chime services write to, read from and listen to. */
export type ObjectStore = Pick<SimulatedS3, 'put' | 'get' | 'list' | 'onObjectCreated'>;

/** The service principals under which Chime reads and writes buckets. */
export type ServicePrincipal = 'voiceconnector.chime.amazonaws.com' | 'mediapipelines.chime.amazonaws.com';

/**
 * What a bucket policy grants to a service principal; the simulated S3 has no policies, so this function is the policy.
 */
export type BucketPolicy = (bucket: string, principal: ServicePrincipal) => boolean;

export function bucketExists(store: ObjectStore, bucket: string): boolean {
  try {
    store.get(bucket, '-');
    return true;
  } catch {
    return false;
  }
}
