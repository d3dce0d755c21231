import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OnRecordError } from '@onrecord/core';

/**
 * Listens on this machine, on the port in PORT or on a free one; returns the address.
 * @throws OnRecordError `conflict` when the port is taken.
 */
export async function listen(server: Server): Promise<string> {
  const port = Number(process.env['PORT'] ?? 0);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      reject(
        new OnRecordError('conflict', `Nothing can listen on port ${port} of this machine: ${cause.message}.`, {
          remedy: 'End what listens there, or set PORT to another one.',
          cause,
        }),
      );
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
