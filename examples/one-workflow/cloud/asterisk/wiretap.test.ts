import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { Duplex } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listen } from '../../app/listen.ts';
import { Wiretap } from './wiretap.ts';

const server = createServer((asked, answer) => {
  asked.setEncoding('utf8');
  let body = '';
  asked.on('data', (text: string) => {
    body += text;
  });
  asked.on('end', () => {
    if (asked.method === 'POST') answer.writeHead(204).end();
    else answer.end(`${asked.headers.authorization} ${asked.url} ${body}`);
  });
});
server.on('upgrade', (asked: IncomingMessage, socket: Duplex) => {
  if (!asked.headers.authorization) return void socket.end('HTTP/1.1 401 No\r\ncontent-length: 0\r\n\r\n');
  socket.write('HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\nfirst ');
  socket.pipe(socket);
});
let wiretap: Wiretap;

beforeEach(async () => {
  wiretap = await Wiretap.open(`${await listen(server)}/ari`);
});

afterEach(async () => {
  wiretap.close();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

test('requests and answers pass as they are, and what was answered when is written down', async () => {
  const before = Date.now();
  await fetch(`${wiretap.url}/recordings/live/a%2Fb/pause?x=1`, { method: 'POST' });
  const answer = await fetch(`${wiretap.url}/asterisk/info`, { headers: { authorization: 'Basic key' } });
  expect(await answer.text()).toBe('Basic key /ari/asterisk/info ');
  expect(wiretap.answers).toMatchObject([
    { asked: 'POST /recordings/live/a%2Fb/pause', status: 204 },
    { asked: 'GET /asterisk/info', status: 200 },
  ]);
  for (const { at } of wiretap.answers) expect(at).toBeGreaterThanOrEqual(before);
});

test('a socket passes both ways, or is refused as the server refuses it', async () => {
  const headers = { connection: 'upgrade', upgrade: 'websocket' };
  const refused = request(`${wiretap.url}/events`, { headers }).end();
  const [{ statusCode }] = (await once(refused, 'response')) as [IncomingMessage];
  expect(statusCode).toBe(401);

  const taken = request(`${wiretap.url}/events`, { headers: { ...headers, authorization: 'Basic key' } }).end();
  const [, socket, head] = (await once(taken, 'upgrade')) as [IncomingMessage, Duplex, Buffer];
  socket.write('and back');
  let heard = head.toString('utf8');
  while (heard !== 'first and back') heard += String((await once(socket, 'data'))[0]);
  socket.destroy();
});
