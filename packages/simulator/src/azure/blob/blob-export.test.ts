import { expect, test } from 'vitest';
import { VirtualClock } from '../../clock/virtual-clock.ts';
import { listen, readBody } from '../../http/index.ts';
import type { Content } from '../media/content.ts';
import { BlobExport } from './blob-export.ts';

const MIB = 1024 * 1024;

test('a file of any size is written in blocks, with no more than a few of them made ahead', async () => {
  let received = 0;
  let made = 0;
  let ahead = 0;
  await using endpoint = Object.assign(
    await listen(async (request, response) => {
      ahead = Math.max(ahead, made - received);
      const body = await readBody(request);
      received += body.length;
      response.writeHead(201, { etag: '"1"' }).end();
    }),
    { [Symbol.asyncDispose]: () => endpoint.close() },
  );
  const content: Content = {
    bytes: 100 * MIB,
    *read(from, to) {
      for (let at = from; at < to; at += MIB) {
        made += MIB;
        yield new Uint8Array(MIB);
      }
    },
  };
  using clock = new VirtualClock();
  const accounts = { acme: { origin: endpoint.origin, accountKey: Buffer.from('key').toString('base64') } };
  const blobs = new BlobExport(clock, new AbortController().signal, accounts);
  const destination = { account: 'acme', container: 'calls', location: '' };
  expect(await blobs.write(destination, 'a.wav', content, 'audio/wav')).toBe(true);
  expect([made, received > 100 * MIB]).toEqual([100 * MIB, true]);
  expect(ahead).toBeLessThanOrEqual(24 * MIB);
});

test('an account that does not answer is a failure without a status', async () => {
  const endpoint = await listen(async (_, response) => void response.destroy());
  const accounts = { acme: { origin: endpoint.origin, accountKey: 'a2V5' } };
  using clock = new VirtualClock();
  const blobs = new BlobExport(clock, new AbortController().signal, accounts);
  const content: Content = { bytes: 1, read: () => [new Uint8Array(1)] };
  expect(await blobs.write({ account: 'acme', container: 'calls', location: '' }, 'a.wav', content, 'audio/wav')).toBe(
    false,
  );
  expect(blobs.attempts).toMatchObject([
    { url: 'https://acme.blob.core.windows.net/calls/a.wav', failure: { status: undefined, code: 'ECONNRESET' } },
  ]);
  await endpoint.close();
});
