import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Listens on this machine, on the port in PORT or on a free one; returns the address.
 * @throws the `listen` error, e.g. EADDRINUSE with the port in its message.
 */
export function listen(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(Number(process.env['PORT'] ?? 0), '127.0.0.1', () => {
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    });
  });
}
