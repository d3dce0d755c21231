import type { StorageCapabilities } from '@onrecord/core';

export const memoryCapabilities: Omit<StorageCapabilities, 'maxObjectBytes'> = {
  spec: 'onrecord.storage/v1',
  ifAbsent: 'atomic',
  ifMatch: 'atomic',
  presignRead: false,
  serverSideCopyFrom: [],
};
