/** One process that lists the chunks of a meeting, by the adapter or by the plain SDK, and prints one figure of it. */
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { chimeMeeting } from '@onrecord/adapter-chime';

const [mode = 'plain', figure = 'cpu', hours = '6h', port = '0'] = process.argv.slice(2);
const access = {
  region: 'us-east-1',
  endpoint: `http://127.0.0.1:${port}`,
  credentials: { accessKeyId: 'benchmark', secretAccessKey: 'benchmark' },
  forcePathStyle: true,
};

function lister(): () => Promise<unknown> {
  if (mode === 'plain') {
    const client = new S3Client(access);
    return async () => {
      let objects = 0;
      for (let token: string | undefined; ; ) {
        const page = await client.send(
          new ListObjectsV2Command({ Bucket: 'recordings', Prefix: `${hours}/p1/`, ContinuationToken: token }),
        );
        objects += page.Contents?.length ?? 0;
        token = page.NextContinuationToken;
        if (token === undefined) return objects;
      }
    };
  }
  const driver = chimeMeeting({ region: 'us-east-1', bucket: 'recordings', s3: access });
  const call = { kind: 'chime.meeting', provider: 'main', key: 'm', data: { meetingId: 'm' } } as const;
  return () => driver.native().inventory({ sessionId: hours, partId: 'p1', call });
}

const list = lister();
await list();
if (figure === 'cpu') {
  const before = process.cpuUsage();
  for (let index = 0; index < 2; index++) await list();
  const { user, system } = process.cpuUsage(before);
  console.log((user + system) / 2_000);
} else if (figure === 'time') {
  const before = performance.now();
  for (let index = 0; index < 2; index++) await list();
  console.log((performance.now() - before) / 2);
} else {
  // Garbage is collected often, so that what is seen is what is held.
  let peak = 0;
  const sampler = setInterval(() => {
    globalThis.gc?.();
    peak = Math.max(peak, process.memoryUsage().heapUsed);
  }, 100);
  await list();
  clearInterval(sampler);
  console.log(peak / 1_048_576);
}
process.exit();
