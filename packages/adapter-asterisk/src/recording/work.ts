import type { DriverContext } from '@onrecord/core';
import type { AriClient, AriRequest } from '../client/ari-client.ts';
import type { Operation } from '../client/ari-error.ts';
import type { AsteriskConfig } from '../config/config.ts';

/** What it takes to carry out one call of the driver. */
export interface Work extends DriverContext {
  readonly client: AriClient;
  readonly config: AsteriskConfig;
  readonly operation: Operation;
}

/** The JSON of the answer. @throws AriError */
export function ask(
  { client, operation, signal }: Work,
  method: 'GET' | 'POST' | 'DELETE',
  path: readonly string[],
  query?: AriRequest['query'],
): Promise<unknown> {
  return client.request(method, path, { operation, signal, query });
}
