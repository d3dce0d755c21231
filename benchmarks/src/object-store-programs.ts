/** What is bundled and loaded. Each makes what a Lambda makes, so that nothing is shaken off that it needs. */
export const objectStorePrograms = {
  alone: `
    import { objectSessionStore } from '@onrecord/session-store/object';
    globalThis.make = objectSessionStore;
  `,
  withS3: `
    import { objectSessionStore } from '@onrecord/session-store/object';
    import { s3 } from '@onrecord/storage/s3';
    globalThis.store = objectSessionStore(s3({ bucket: 'sessions', client: { region: 'us-east-1' } }));
  `,
  /** The same commands of the SDK. */
  client: `
    import {
      DeleteObjectCommand, GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client,
    } from '@aws-sdk/client-s3';
    globalThis.client = new S3Client({ region: 'us-east-1' });
    globalThis.commands = [
      DeleteObjectCommand, GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, PutObjectCommand,
    ];
  `,
} as const;
