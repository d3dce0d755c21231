import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type JsonObject, Storage, type StorageDriver } from '@onrecord/core';
import { ClockToken, StorageDriverToken } from '@onrecord/core/inversify';
import { SimulatedS3, VirtualClock } from '@onrecord/simulator';
import { Container } from 'inversify';
import { expect, test } from 'vitest';
import { plugins } from './index.ts';

const pluginOf = (type: string) => {
  const found = plugins.find((plugin) => plugin.type === type);
  if (!found) throw new Error(`there is no plugin ${type}`);
  return found;
};

async function make(type: string, options: JsonObject): Promise<StorageDriver> {
  using clock = new VirtualClock();
  const container = new Container();
  container.bind(ClockToken).toConstantValue(clock);
  await container.load(pluginOf(type).module('archive', options));
  return container.getAsync(StorageDriverToken, { name: 'archive' });
}

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

test('a configuration makes a filesystem store', async () => {
  const path = await mkdtemp(join(tmpdir(), 'onrecord-storage-'));
  const storage = new Storage(await make('filesystem', { path }));
  await storage.put('a/b.txt', bytes('hello'));
  expect(await readFile(join(path, 'a', 'b.txt'), 'utf8')).toBe('hello');
  await rm(path, { recursive: true });
});

test('a configured folder that cannot be made fails at the start, not at the first recording', async () => {
  const path = await mkdtemp(join(tmpdir(), 'onrecord-storage-'));
  await writeFile(join(path, 'archive'), 'in the way');
  expect(await pluginOf('filesystem').check({ path: join(path, 'archive') })).toEqual([]);
  await expect(make('filesystem', { path: join(path, 'archive') })).rejects.toMatchObject({ code: 'invalid-request' });
  await rm(path, { recursive: true });
});

test('a configuration makes an S3 store with its own endpoint and keys', async () => {
  await using server = await SimulatedS3.start({ region: 'eu-central-1', buckets: ['recordings'] });
  const { accessKeyId, secretAccessKey } = server.credentials;
  const storage = new Storage(
    await make('s3', {
      bucket: 'recordings',
      prefix: 'p/',
      region: 'eu-central-1',
      endpoint: server.origin,
      forcePathStyle: true,
      accessKeyId,
      secretAccessKey,
    }),
  );
  await storage.put('k', bytes('hello'));
  expect(Buffer.from(server.get('recordings', 'p/k')?.bytes ?? []).toString()).toBe('hello');
  await storage.close();
});

test('a configuration makes memory and Azure Blob stores', async () => {
  expect((await make('memory', { name: 'x' })).uriOf('k')).toBe('mem://x/k');
  const connectionString = `DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=${Buffer.from('key').toString('base64')};EndpointSuffix=core.windows.net`;
  const blob = await make('azure-blob', { container: 'recordings', connectionString });
  expect(blob.uriOf('k')).toBe('azblob://acme/recordings/k');
});

test.each([
  ['filesystem', {}, ['path']],
  ['filesystem', { path: 5, folder: 'x' }, ['path', 'folder']],
  ['s3', { buket: 'x', partBytes: 'large' }, ['bucket', 'partBytes', 'buket']],
  ['azure-blob', { container: '' }, ['container', 'connectionString']],
])('%s with wrong options names every one of them: %j', async (type, options, paths) => {
  const problems = await pluginOf(type).check(options);
  expect(problems.map((problem) => problem.path)).toEqual(paths);
});

test('values that no store can have are found without a connection, and no secret is repeated', async () => {
  expect(await pluginOf('s3').check({ bucket: 'b', partBytes: 1, prefix: '/x' })).toEqual([
    {
      path: '',
      message: expect.stringMatching(/prefix begins with a slash; partBytes is not between 5 MiB and 5 GiB/),
    },
  ]);
  expect(await pluginOf('s3').check({ bucket: 'b', accessKeyId: 'AKIA' })).toHaveLength(1);
  const [problem] = await pluginOf('azure-blob').check({ container: 'c', connectionString: 'AccountKey=hunter2' });
  expect(problem?.message).toContain('not the connection string');
  expect(JSON.stringify(problem)).not.toContain('hunter2');
});

test('neither the package nor its plugins load an SDK before a store needs it', () => {
  const entries = ['../index.ts', './index.ts'].map((entry) => fileURLToPath(new URL(entry, import.meta.url)));
  for (const entry of entries) {
    const script = `
      const { registerHooks } = await import('node:module');
      const loaded = [];
      registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
      await import(${JSON.stringify(entry)});
      console.log(JSON.stringify(loaded.filter((url) => /@aws-sdk|@azure|@smithy/.test(url))));`;
    const output = execFileSync(
      process.execPath,
      ['--conditions=@onrecord/source', '--no-warnings', '--input-type=module', '--eval', script],
      { encoding: 'utf8' },
    );
    expect(JSON.parse(output)).toEqual([]);
  }
});
