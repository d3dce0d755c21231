import type { ContainerClient } from '@azure/storage-blob';
import type { BlobAccount } from './blob-account.ts';

/**
 * Loads the client of Blob Storage, an optional peer dependency.
 * @throws Error naming the package to install when it is not there.
 */
export async function loadBlobClient(): Promise<typeof import('@azure/storage-blob')> {
  return import('@azure/storage-blob').catch((cause: unknown) => {
    throw new Error('blobAccounts needs the package @azure/storage-blob: npm install -D @azure/storage-blob', {
      cause,
    });
  });
}

/** A client that tries each request once: how often an export is tried is the simulator's own option. */
export async function blobContainer(name: string, account: BlobAccount, container: string): Promise<ContainerClient> {
  const { BlobServiceClient, StorageSharedKeyCredential } = await loadBlobClient();
  const credential = new StorageSharedKeyCredential(name, account.accountKey);
  const url = `${account.origin.replace(/\/+$/, '')}/${name}`;
  return new BlobServiceClient(url, credential, { retryOptions: { maxTries: 1 } }).getContainerClient(container);
}
