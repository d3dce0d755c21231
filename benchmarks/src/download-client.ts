/** Copies the file of the server to a file: through the adapter, or with Node alone. Prints CPU seconds, or MiB at its highest. */
import { createReadStream, createWriteStream, existsSync, rmSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { createDefaultHttpClient } from '@azure/core-rest-pipeline';
import { azure } from '@onrecord/adapter-azure';
import { systemClock } from '@onrecord/core';
import { block, fileBytes } from './download-file.ts';

const [mode, figure, port = '0'] = process.argv.slice(2);
const path = join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), `onrecord-download-${process.pid}`);

/** Without TLS, which would cost the same on both sides and hide what differs. */
const plain = createDefaultHttpClient();
const driver = azure({
  connectionString: `endpoint=https://onrecord.communication.azure.com;accesskey=${Buffer.from('benchmark').toString('base64')}`,
  client: {
    httpClient: {
      sendRequest(request) {
        request.url = `http://127.0.0.1:${port}/`;
        request.allowInsecureConnection = true;
        return plain.sendRequest(request);
      },
    },
  },
});

async function copy(): Promise<void> {
  if (mode === 'raw') {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      get(`http://127.0.0.1:${port}/`, resolve).on('error', reject);
    });
    return pipeline(response, createWriteStream(path));
  }
  const source = 'https://storage.asm.skype.com/v1/objects/d/content/audio';
  const { body } = await driver.doOpenArtifact(
    {
      id: 'p1-master-0',
      mediaKey: 'd',
      partId: 'p1',
      role: 'master',
      state: 'available',
      location: source,
      source,
      tracks: [],
    },
    {},
    { signal: new AbortController().signal, clock: systemClock },
  );
  return pipeline(body, createWriteStream(path));
}

try {
  const before = process.cpuUsage();
  await copy();
  const { user, system } = process.cpuUsage(before);
  const { maxRSS } = process.resourceUsage();
  let checksum = 0;
  let expected = 0;
  for await (const piece of createReadStream(path, { highWaterMark: block.byteLength }))
    checksum = crc32(piece, checksum);
  for (let sent = 0; sent < fileBytes; sent += block.byteLength) expected = crc32(block, expected);
  if (checksum !== expected) throw new Error('The copy is not the file.');
  console.log(figure === 'memory' ? maxRSS / 1_024 : (user + system) / 1_000_000);
} finally {
  rmSync(path, { force: true });
}
process.exit();
