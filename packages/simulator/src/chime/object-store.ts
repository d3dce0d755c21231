import type { SimulatedS3 } from '../s3/index.ts';

/** The part of a simulated S3 that the Chime services write to, read from and listen to. */
export type ObjectStore = Pick<SimulatedS3, 'put' | 'get' | 'list' | 'onObjectCreated'>;

/** The service principals under which Chime reads and writes buckets. */
export type ServicePrincipal = 'voiceconnector.chime.amazonaws.com' | 'mediapipelines.chime.amazonaws.com';

/** What Chime does with a bucket and its objects. */
export type BucketAction =
  | 's3:PutObject'
  | 's3:PutObjectAcl'
  | 's3:PutObjectTagging'
  | 's3:GetObject'
  | 's3:ListBucket';

/**
 * What a bucket policy grants to a service principal; the services read no policy of the simulated S3, so this function is
 * the policy. It is asked for each action that the guide requires: a function that ignores the action grants all or nothing.
 */
export type BucketPolicy = (bucket: string, principal: ServicePrincipal, action: BucketAction) => boolean;

/** To write files; the guide asks for both wherever Chime writes. */
export const WRITING: readonly BucketAction[] = ['s3:PutObject', 's3:PutObjectAcl'];

/** To read the chunks of a capture. */
export const JOINING: readonly BucketAction[] = ['s3:GetObject', 's3:ListBucket'];

/** To write recordings of call analytics, which have tags. */
export const TAGGING: readonly BucketAction[] = [...WRITING, 's3:PutObjectTagging'];

/** Whether a bucket is there and grants a service all of these actions. */
export function isGranted(
  { store, bucketPolicy }: { readonly store: ObjectStore; readonly bucketPolicy: BucketPolicy },
  bucket: string,
  principal: ServicePrincipal,
  actions: readonly BucketAction[],
): boolean {
  return bucketExists(store, bucket) && actions.every((action) => bucketPolicy(bucket, principal, action));
}

export function bucketExists(store: ObjectStore, bucket: string): boolean {
  try {
    store.get(bucket, '-');
    return true;
  } catch {
    return false;
  }
}
