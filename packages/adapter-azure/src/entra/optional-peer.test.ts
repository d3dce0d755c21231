import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

const entry = fileURLToPath(new URL('../index.ts', import.meta.url));

/** Drivers in a process of their own, in which `@azure/identity` is installed or not. */
async function inProcess(installed: boolean) {
  const program = `
    import { registerHooks } from 'node:module';
    const loaded = new Set();
    registerHooks({
      resolve(specifier, context, next) {
        if (specifier === '@azure/identity' && !${installed}) {
          throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
        }
        return next(specifier, context);
      },
      load(url, context, next) {
        const name = /node_modules\\/(@azure\\/(?:identity|msal-node))\\//.exec(url)?.[1];
        if (name) loaded.add(name);
        return next(url, context);
      },
    });
    const { azure } = await import(${JSON.stringify(entry)});
    const endpoint = 'https://127.0.0.1:9';
    const plan = {
      sessionId: 's', partId: 'p1', correlation: 's.p1', startPaused: false,
      call: { kind: 'azure.server-call', provider: 'azure', key: 'azure.server-call/aGVsbG8=', data: { serverCallId: 'aGVsbG8=' } },
      output: { media: 'audio', layout: 'mixed', container: 'wav' },
      command: { commandId: 'c', ordinal: 1, token: '11111111-2222-4333-8444-555555555555', firstSentAt: '2026-01-05T09:00:00.000Z' },
    };
    const context = { clock: { now: Date.now }, signal: new AbortController().signal };
    const start = async (credential) => {
      const driver = azure({ endpoint, credential, allowInsecureLoopback: true });
      const before = [...loaded];
      const error = await driver.doStart(plan, context).catch((thrown) => thrown);
      const { code, retry } = driver.classifyError(error);
      return { before, after: [...loaded].sort(), code, retry, message: error.message };
    };
    const key = await start({ accessKey: 'c2VjcmV0' });
    const app = { tenantId: 'contoso.example', clientId: '11111111-2222-4333-8444-555555555555' };
    const secret = { type: 'client-secret', ...app, clientSecret: 'x', authorityHost: endpoint, disableInstanceDiscovery: true };
    console.log(JSON.stringify({ key, entra: await start({ entra: secret }) }));`;
  const flags = ['--conditions=@onrecord/source', '--no-warnings', '--input-type=module', '--eval', program];
  const { stdout } = await promisify(execFile)(process.execPath, flags, { env: { ...process.env, NODE_OPTIONS: '' } });
  return JSON.parse(stdout);
}

test('@azure/identity is loaded for the first token, and never for a key', async () => {
  const { key, entra } = await inProcess(true);
  expect(key).toMatchObject({ code: 'unavailable', before: [], after: [] });
  expect(entra).toMatchObject({ code: 'unavailable', before: [], after: ['@azure/identity', '@azure/msal-node'] });
});

test('without @azure/identity a key does, and Entra says what to install', async () => {
  const { key, entra } = await inProcess(false);
  expect(key).toMatchObject({ code: 'unavailable', after: [] });
  expect(entra).toMatchObject({
    code: 'invalid-request',
    retry: 'never',
    message: expect.stringContaining('npm install @azure/identity'),
    after: [],
  });
});

test('a bundle can be made without @azure/identity, and with it loads none of it before it must', async () => {
  const bundle = (alias: Record<string, string>) =>
    build({
      entryPoints: [entry],
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node22',
      conditions: ['@onrecord/source'],
      metafile: true,
      write: false,
      outdir: 'out',
      logLevel: 'silent',
      alias,
    });
  expect((await bundle({ '@azure/identity': './not-installed' })).errors).toEqual([]);
  const { outputs } = (await bundle({})).metafile;
  const names = Object.keys(outputs);
  const ready = new Set(names.filter((name) => outputs[name]?.entryPoint?.endsWith('adapter-azure/src/index.ts')));
  for (const name of ready) {
    for (const { path, kind } of outputs[name]?.imports ?? []) {
      if (kind === 'import-statement' && path in outputs) ready.add(path);
    }
  }
  const identity = (files: Iterable<string>) =>
    [...files]
      .flatMap((name) => Object.keys(outputs[name]?.inputs ?? {}))
      .filter((path) => /node_modules.*(identity|msal)/.test(path));
  expect(identity(names).length).toBeGreaterThan(50);
  expect(identity(ready)).toEqual([]);
});
