import { S3Client } from '@aws-sdk/client-s3';
import { registerSuite, storageSuite } from '@onrecord/contract-kit';
import { SimulatedS3 } from '@onrecord/simulator';
import { afterAll, describe, test } from 'vitest';
import { closedOrigin } from '../testing/closed-port.ts';
import { s3 } from './s3-driver.ts';

const bucket = 'recordings';
const isCommit = ({ operation }: { readonly operation: string }) =>
  operation === 'PutObject' || operation === 'CompleteMultipartUpload';

/** With the limits of a single request as they are, and with one so low that every large object goes out in parts. */
for (const [name, limits] of [
  ['s3', {}],
  ['s3 in parts', { singlePutBytes: 1024 * 1024, partBytes: 5 * 1024 * 1024 }],
] as const) {
  registerSuite({ describe, test, afterAll }, storageSuite, {
    name,
    facts: { capabilities: s3({ bucket }).capabilities, durable: true, counted: true, faulty: true, remote: true },
    async open() {
      const server = await SimulatedS3.start({ buckets: [bucket] });
      const drivers = new Set<{ close(): Promise<void> }>();
      const open = (config: object) => {
        const driver = s3({ bucket, prefix: 'pre/fix/', client: { ...server.clientConfig(), ...config }, ...limits });
        drivers.add(driver);
        return driver;
      };
      return {
        open: async () => open({}),
        requests: () => server.requests().length,
        openUploads: async () => server.openUploads(bucket).map(({ key }) => key),
        faults: {
          failCommit: () => server.faults.next({ match: isCommit, fault: { status: 500 }, times: 99 }),
          loseCommitAnswer: () => server.faults.next({ match: isCommit, fault: 'drop-before-answer' }),
          breakBody: (bytes) => server.faults.next({ match: 'GetObject', fault: { dropAfterBytes: bytes }, times: 99 }),
          heal: () => server.faults.clear(),
        },
        unreachable: async () => open({ endpoint: await closedOrigin(), maxAttempts: 1 }),
        unauthorized: async () =>
          open({ credentials: { accessKeyId: server.credentials.accessKeyId, secretAccessKey: 'another' } }),
        async close() {
          for (const driver of drivers) await driver.close();
          await server.close();
        },
      };
    },
  });
}

test('a client of the caller stays open when the driver is closed', async () => {
  await using server = await SimulatedS3.start({ buckets: [bucket] });
  const client = new S3Client(server.clientConfig());
  const driver = s3({ bucket, client });
  await driver.close();
  await s3({ bucket, client }).doHead('k', { signal: new AbortController().signal });
  client.destroy();
});
