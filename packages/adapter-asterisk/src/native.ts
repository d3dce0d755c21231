import type { DriverContext } from '@onrecord/core';
import type { ServerProbe } from './probe.ts';

/** What is beneath the driver: the escape hatch. */
export interface AsteriskNative {
  /**
   * Sends any request of ARI with the driver's credentials, and returns the JSON of the answer. Each segment of the path
   * is encoded: `['recordings', 'live', 'folder/name']`.
   * @throws AriError
   */
  request(
    method: 'GET' | 'POST' | 'DELETE',
    path: readonly string[],
    options: {
      readonly signal: AbortSignal;
      readonly query?: { readonly [name: string]: string | number | undefined } | undefined;
    },
  ): Promise<unknown>;
  /**
   * Finds out what the server is and which formats it records, on an empty bridge that is removed again, and names the
   * declared outputs that it does not make.
   */
  probe(context: DriverContext): Promise<ServerProbe>;
}
