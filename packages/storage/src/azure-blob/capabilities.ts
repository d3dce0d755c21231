import type { StorageCapabilities } from '@onrecord/core';

/**
 * Links and copies need a client that can sign: an account key, or a token that may ask for a user delegation key. A
 * client made from a SAS can do neither.
 */
export function azureBlobCapabilities(options: {
  readonly canSign: boolean;
  readonly maxObjectBytes: number;
}): StorageCapabilities {
  return {
    spec: 'onrecord.storage/v1',
    ifAbsent: 'atomic',
    ifMatch: 'atomic',
    presignRead: options.canSign,
    serverSideCopyFrom: options.canSign ? ['azblob'] : [],
    maxObjectBytes: options.maxObjectBytes,
  };
}
