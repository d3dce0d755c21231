import type { StorageCapabilities } from '@onrecord/core';

/**
 * `ifAbsent` is link(2), atomic on every local filesystem; no call of an operating system replaces a file on condition
 * of its content, so there is no `ifMatch`.
 */
export const filesystemCapabilities: StorageCapabilities = {
  spec: 'onrecord.storage/v1',
  ifAbsent: 'atomic',
  ifMatch: false,
  presignRead: false,
  serverSideCopyFrom: [],
  maxObjectBytes: Number.MAX_SAFE_INTEGER,
};
