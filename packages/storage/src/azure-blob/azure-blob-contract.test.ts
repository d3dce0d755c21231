import { randomUUID } from 'node:crypto';
import { BlobServiceClient } from '@azure/storage-blob';
import { registerSuite, storageSuite } from '@onrecord/contract-kit';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { type Azurite, startAzurite } from '../../../../tools/testing/azurite.ts';
import { startBlobProxy } from '../testing/blob-proxy.ts';
import { closedOrigin } from '../testing/closed-port.ts';
import { azureBlob } from './azure-blob-driver.ts';
import { azureBlobCapabilities } from './capabilities.ts';

let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.close());

const isCommit = ({ operation }: { readonly operation: string }) =>
  operation === 'PutBlob' || operation === 'PutBlockList';

function clientOf(origin: string, key: string, maxTries = 3): BlobServiceClient {
  const { account } = azurite;
  const connection = `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${key};BlobEndpoint=${origin}/${account};`;
  return BlobServiceClient.fromConnectionString(connection, {
    retryOptions: { maxTries, retryDelayInMs: 1, maxRetryDelayInMs: 1 },
  });
}

registerSuite({ describe, test, afterAll }, storageSuite, {
  name: 'azure-blob',
  facts: {
    capabilities: azureBlobCapabilities({ canSign: true, maxObjectBytes: 50_000 * 8 * 1024 * 1024 }),
    durable: true,
    counted: true,
    faulty: true,
    remote: true,
  },
  async open() {
    const proxy = await startBlobProxy(azurite.origin);
    const client = clientOf(proxy.origin, azurite.accountKey);
    const container = `c${randomUUID()}`;
    await client.createContainer(container);
    const open = (given: BlobServiceClient) => azureBlob({ container, prefix: 'pre/fix/', client: given });
    return {
      open: async () => open(client),
      requests: proxy.requests,
      faults: {
        failCommit: () => proxy.faults.next({ match: isCommit, fault: { status: 500 }, times: 99 }),
        loseCommitAnswer: () => proxy.faults.next({ match: isCommit, fault: 'drop-before-answer' }),
        breakBody: (bytes) => proxy.faults.next({ match: 'GetBlob', fault: { dropAfterBytes: bytes }, times: 99 }),
        heal: () => proxy.faults.clear(),
      },
      unreachable: async () => open(clientOf(await closedOrigin(), azurite.accountKey, 1)),
      unauthorized: async () => open(clientOf(proxy.origin, Buffer.from('another key').toString('base64'))),
      async close() {
        await client.deleteContainer(container);
        await proxy.close();
      },
    };
  },
});
