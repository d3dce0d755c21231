import type { StorageCapabilities } from '@onrecord/core';

/** Amazon S3, and stores that offer its conditional writes. `maxObjectBytes` follows from the size of a part. */
export const s3Capabilities: Omit<StorageCapabilities, 'maxObjectBytes'> = {
  spec: 'onrecord.storage/v1',
  ifAbsent: 'atomic',
  ifMatch: 'atomic',
  presignRead: true,
  serverSideCopyFrom: ['s3'],
};
