import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { type AzureBlobDriver, azureBlob } from '@onrecord/storage/azure-blob';

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

interface BlobServer {
  start(): Promise<void>;
  getHttpServerAddress(): string;
  close(): Promise<void>;
}
type Module<T> = { readonly default: new (...parameters: unknown[]) => T };

/** The account of every storage emulator, printed in its documentation. */
const account = 'devstoreaccount1';
const accountKey = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

/** Starts an Azurite on a free port, without its check for API versions, of which it knows fewer than the SDK. */
export async function openOwnAccount(): Promise<OwnAccount> {
  const require = createRequire(import.meta.url);
  const { default: Configuration } = require('azurite/dist/src/blob/BlobConfiguration') as Module<object>;
  const { default: Server } = require('azurite/dist/src/blob/BlobServer') as Module<BlobServer>;
  const files = [undefined, undefined, undefined] as const;
  const logs = [false, undefined, false, undefined, false] as const;
  const skipVersionCheck = true;
  const certificate = ['', '', '', undefined] as const;
  const inMemory = true;
  const server = new Server(
    new Configuration('127.0.0.1', 0, 5, ...files, ...logs, skipVersionCheck, ...certificate, false, inMemory),
  );
  await server.start();
  const origin = server.getHttpServerAddress().replace(/\/$/, '');
  const container = `c${randomUUID()}`;
  const connectionString = `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${accountKey};BlobEndpoint=${origin}/${account};`;
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
    [Symbol.asyncDispose]: () => server.close(),
  };
}
