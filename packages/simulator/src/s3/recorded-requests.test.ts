import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SimulatedS3 } from './simulated-s3.ts';

interface Recorded {
  readonly service: string;
  readonly operation: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

const root =
  process.env['ONRECORD_REFERENCE'] ?? fileURLToPath(new URL('../../../../../shared/reference', import.meta.url));
const file = `${root}/aws/wire/sdk-requests.json`;
const recorded: readonly Recorded[] = existsSync(file)
  ? (JSON.parse(readFileSync(file, 'utf8')) as readonly Recorded[]).filter((request) => request.service === 's3')
  : [];
if (recorded.length === 0) console.warn('skipped: the recorded SDK requests are not at hand (ONRECORD_REFERENCE)');

const Bucket = 'my-bucket';
const commands = {
  GetObject: new GetObjectCommand({ Bucket, Key: 'a b/ü+c.wav' }),
  HeadObject: new HeadObjectCommand({ Bucket, Key: 'k' }),
  ListObjectsV2: new ListObjectsV2Command({ Bucket, Prefix: 'p/', MaxKeys: 5 }),
  DeleteObject: new DeleteObjectCommand({ Bucket, Key: 'k' }),
  PutObject: new PutObjectCommand({ Bucket, Key: 'k', Body: 'hi' }),
};

let s3: SimulatedS3;
let client: S3Client;
beforeAll(async () => {
  s3 = await SimulatedS3.start({ buckets: [Bucket] });
  s3.put(Bucket, 'a b/ü+c.wav', Buffer.from('x'));
  s3.put(Bucket, 'k', Buffer.from('x'));
  client = new S3Client({ ...s3.clientConfig(), maxAttempts: 1 });
});
afterAll(async () => {
  client.destroy();
  await s3.close();
});

test.skipIf(recorded.length === 0)(
  'the SDK sends what was recorded, and the simulator serves it under the recorded name',
  async () => {
    const sent: { method: string; url: string; headers: Readonly<Record<string, string | undefined>> }[] = [];
    s3.faults.next({
      match: (call) => {
        const headers = Object.entries(call.headers).map(([name, value]) => [name, String(value)]);
        sent.push({ method: call.method, url: call.url, headers: Object.fromEntries(headers) });
        return false;
      },
      fault: 'drop-before-work',
    });
    for (const request of recorded) {
      const command = Object.entries(commands).find(([name]) => name === request.operation)?.[1];
      expect(command, `no command for the recorded ${request.operation}`).toBeDefined();
      if (command instanceof GetObjectCommand) await client.send(command);
      else if (command instanceof HeadObjectCommand) await client.send(command);
      else if (command instanceof ListObjectsV2Command) await client.send(command);
      else if (command instanceof DeleteObjectCommand) await client.send(command);
      else if (command instanceof PutObjectCommand) await client.send(command);
      const { method, url, headers } = request;
      expect(sent.at(-1)).toMatchObject({ method, url, headers });
      expect(s3.requests().at(-1)).toMatchObject({ operation: request.operation, errorCode: undefined });
    }
    expect(sent).toHaveLength(5);
  },
);
