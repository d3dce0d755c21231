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
  readonly connectionString: string;
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
  const configuration = new Configuration(
    '127.0.0.1', // host
    0, // port
    5, // keep-alive timeout, s
    undefined, // metadata database
    undefined, // extent database
    undefined, // persistence paths
    false, // access log
    undefined, // access log stream
    false, // debug log
    undefined, // debug log file
    false, // loose mode
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
  const connectionString = `DefaultEndpointsProtocol=http;AccountName=${ACCOUNT};AccountKey=${KEY};BlobEndpoint=${origin}/${ACCOUNT};`;
  return { origin, account: ACCOUNT, accountKey: KEY, connectionString, close: () => server.close() };
}
