import { createRequire } from 'node:module';
import { BlobServiceClient } from '@azure/storage-blob';

/**
 * Azurite in this process: in memory, on a free port, without its check for API versions, of which it knows fewer than
 * the SDK. The import is not public and has no types; azurite is pinned to the release that this was written for.
 */
export interface Azurite {
  readonly client: BlobServiceClient;
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
const account = 'devstoreaccount1';
const key = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

export async function startAzurite(): Promise<Azurite> {
  const require = createRequire(import.meta.url);
  const { default: Configuration } = require('azurite/dist/src/blob/BlobConfiguration') as Module<object>;
  const { default: Server } = require('azurite/dist/src/blob/BlobServer') as Module<BlobServer>;
  const [host, port, keepAliveSeconds, noAccessLog, noDebugLog, notLoose, anyVersion] = [
    '127.0.0.1',
    0,
    5,
    false,
    false,
    false,
    true,
  ];
  const [none, inMemory] = [undefined, true];
  const server = new Server(
    new Configuration(
      host,
      port,
      keepAliveSeconds,
      none,
      none,
      none,
      noAccessLog,
      none,
      noDebugLog,
      none,
      notLoose,
      anyVersion,
      '',
      '',
      '',
      none,
      false,
      inMemory,
    ),
  );
  await server.start();
  const origin = server.getHttpServerAddress().replace(/\/$/, '');
  const connection = `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${key};BlobEndpoint=${origin}/${account};`;
  return { client: BlobServiceClient.fromConnectionString(connection), close: () => server.close() };
}
