import type { Answer } from '../http/endpoint.ts';
import type { VerifiedBody } from './body.ts';
import { createBucket, deleteObjects, headBucket, listObjects } from './bucket-operations.ts';
import {
  deleteBucketPolicy,
  getBucketEncryption,
  getBucketLocation,
  getBucketOwnershipControls,
  getBucketPolicy,
  getPublicAccessBlock,
  putBucketEncryption,
  putBucketOwnershipControls,
  putBucketPolicy,
  putPublicAccessBlock,
} from './bucket-setting-operations.ts';
import { S3Error } from './error.ts';
import {
  abortMultipartUpload,
  completeMultipartUpload,
  createMultipartUpload,
  listMultipartUploads,
  listParts,
  type MultipartRules,
  uploadPart,
  uploadPartCopy,
} from './multipart-operations.ts';
import { copyObject, deleteObject, getObject, putObject } from './object-operations.ts';
import type { S3Request } from './request.ts';
import type { S3Store } from './store.ts';
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from './tagging-operations.ts';

export interface DispatchOptions extends MultipartRules {
  readonly region: string;
}

/**
 * Carries out one authenticated request, in one turn of the event loop.
 * @throws {@link S3Error}
 */
export function dispatch(store: S3Store, request: S3Request, body: VerifiedBody, options: DispatchOptions): Answer {
  switch (request.operation) {
    case 'CreateBucket':
      return createBucket(store, request);
    case 'HeadBucket':
      return headBucket(store, request, options.region);
    case 'ListObjectsV2':
      return listObjects(store, request);
    case 'DeleteObjects':
      return deleteObjects(store, request, body);
    case 'PutObject':
      return putObject(store, request, body);
    case 'GetObject':
    case 'HeadObject':
      return getObject(store, request);
    case 'DeleteObject':
      return deleteObject(store, request);
    case 'CopyObject':
      return copyObject(store, request);
    case 'PutObjectTagging':
      return putObjectTagging(store, request, body);
    case 'GetObjectTagging':
      return getObjectTagging(store, request);
    case 'DeleteObjectTagging':
      return deleteObjectTagging(store, request);
    case 'CreateMultipartUpload':
      return createMultipartUpload(store, request);
    case 'UploadPart':
      return uploadPart(store, request, body);
    case 'UploadPartCopy':
      return uploadPartCopy(store, request);
    case 'CompleteMultipartUpload':
      return completeMultipartUpload(store, request, body, options);
    case 'AbortMultipartUpload':
      return abortMultipartUpload(store, request);
    case 'ListParts':
      return listParts(store, request);
    case 'ListMultipartUploads':
      return listMultipartUploads(store, request);
    case 'GetBucketPolicy':
      return getBucketPolicy(store, request);
    case 'PutBucketPolicy':
      return putBucketPolicy(store, request, body);
    case 'DeleteBucketPolicy':
      return deleteBucketPolicy(store, request);
    case 'GetBucketLocation':
      return getBucketLocation(store, request, options.region);
    case 'GetBucketEncryption':
      return getBucketEncryption(store, request);
    case 'PutBucketEncryption':
      return putBucketEncryption(store, request, body);
    case 'GetBucketOwnershipControls':
      return getBucketOwnershipControls(store, request);
    case 'PutBucketOwnershipControls':
      return putBucketOwnershipControls(store, request, body);
    case 'GetPublicAccessBlock':
      return getPublicAccessBlock(store, request);
    case 'PutPublicAccessBlock':
      return putPublicAccessBlock(store, request, body);
    case 'Unsupported':
      throw new S3Error('NotImplemented', `The simulator does not serve ${request.method} ${request.url}.`);
  }
}
