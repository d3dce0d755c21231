import { createRequire } from 'node:module';

/**
 * Azurite in this process: in memory, on a free port, without its check for API versions, of which it knows fewer than
 * the SDK. The import is not public and has no types; azurite is pinned to the release that this was written for.
 */
export interface Azurite {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  readonly account: string;
  readonly accountKey: string;
  close(): Promise<void>;
}

interface BlobServer {
  start(): Promise<void>;
  getHttpServerAddress(): string;
  close(): Promise<void>;
}
type Constructor<T> = new (...parameters: unknown[]) => T;
interface Module<T> {
  readonly default: Constructor<T>;
}

/** The account of every storage emulator, printed in its documentation. */
const ACCOUNT = 'devstoreaccount1';
const KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

export async function startAzurite(): Promise<Azurite> {
  const require = createRequire(import.meta.url);
  const { default: Configuration } = require('azurite/dist/src/blob/BlobConfiguration') as Module<object>;
  const { default: Server } = require('azurite/dist/src/blob/BlobServer') as Module<BlobServer>;
  const off = [false, undefined, false, undefined, false] as const;
  const files = [undefined, undefined, undefined] as const;
  const configuration = new Configuration(
    '127.0.0.1', // host
    0, // port
    5, // keep-alive timeout, s
    ...files, // metadata, extents, persistence: none
    ...off, // access log, debug log, loose mode
    true, // skip the API version check
    '', // certificate
    '', // key
    '', // password
    undefined, // OAuth
    false, // product-style URLs off
    true, // in memory
  );
  const server = new Server(configuration);
  await server.start();
  const origin = server.getHttpServerAddress().replace(/\/$/, '');
  return { origin, account: ACCOUNT, accountKey: KEY, close: () => server.close() };
}
