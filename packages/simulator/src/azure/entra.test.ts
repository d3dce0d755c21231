import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { CallAutomationClient } from '@azure/communication-call-automation';
import { ClientAssertionCredential, ClientCertificateCredential, ClientSecretCredential } from '@azure/identity';
import { SignJWT } from 'jose';
import { generate } from 'selfsigned';
import { expect, test } from 'vitest';
import { fileEvent, startRecording } from './testing/record.ts';
import { openScene, type Scene } from './testing/scene.ts';
import { signedFetch, signedGet } from './testing/signed-fetch.ts';

const SCOPE = 'https://communication.azure.com//.default';
const once = { retryOptions: { maxRetries: 0 } };

type Departure = Partial<Scene['azure']['entra']> & { readonly disableInstanceDiscovery?: boolean };

function secretCredential({ azure }: Scene, departure: Departure = {}): ClientSecretCredential {
  const { tenantId, clientId, clientSecret, authorityHost } = { ...azure.entra, ...departure };
  const { disableInstanceDiscovery = true } = departure;
  const options = { authorityHost, disableInstanceDiscovery, agent: azure.agent(), ...once };
  return new ClientSecretCredential(tenantId, clientId, clientSecret, options);
}

const operations = ({ azure }: Scene): readonly string[] => azure.requests().map(({ operation }) => operation);

test.each([
  [true, ['GetOpenIdConfiguration', 'GetToken', 'GetCall', 'GetCall']],
  [false, ['GetInstanceDiscovery', 'GetOpenIdConfiguration', 'GetToken', 'GetCall', 'GetCall']],
])(
  'the vendor credential opens the API with one token, disableInstanceDiscovery %s',
  async (disableInstanceDiscovery, expected) => {
    await using scene = await openScene();
    const { azure, call } = scene;
    const credential = secretCredential(scene, { disableInstanceDiscovery });
    const client = new CallAutomationClient(azure.endpoint, credential, { agent: azure.agent(), ...once });
    const connection = client.getCallConnection(call.callConnectionId);
    expect((await connection.getCallConnectionProperties()).callConnectionState).toBe('connected');
    await connection.getCallConnectionProperties();
    expect(operations(scene)).toEqual(expected);
    const token = azure.requests().find(({ operation }) => operation === 'GetToken');
    expect(token?.body).toMatchObject({ client_id: azure.entra.clientId, scope: SCOPE });
    expect(JSON.stringify(azure.requests())).not.toContain(azure.entra.clientSecret);
  },
);

test('a token opens the files of a recording', async () => {
  await using scene = await openScene();
  const { azure } = scene;
  await startRecording(scene);
  await scene.clock.advance(5_000);
  const [chunk] = (await fileEvent(scene)).recordingStorageInfo.recordingChunks;
  const { token } = await secretCredential(scene).getToken(SCOPE);
  const get = (authorization: string) => signedGet(azure, chunk?.contentLocation ?? '', { authorization });
  expect((await get(`Bearer ${token}`)).status).toBe(200);
  expect((await get(`Bearer ${token.slice(0, -4)}AAAA`)).status).toBe(401);
});

test.each<[string, Departure, string, string, string?]>([
  ['another secret', { clientSecret: 'no' }, 'invalid_client', 'AADSTS7000215'],
  ['another tenant', { tenantId: randomUUID() }, 'invalid_request', 'AADSTS90002', 'endpoints_resolution_error'],
  ['another application', { clientId: randomUUID() }, 'unauthorized_client', 'AADSTS700016'],
])('%s is refused as the directory does', async (_, departure, error, code, said = code) => {
  await using scene = await openScene();
  const wanted = secretCredential(scene, departure).getToken(SCOPE);
  await expect(wanted).rejects.toThrow(said);
  const { tenantId, clientId, clientSecret } = { ...scene.azure.entra, ...departure };
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope: SCOPE };
  const answer = await askForToken(scene, form, tenantId);
  expect(answer).toMatchObject({ error, error_codes: [Number(code.slice('AADSTS'.length))] });
  expect(answer['error_description']).toMatch(new RegExp(`^${code}: .* Trace ID: .* Correlation ID: .* Timestamp: `));
});

/** A token request by hand, over the plain port. */
async function askForToken(
  { azure }: Scene,
  form: Readonly<Record<string, string>>,
  tenantId: string = azure.entra.tenantId,
): Promise<Readonly<Record<string, unknown>>> {
  const url = `${azure.plain.endpoint}/${tenantId}/oauth2/v2.0/token`;
  const answer = await fetch(url, { method: 'POST', body: new URLSearchParams(form) });
  return { status: answer.status, ...((await answer.json()) as Record<string, unknown>) };
}

test.each<[string, Record<string, string>, number, number]>([
  ['the scope with one slash', { scope: 'https://communication.azure.com/.default' }, 400, 500_011],
  ['another resource', { scope: 'https://storage.azure.com/.default' }, 400, 500_011],
  ['a scope that is no default', { scope: 'https://communication.azure.com//VoIP' }, 400, 1_002_012],
  ['no scope', { scope: '' }, 400, 900_144],
  ['another grant', { grant_type: 'password' }, 400, 70_003],
  ['no credential', { client_secret: '' }, 401, 7_000_218],
  [
    'an assertion of nobody',
    {
      client_secret: '',
      client_assertion: 'x.y.z',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    },
    401,
    700_027,
  ],
])('a token request with %s is refused', async (_, departure, status, code) => {
  await using scene = await openScene();
  const { clientId, clientSecret } = scene.azure.entra;
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope: SCOPE };
  expect(await askForToken(scene, { ...form, ...departure })).toMatchObject({ status, error_codes: [code] });
});

test('an assertion signed by a known key is as good as the secret, within its time and for this endpoint', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const assertionKeys = [publicKey.export({ format: 'pem', type: 'spki' }).toString()];
  await using scene = await openScene({ entra: { assertionKeys } });
  const { azure } = scene;
  const { tenantId, clientId, authorityHost } = azure.entra;
  const now = Math.floor(Date.now() / 1000);
  const assertion = (audience: string, subject: string, seconds: number, notBefore = 0): Promise<string> =>
    new SignJWT({ iss: 'issuer' })
      .setProtectedHeader({ alg: 'RS256' })
      .setAudience(audience)
      .setSubject(subject)
      .setNotBefore(now + notBefore)
      .setExpirationTime(now + seconds)
      .sign(privateKey);
  const token = (made: Promise<string>) => {
    const options = { authorityHost, disableInstanceDiscovery: true, agent: azure.agent(), ...once };
    return new ClientAssertionCredential(tenantId, clientId, () => made, options).getToken(SCOPE);
  };
  const endpoint = `${authorityHost}/${tenantId}/oauth2/v2.0/token`;
  expect((await token(assertion(endpoint, clientId, 60))).token).toMatch(/^ey/);
  expect((await token(assertion('api://AzureADTokenExchange', clientId, 60))).token).toMatch(/^ey/);
  await expect(token(assertion('https://elsewhere.example', clientId, 60))).rejects.toThrow('AADSTS700023');
  await expect(token(assertion(endpoint, randomUUID(), 60))).rejects.toThrow('AADSTS700021');
  await expect(token(assertion(endpoint, clientId, -301))).rejects.toThrow('AADSTS700024');
  expect((await token(assertion(endpoint, clientId, 900, 240))).token).toMatch(/^ey/);
  await expect(token(assertion(endpoint, clientId, 900, 600))).rejects.toThrow('AADSTS700024');
});

test('a certificate is as good as the secret where its owner is known', async () => {
  const name = [{ name: 'commonName', value: 'application' }];
  const { private: key, cert } = await generate(name, { keyType: 'rsa', keySize: 2048, algorithm: 'sha256' });
  for (const [assertionKeys, expected] of [
    [[cert], undefined],
    [[], 'AADSTS700027'],
  ] as const) {
    await using scene = await openScene({ entra: { assertionKeys } });
    const { tenantId, clientId, authorityHost } = scene.azure.entra;
    const options = { authorityHost, disableInstanceDiscovery: true, agent: scene.azure.agent(), ...once };
    const credential = new ClientCertificateCredential(tenantId, clientId, { certificate: `${cert}\n${key}` }, options);
    const refusal = await credential.getToken(SCOPE).then(
      () => undefined,
      ({ message }: Error) => /AADSTS\d+/.exec(message)?.[0],
    );
    expect(refusal).toBe(expected);
  }
});

test('a token is refused once it has expired, by the clock that was given, and where it is foreign', async () => {
  await using scene = await openScene();
  const { token } = await secretCredential(scene).getToken(SCOPE);
  const path = `/calling/callConnections/${scene.call.callConnectionId}`;
  const get = ({ azure }: Scene, bearer: string) =>
    signedFetch(azure, { path, headers: { authorization: `Bearer ${bearer}` } });
  await scene.clock.advance(7_200_000);
  expect((await get(scene, token)).status).toBe(200);

  const start = Date.parse('2026-01-05T09:00:00Z');
  let virtual = start;
  await using other = await openScene({ entra: { now: () => virtual, tokenSeconds: 600 } });
  expect(await get(other, token)).toMatchObject({ status: 401, code: '7501' });
  const { token: short } = await secretCredential(other).getToken(SCOPE);
  const otherPath = `/calling/callConnections/${other.call.callConnectionId}`;
  const status = async () =>
    (await signedFetch(other.azure, { path: otherPath, headers: { authorization: `Bearer ${short}` } })).status;
  virtual = start + 599_000;
  expect(await status()).toBe(200);
  virtual = start + 600_000;
  expect(await status()).toBe(401);
});

test('a token of an application without a role opens nothing', async () => {
  await using scene = await openScene({ entra: { authorized: false }, bearerTokens: ['known'] });
  const { token } = await secretCredential(scene).getToken(SCOPE);
  const path = `/calling/callConnections/${scene.call.callConnectionId}`;
  const get = (bearer: string) => signedFetch(scene.azure, { path, headers: { authorization: `Bearer ${bearer}` } });
  expect(await get(token)).toMatchObject({ status: 403, code: '7504' });
  expect(await get('unknown')).toMatchObject({ status: 401, code: '7501' });
  expect([(await get('known')).status, (await signedFetch(scene.azure, { path })).status]).toEqual([200, 200]);
  await startRecording(scene);
  await scene.clock.advance(5_000);
  const [chunk] = (await fileEvent(scene)).recordingStorageInfo.recordingChunks;
  const authorization = `Bearer ${token}`;
  expect((await signedGet(scene.azure, chunk?.contentLocation ?? '', { authorization })).status).toBe(403);
});

test('an unknown authority is no instance, and the token endpoint can fail by script', async () => {
  await using scene = await openScene();
  const { azure } = scene;
  const url = `${azure.plain.endpoint}/common/discovery/instance?api-version=1.1&authorization_endpoint=https://evil.example/x`;
  expect(await (await fetch(url)).json()).toMatchObject({ error: 'invalid_instance' });
  const keys = `${azure.plain.endpoint}/${azure.entra.tenantId}/discovery/v2.0/keys`;
  expect(await (await fetch(keys)).json()).toMatchObject({ keys: [{ kty: 'RSA', alg: 'RS256' }] });
  azure.faults.next({ match: 'GetToken', fault: { status: 503, body: 'busy' } });
  await expect(secretCredential(scene).getToken(SCOPE)).rejects.toThrow();
  expect(azure.faults.pending()).toBe(0);
});
