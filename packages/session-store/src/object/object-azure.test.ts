import { randomUUID } from 'node:crypto';
import { BlobServiceClient } from '@azure/storage-blob';
import { registerSuite, sessionStoreSuite } from '@onrecord/contract-kit';
import { azureBlob } from '@onrecord/storage/azure-blob';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { type Azurite, startAzurite } from '../../../../tools/testing/azurite.ts';
import { objectHarness } from './testing/object-harness.ts';

let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.close());

registerSuite({ describe, test, afterAll }, sessionStoreSuite, {
  name: 'object over azure-blob',
  facts: { durable: true, shared: true },
  async open() {
    const client = BlobServiceClient.fromConnectionString(azurite.connectionString);
    const container = `c${randomUUID()}`;
    await client.createContainer(container);
    return objectHarness(() => azureBlob({ container, client }));
  },
});
