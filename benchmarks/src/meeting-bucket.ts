/**
 * Answers ListObjectsV2 for meetings of one hour and of six, six streams each, from pages made beforehand: what is
 * measured is the client. Answers the message `requests` with how many came.
 */
import { createServer } from 'node:http';

const chunkMs = 5_000;
const perPage = 1_000;
const began = Date.UTC(2026, 0, 5, 9);
const attendees = ['6869080f-d028-d9ae-c015-38882089c696', '1e6bf4f5-d028-d9ae-c015-38882089c697'];
const streams = [
  (time: string) => `audio/${time}.mp4`,
  (time: string) => `composited-video/${time}.mp4`,
  (time: string) => `meeting-events/${time}.txt`,
  (time: string) => `video/${time}-${attendees[0]}.mp4`,
  (time: string) => `video/${time}-${attendees[1]}.mp4`,
  (time: string) => `video/${time}-${attendees[1]}#content.mp4`,
];

function pagesOf(hours: number): readonly string[] {
  const keys: string[] = [];
  for (let index = 0; index < (hours * 3_600_000) / chunkMs; index++) {
    const time = new Date(began + index * chunkMs).toISOString().replace(/[T:.]/g, '-').slice(0, -1);
    for (const key of streams) keys.push(`${hours}h/p1/${key(time)}`);
  }
  keys.sort();
  return Array.from({ length: Math.ceil(keys.length / perPage) }, (_, page) => {
    const contents = keys
      .slice(page * perPage, (page + 1) * perPage)
      .map(
        (key) =>
          `<Contents><Key>${key}</Key><LastModified>2026-01-05T09:00:00.000Z</LastModified>` +
          `<ETag>&quot;9a0364b9e99bb480dd25e1f0284c8555&quot;</ETag><Size>80000</Size><StorageClass>STANDARD</StorageClass></Contents>`,
      );
    const more = (page + 1) * perPage < keys.length;
    const next = more ? `<NextContinuationToken>${page + 1}</NextContinuationToken>` : '';
    return (
      `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult><Name>recordings</Name><KeyCount>${contents.length}</KeyCount>` +
      `<MaxKeys>${perPage}</MaxKeys><IsTruncated>${more}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`
    );
  });
}

const pages: Readonly<Record<string, readonly string[]>> = { '1h/p1/': pagesOf(1), '6h/p1/': pagesOf(6) };
let requests = 0;

const server = createServer((request, response) => {
  requests += 1;
  const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const body = pages[searchParams.get('prefix') ?? '']?.[Number(searchParams.get('continuation-token') ?? 0)];
  response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/xml' }).end(body);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.(typeof address === 'object' && address !== null ? address.port : 0);
});
process.on('message', () => process.send?.(requests));
