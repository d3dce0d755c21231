import { registerSuite, sessionStoreSuite } from '@onrecord/contract-kit';
import { SimulatedS3 } from '@onrecord/simulator';
import { memory } from '@onrecord/storage';
import { s3 } from '@onrecord/storage/s3';
import { afterAll, describe, test } from 'vitest';
import { objectHarness } from './testing/object-harness.ts';

const facts = { durable: true, shared: true };

registerSuite({ describe, test, afterAll }, sessionStoreSuite, {
  name: 'object over memory',
  facts,
  async open() {
    const driver = memory();
    return objectHarness(() => driver);
  },
});

registerSuite({ describe, test, afterAll }, sessionStoreSuite, {
  name: 'object over s3',
  facts,
  async open() {
    const server = await SimulatedS3.start({ buckets: ['sessions'] });
    const harness = objectHarness(() => s3({ bucket: 'sessions', client: server.clientConfig() }));
    return {
      ...harness,
      async close() {
        await harness.close();
        await server.close();
      },
    };
  },
});
