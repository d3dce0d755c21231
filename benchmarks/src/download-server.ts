/** A storage host with one file of a GiB, as fast as Node sends it; in a process of its own. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { block, fileBytes } from './download-file.ts';

const server = createServer((request, response) => {
  request.resume();
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'content-length': fileBytes,
    'content-range': `bytes 0-${fileBytes - 1}/${fileBytes}`,
  });
  let sent = 0;
  const send = () => {
    while (sent < fileBytes) {
      sent += block.byteLength;
      if (!response.write(block)) return void response.once('drain', send);
    }
    response.end();
  };
  send();
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit());
