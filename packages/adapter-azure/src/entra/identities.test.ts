import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listen, sendAnswer } from '@onrecord/simulator';
import { SignJWT } from 'jose';
import { generate } from 'selfsigned';
import { afterEach, expect, test, vi } from 'vitest';
import { rejection } from '../testing/scene.ts';
import { openEntraScene } from './testing/entra-scene.ts';

let folder: string | undefined;
afterEach(async () => {
  vi.unstubAllEnvs();
  if (folder !== undefined) await rm(folder, { recursive: true });
  folder = undefined;
});

/** Ahead of this machine: MSAL rounds the time from which its assertions hold, half a second up at most. */
const now = () => Date.now() + 1_000;

async function fileOf(name: string, text: string): Promise<string> {
  folder ??= await mkdtemp(join(tmpdir(), 'onrecord-entra-'));
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

test('client-certificate: the key signs for the application, from text or file, its certificate sent along or not', async () => {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'onrecord' }], { keyType: 'rsa' });
  await using scene = await openEntraScene({ resource: { entra: { assertionKeys: [cert], now } } });
  const { clientSecret: _, ...app } = scene.app;
  const pem = `${key}\n${cert}`;
  for (const how of [
    { certificate: pem },
    { certificatePath: await fileOf('app.pem', pem), sendCertificateChain: true },
  ]) {
    const driver = scene.entra({ ...app, ...how, type: 'client-certificate' });
    await scene.startWith(driver).catch(() => {});
  }
  expect(scene.requests('GetToken').map(({ status }) => status)).toEqual([200, 200]);
  expect(scene.requests('StartRecording')[0]).toMatchObject({ status: 200 });
});

test('client-certificate: text that is none is told without a request, and without the text', async () => {
  await using scene = await openEntraScene();
  const { clientSecret: _, ...app } = scene.app;
  const driver = scene.entra({ ...app, type: 'client-certificate', certificate: 'not a certificate of anybody' });
  const error = await rejection(scene.startWith(driver));
  expect(error).toMatchObject({ code: 'unauthenticated', retry: 'never', blame: 'caller' });
  expect(String(error)).not.toContain('of anybody');
  expect(scene.azure.requests()).toEqual([]);
});

test.each([
  ['that there is not', async () => `${await fileOf('other.pem', '')}.none`],
  ['that is a folder', async () => join(await fileOf('other.pem', ''), '..')],
])('client-certificate: a file %s is no trouble of the network', async (_name, pathOf) => {
  await using scene = await openEntraScene();
  const { clientSecret: _, ...app } = scene.app;
  const driver = scene.entra({ ...app, type: 'client-certificate', certificatePath: await pathOf() });
  expect(await rejection(scene.startWith(driver))).toMatchObject({
    code: 'unauthenticated',
    retry: 'never',
    blame: 'caller',
    remedy: expect.stringContaining('certificatePath'),
  });
  expect(scene.azure.requests()).toEqual([]);
});

test('workload-identity: the token of the file is read again for each token, by options or environment', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const assertionKeys = [publicKey.export({ format: 'pem', type: 'spki' }).toString()];
  await using scene = await openEntraScene({ resource: { entra: { assertionKeys } } });
  const { tenantId, clientId, authorityHost } = scene.app;
  const assertion = await new SignJWT({})
    .setProtectedHeader({ alg: 'RS256' })
    .setAudience('api://AzureADTokenExchange')
    .setSubject(clientId)
    .setExpirationTime('5m')
    .sign(privateKey);
  const tokenFilePath = await fileOf('token', assertion);
  const trusting = { type: 'workload-identity', authorityHost, disableInstanceDiscovery: true } as const;
  await scene.startWith(scene.entra({ ...trusting, tenantId, clientId, tokenFilePath }));
  vi.stubEnv('AZURE_TENANT_ID', tenantId);
  vi.stubEnv('AZURE_CLIENT_ID', clientId);
  vi.stubEnv('AZURE_FEDERATED_TOKEN_FILE', tokenFilePath);
  await scene.startWith(scene.entra(trusting)).catch(() => {});
  expect(scene.requests('GetToken').map(({ status }) => status)).toEqual([200, 200]);
});

test('workload-identity outside of a cluster: what is missing is named', async () => {
  await using scene = await openEntraScene();
  for (const name of ['AZURE_TENANT_ID', 'AZURE_CLIENT_ID', 'AZURE_FEDERATED_TOKEN_FILE']) vi.stubEnv(name, '');
  const error = await rejection(scene.startWith(scene.entra('workload-identity')));
  expect(error).toMatchObject({
    code: 'unauthenticated',
    retry: 'never',
    message: expect.stringMatching(/AZURE_CLIENT_ID.*Check credential, and the environment that it reads/),
  });
  expect(scene.azure.requests()).toEqual([]);
});

test('managed-identity: the host gives the token, for the identity that is named, over no agent or proxy of ours', async () => {
  await using scene = await openEntraScene({ resource: { bearerTokens: ['a-token-of-the-host'] } });
  const asked: URL[] = [];
  const host = await listen(async (request, response) => {
    asked.push(new URL(request.url ?? '', 'http://host'));
    const expires = Math.floor(Date.now() / 1000) + 3_600;
    const token = { access_token: 'a-token-of-the-host', expires_on: `${expires}`, token_type: 'Bearer' };
    const known = request.headers['x-identity-header'] === 'a header of the host';
    sendAnswer(request, response, { status: known ? 200 : 401, body: JSON.stringify(token) });
  });
  vi.stubEnv('IDENTITY_ENDPOINT', `${host.origin}/msi/token`);
  vi.stubEnv('IDENTITY_HEADER', 'a header of the host');
  const clientId = '11111111-2222-4333-8444-555555555555';
  const objectId = '22222222-2222-4333-8444-555555555555';
  const resourceId = '/subscriptions/s/resourcegroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i';
  await scene.startWith(scene.entra('managed-identity'));
  for (const named of [{ clientId }, { resourceId }, { objectId }]) {
    await scene.startWith(scene.entra({ type: 'managed-identity', ...named })).catch(() => {});
  }
  await host.close();
  const names = ['resource', 'client_id', 'mi_res_id', 'object_id'];
  expect(asked.map(({ searchParams }) => names.map((name) => searchParams.get(name)))).toEqual([
    ['https://communication.azure.com/', null, null, null],
    ['https://communication.azure.com/', clientId, null, null],
    ['https://communication.azure.com/', null, resourceId, null],
    ['https://communication.azure.com/', null, null, objectId],
  ]);
  expect(scene.requests('StartRecording')[0]).toMatchObject({ status: 200 });
});

test('managed-identity where there is none: may come to pass, and says what host it takes', async () => {
  await using scene = await openEntraScene();
  const gone = await listen(async () => {});
  await gone.close();
  vi.stubEnv('IDENTITY_ENDPOINT', `${gone.origin}/msi/token`);
  vi.stubEnv('IDENTITY_HEADER', 'a header of the host');
  const client = { agent: scene.azure.agent(), retryOptions: { maxRetries: 0 } };
  // The library keeps tokens of managed identities for the whole process: this one has none yet.
  const clientId = '33333333-2222-4333-8444-555555555555';
  const driver = scene.entra({ type: 'managed-identity', clientId }, { client });
  expect(await rejection(scene.startWith(driver))).toMatchObject({
    code: 'unavailable',
    retry: 'safe',
    message: expect.stringMatching(/Network unreachable.*Managed identities exist on hosts of Azure only/),
  });
});

test('default: the environment says who we are', async () => {
  await using scene = await openEntraScene();
  const { tenantId, clientId, clientSecret, authorityHost } = scene.app;
  vi.stubEnv('AZURE_TENANT_ID', tenantId);
  vi.stubEnv('AZURE_CLIENT_ID', clientId);
  vi.stubEnv('AZURE_CLIENT_SECRET', clientSecret);
  vi.stubEnv('AZURE_TOKEN_CREDENTIALS', 'EnvironmentCredential');
  await scene.startWith(scene.entra({ type: 'default', authorityHost, disableInstanceDiscovery: true }));
  expect(scene.requests('StartRecording')).toMatchObject([{ status: 200 }]);
  vi.stubEnv('AZURE_CLIENT_SECRET', '');
  const error = await rejection(scene.startWith(scene.entra('default')));
  expect(error).toMatchObject({ code: 'unauthenticated', retry: 'never' });
  expect(String(error)).toContain('EnvironmentCredential');
});
