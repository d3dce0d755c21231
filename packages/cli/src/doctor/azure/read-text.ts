import { get as getPlain } from 'node:http';
import { get as getSecure } from 'node:https';
import type { LookupFunction } from 'node:net';

const limitBytes = 1024 * 1024;

/**
 * The body of a GET, up to 1 MiB, by the way that the provider's option `connect` names. An answer other than 200 is an
 * error.
 */
export function readText(
  url: URL,
  { connect, signal }: { readonly connect: { readonly [name: string]: unknown }; readonly signal: AbortSignal },
): Promise<string> {
  const { address, ca } = connect;
  const options = {
    signal,
    ...(typeof address === 'string' ? { lookup: always(address) } : {}),
    ...(typeof ca === 'string' ? { ca } : {}),
  };
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'http:' ? getPlain : getSecure)(url, options, (response) => {
      const pieces: Buffer[] = [];
      let bytes = 0;
      response.on('data', (piece: Buffer) => {
        pieces.push(piece);
        bytes += piece.length;
        if (bytes > limitBytes) request.destroy(new Error('The answer is larger than 1 MiB.'));
      });
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200) resolve(Buffer.concat(pieces).toString('utf8'));
        else reject(new Error(`It answered ${response.statusCode}.`));
      });
    });
    request.on('error', reject);
  });
}

function always(address: string): LookupFunction {
  const family = address.includes(':') ? 6 : 4;
  return (_host, options, callback) =>
    options.all ? callback(null, [{ address, family }]) : callback(null, address, family);
}
