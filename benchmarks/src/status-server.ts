import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers every request as Azure answers the state of a running recording. */
const server = createServer((request, response) => {
  request.resume();
  response.setHeader('content-type', 'application/json; charset=utf-8');
  response.end('{"recordingId":"cmVjb3JkaW5n","recordingState":"active"}');
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit());
