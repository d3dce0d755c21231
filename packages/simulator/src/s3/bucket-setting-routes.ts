import type { S3Operation } from './request.ts';

/** Operations on the settings of a bucket, by sub-resource and method. */
const routes: { readonly [subresource: string]: { readonly [method: string]: S3Operation } } = {
  policy: { GET: 'GetBucketPolicy', PUT: 'PutBucketPolicy', DELETE: 'DeleteBucketPolicy' },
  location: { GET: 'GetBucketLocation' },
  encryption: { GET: 'GetBucketEncryption', PUT: 'PutBucketEncryption' },
  ownershipControls: { GET: 'GetBucketOwnershipControls', PUT: 'PutBucketOwnershipControls' },
  publicAccessBlock: { GET: 'GetPublicAccessBlock', PUT: 'PutPublicAccessBlock' },
};

/** The operation that a bucket's sub-resource stands for; undefined when the request names none of them. */
export function settingOperation(method: string, query: URLSearchParams): S3Operation | undefined {
  for (const [subresource, byMethod] of Object.entries(routes)) {
    if (query.has(subresource)) return byMethod[method] ?? 'Unsupported';
  }
  return undefined;
}
