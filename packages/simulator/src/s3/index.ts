export type { BucketEncryption, BucketSettings, ObjectOwnership, PublicAccessBlock } from './bucket-settings.ts';
export type { ChecksumAlgorithm, ObjectChecksum } from './checksum.ts';
export { S3Error, type S3ErrorCode } from './error.ts';
export type { S3Operation } from './request.ts';
export * from './simulated-s3.ts';
export type { CreationEvent, ObjectCreated } from './store.ts';
export type { ObjectProperties, StoredObject } from './stored-object.ts';
