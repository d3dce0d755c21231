import {
  AnonymousCredential,
  type BlobClient,
  BlobSASPermissions,
  type BlobServiceClient,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import { systemClock } from '@onrecord/core';

/** Whether this client can make links that others may read by. */
export function canSign(client: BlobServiceClient): boolean {
  return !(client.credential instanceof AnonymousCredential);
}

/** A URL with a read-only SAS, signed by the account key or, for a token, by a user delegation key. */
export async function signedReadUrl(
  service: BlobServiceClient,
  blob: BlobClient,
  options: { readonly expiresInMs: number; readonly signal: AbortSignal },
): Promise<string> {
  const now = systemClock.now();
  const expiresOn = new Date(now + options.expiresInMs);
  const sas = { permissions: BlobSASPermissions.parse('r'), expiresOn };
  if (service.credential instanceof StorageSharedKeyCredential) return blob.generateSasUrl(sas);
  const key = await service.getUserDelegationKey(new Date(now), expiresOn, { abortSignal: options.signal });
  return blob.generateUserDelegationSasUrl(sas, key);
}
