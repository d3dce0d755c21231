import type { Policy } from '@onrecord/adapter-chime/policies';

/**
 * What a store in S3 asks for: rights on its objects, and on the bucket the one to list, without which S3 answers 403 for
 * what is not there. Undefined for stores of another type or address.
 *
 * @param storage as in a configuration.
 */
export function storagePolicy(Sid: string, storage: unknown): Policy | undefined {
  const { type, bucket, prefix = '', endpoint } = (storage ?? {}) as { readonly [option: string]: unknown };
  if (type !== 's3' || typeof bucket !== 'string' || typeof prefix !== 'string' || endpoint !== undefined) return;
  const bucketArn = `arn:aws:s3:::${bucket}`;
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid,
        Effect: 'Allow',
        Action: [
          's3:GetObject',
          's3:PutObject',
          's3:DeleteObject',
          's3:AbortMultipartUpload',
          's3:ListMultipartUploadParts',
        ],
        Resource: `${bucketArn}/${prefix}*`,
      },
      { Sid: `${Sid}List`, Effect: 'Allow', Action: 's3:ListBucket', Resource: bucketArn },
    ],
  };
}
