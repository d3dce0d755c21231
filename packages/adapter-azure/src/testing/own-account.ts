import { randomUUID } from 'node:crypto';
import { type AzureBlobDriver, azureBlob } from '@onrecord/storage/azure-blob';
import { startAzurite } from '../../../../tools/testing/azurite.ts';

/** A storage account of the customer's with an empty container, in memory on this machine. */
export interface OwnAccount extends AsyncDisposable {
  /** `https://<account>.blob.core.windows.net/<container>`, as Azure knows it. */
  readonly containerUrl: string;
  /** Where the account really is, for the simulated resource. */
  readonly blobAccounts: Readonly<Record<string, { readonly origin: string; readonly accountKey: string }>>;
  /** Of the account, as a store is configured with it. */
  readonly connectionString: string;
  /** A store over the container. */
  store(): AzureBlobDriver;
  /** Names of the blobs in the container. */
  names(): Promise<readonly string[]>;
}

/** Starts an Azurite on a free port. */
export async function openOwnAccount(): Promise<OwnAccount> {
  const azurite = await startAzurite();
  const { account, accountKey, origin, connectionString } = azurite;
  const container = `c${randomUUID()}`;
  const store = () => azureBlob({ container, connectionString });
  const client = store().native().getContainerClient(container);
  await client.create();
  return {
    containerUrl: `https://${account}.blob.core.windows.net/${container}`,
    blobAccounts: { [account]: { origin, accountKey } },
    connectionString,
    store,
    async names() {
      const names: string[] = [];
      for await (const { name } of client.listBlobsFlat()) names.push(name);
      return names;
    },
    [Symbol.asyncDispose]: () => azurite.close(),
  };
}
