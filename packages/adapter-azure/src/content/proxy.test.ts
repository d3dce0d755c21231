import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { finished } from '../testing/finished-file.ts';
import { rejection } from '../testing/scene.ts';

/** A proxy that tunnels every name to this machine, and notes what it was asked for. */
async function openProxy() {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((_request, response) => response.writeHead(500).end());
  server.on('connect', (request, socket, head) => {
    asked.push(request.url ?? '');
    const upstream = connect(Number(request.url?.split(':').at(-1)), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    for (const one of [upstream, socket as Socket]) sockets.add(one.on('error', () => {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    asked,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test('`client.proxyOptions` holds for files as for commands, and a proxy is trusted no more than a line', async () => {
  const { scene, master } = await finished();
  await using _scene = scene;
  await using proxy = await openProxy();
  const driver = scene.another({ client: { proxyOptions: { host: 'http://127.0.0.1', port: proxy.port } } });
  const error = await rejection(driver.doOpenArtifact(master, {}, scene.context));
  const { port } = new URL(scene.azure.endpoint);
  expect(proxy.asked).toEqual([`storage.asm.skype.com:${port}`]);
  // The SDK applies no `tlsOptions` behind a proxy, so the simulator's certificate is refused here.
  expect(driver.classifyError(error)).toMatchObject({ message: expect.stringContaining('certificate') });
});
