import { BlobServiceClient } from '@azure/storage-blob';
import { OnRecordError, reveal, type Secret } from '@onrecord/core';

const MIB = 1024 * 1024;

/** Limits of Blob Storage: https://learn.microsoft.com/azure/storage/blobs/scalability-targets */
export const MAX_BLOCKS: number = 50_000;
const MAX_BLOCK_BYTES = 4000 * MIB;

export interface AzureBlobOptions {
  readonly container: string;
  /** Put before every key, e.g. `recordings/`. @default '' */
  readonly prefix?: string | undefined;
  /** Of the storage account. Give this or `client`. */
  readonly connectionString?: string | Secret | undefined;
  /** A client of yours, for instance with a managed identity. Give this or `connectionString`. */
  readonly client?: BlobServiceClient | undefined;
  /** Larger objects go out in blocks of this; the largest object is 50 000 of them. @default 8 MiB */
  readonly blockBytes?: number | undefined;
  /** Blocks on their way at once; each is in memory. @default 3 */
  readonly parallelBlocks?: number | undefined;
  /**
   * Whether the service compares every block with an MD5 sent along: about 1.2 s of CPU for each GiB.
   * @default 'md5'
   */
  readonly blockChecksum?: 'md5' | 'none' | undefined;
}

/** Options with every default in place. */
export interface AzureBlobSettings {
  readonly client: BlobServiceClient;
  readonly container: string;
  readonly prefix: string;
  readonly blockBytes: number;
  readonly parallelBlocks: number;
  readonly blockChecksum: 'md5' | 'none';
}

/** @throws OnRecordError `invalid-request` naming every option that cannot be */
export function azureBlobSettings(options: AzureBlobOptions): AzureBlobSettings {
  const { blockBytes = 8 * MIB, parallelBlocks = 3, prefix = '', container } = options;
  const problems = [
    container === '' && 'container is empty',
    prefix.startsWith('/') && 'prefix begins with a slash',
    (options.client === undefined) === (options.connectionString === undefined) && 'give client or connectionString',
    !within(blockBytes, 1, MAX_BLOCK_BYTES) && 'blockBytes is not between 1 byte and 4000 MiB',
    !within(parallelBlocks, 1, 100) && 'parallelBlocks is not between 1 and 100',
  ].filter((problem) => problem !== false);
  if (problems.length > 0) throw wrong(problems.join('; '));
  const client = options.client ?? connect(reveal(options.connectionString ?? ''));
  return { client, container, prefix, blockBytes, parallelBlocks, blockChecksum: options.blockChecksum ?? 'md5' };
}

function connect(connectionString: string): BlobServiceClient {
  try {
    return BlobServiceClient.fromConnectionString(connectionString);
  } catch {
    // The SDK's message may repeat parts of the string, which is a secret.
    throw wrong('connectionString is not the connection string of a storage account');
  }
}

function wrong(problems: string): OnRecordError {
  return new OnRecordError('invalid-request', `The options of the Azure Blob store are wrong: ${problems}.`);
}

function within(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
