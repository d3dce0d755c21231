import { type JsonObject, OnRecordError } from '@onrecord/core';
import { type ConfigProblem, definePlugin, type Plugin } from '@onrecord/core/inversify';
import { filesystem } from '../filesystem/filesystem-driver.ts';
import { memory } from '../memory/memory-driver.ts';
import { type OptionKind, optionValues, problemsOf } from './options.ts';

const filesystemShape = { path: 'text!' } as const;
const memoryShape = { name: 'text', maxObjectBytes: 'number' } as const;
const s3Shape = {
  bucket: 'text!',
  prefix: 'text',
  region: 'text',
  endpoint: 'text',
  forcePathStyle: 'flag',
  accessKeyId: 'text',
  secretAccessKey: 'text',
  sessionToken: 'text',
  expectedBucketOwner: 'text',
  singlePutBytes: 'number',
  partBytes: 'number',
  parallelParts: 'number',
  singleCopyBytes: 'number',
} as const;
const azureBlobShape = {
  container: 'text!',
  connectionString: 'text!',
  prefix: 'text',
  blockBytes: 'number',
  parallelBlocks: 'number',
  blockChecksum: 'text',
} as const;

/** The stores that a configuration can name by `type`. The SDK of a store is loaded when the store is made. */
export const plugins: readonly Plugin[] = [
  definePlugin({
    kind: 'storage',
    type: 'filesystem',
    check: (options) => problemsOf(options, filesystemShape),
    create: async (options, { clock }) => {
      const store = filesystem(optionValues(options, filesystemShape).path, { clock });
      await store.ready();
      return store;
    },
  }),
  definePlugin({
    kind: 'storage',
    type: 'memory',
    check: (options) => problemsOf(options, memoryShape),
    create: (options, { clock }) => memory({ ...optionValues(options, memoryShape), clock }),
  }),
  definePlugin({
    kind: 'storage',
    type: 's3',
    check: (options) => checkAlso(options, s3Shape, createS3),
    create: createS3,
  }),
  definePlugin({
    kind: 'storage',
    type: 'azure-blob',
    check: (options) => checkAlso(options, azureBlobShape, createAzureBlob),
    create: createAzureBlob,
  }),
];

async function createS3(options: JsonObject) {
  const { s3 } = await import('../s3/s3-driver.ts');
  const { accessKeyId, secretAccessKey, sessionToken, region, endpoint, forcePathStyle, ...own } = optionValues(
    options,
    s3Shape,
  );
  if ((accessKeyId === undefined) !== (secretAccessKey === undefined)) {
    throw new OnRecordError('invalid-request', 'Give accessKeyId and secretAccessKey both, or neither.');
  }
  const client = {
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(forcePathStyle === undefined ? {} : { forcePathStyle }),
    ...(accessKeyId === undefined || secretAccessKey === undefined
      ? {}
      : { credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) } }),
  };
  return s3({ ...own, client });
}

async function createAzureBlob(options: JsonObject) {
  const { azureBlob } = await import('../azure-blob/azure-blob-driver.ts');
  const { blockChecksum, ...own } = optionValues(options, azureBlobShape);
  if (blockChecksum !== undefined && blockChecksum !== 'md5' && blockChecksum !== 'none') {
    throw new OnRecordError('invalid-request', 'blockChecksum must be md5 or none.');
  }
  return azureBlob({ ...own, blockChecksum });
}

/** What the shape does not tell, the constructor does: it opens no connection. */
async function checkAlso(
  options: JsonObject,
  shape: Readonly<Record<string, OptionKind>>,
  create: (options: JsonObject) => Promise<{ close(): Promise<void> }>,
): Promise<readonly ConfigProblem[]> {
  const problems = problemsOf(options, shape);
  if (problems.length > 0) return problems;
  try {
    await (await create(options)).close();
    return [];
  } catch (error) {
    if (!OnRecordError.is(error)) throw error;
    return [{ path: '', message: error.message }];
  }
}
