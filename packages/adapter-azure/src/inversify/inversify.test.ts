import { OnRecordError } from '@onrecord/core';
import { createContainer, OnRecordToken, RecordingDriverToken } from '@onrecord/core/inversify';
import { describe, expect, test } from 'vitest';
import { AzureCallAutomationDriver } from '../driver.ts';
import { rejection } from '../testing/scene.ts';
import { plugins } from './index.ts';

const accessKey = Buffer.from('the access key of the resource').toString('base64');
const connectionString = `endpoint=https://contoso.communication.azure.com/;accesskey=${accessKey}`;

test('a configuration names the driver by its type', async () => {
  const container = await createContainer({ providers: { main: { type: 'azure', connectionString } } });
  const { recorder } = await container.getAsync(OnRecordToken);
  expect(recorder.report()).toMatchObject({ instance: 'main', driver: 'azure' });
  expect(await container.getAsync(RecordingDriverToken, { name: 'main' })).toBeInstanceOf(AzureCallAutomationDriver);
  await container.unbindAllAsync();
});

test('every problem has its path in the configuration, and shows no key', async () => {
  const main = {
    type: 'azure',
    conectionString: connectionString,
    callbackUrl: 'http://app.example',
    profile: 'teams',
    attempt: 'mp3',
    rooms: 'yes',
    recordingStorage: { containerUrl: 'http://account.blob.core.windows.net/c' },
    eventGrid: {},
    allowInsecureLoopback: 'true',
    connect: { adress: '127.0.0.1', ca: 'no certificate' },
  };
  const error = await rejection(createContainer({ providers: { main } }));
  if (!OnRecordError.is(error, 'invalid-request')) throw error;
  expect(error.context['paths']).toEqual(
    expect.arrayContaining(
      [
        'conectionString',
        'connectionString',
        'callbackUrl',
        'callbackSecret',
        'profile',
        'attempt',
        'rooms',
        'recordingStorage.containerUrl',
        'eventGrid.secret',
        'allowInsecureLoopback',
        'connect.adress',
        'connect.address',
        'connect.ca',
      ].map((path) => `providers.main.${path}`),
    ),
  );
  expect(error.message).toContain('did you mean connectionString');
  expect(error.message).not.toContain(accessKey);
});

test('credential.entra is checked in every member, and shows no secret', async () => {
  const entra = {
    type: 'client-secret',
    tenantId: '${env:TENANT}',
    clientId: 'my app',
    clientSecrett: 'very-secret',
    authorityHost: 'http://login.example',
  };
  const main = { type: 'azure', endpoint: 'https://contoso.communication.azure.com', credential: { entra } };
  const error = await rejection(createContainer({ providers: { main } }, { environment: { TENANT: 'a tenant' } }));
  if (!OnRecordError.is(error, 'invalid-request')) throw error;
  expect([...(error.context['paths'] as readonly string[])].sort()).toEqual(
    ['authorityHost', 'clientId', 'clientSecret', 'clientSecrett', 'tenantId'].map(
      (name) => `providers.main.credential.entra.${name}`,
    ),
  );
  expect(error.message).toContain('did you mean clientSecret?');
  expect(error.message).not.toContain('very-secret');
});

test.each<[string, object]>([
  ['a name instead of an address', { address: 'localhost' }],
  ['a text', { address: '127.0.0.1', ca: '-----BEGIN CERTIFICATE-----' }],
])('connect with %s is refused', async (_name, connect) => {
  const [plugin] = plugins;
  expect(await plugin?.check({ connectionString, connect: { ...connect } })).toHaveLength(1);
});

test('connect beside an endpoint over http is refused: its agent speaks TLS', async () => {
  const [plugin] = plugins;
  const plain = { connectionString: `endpoint=http://127.0.0.1:1;accesskey=${accessKey}`, allowInsecureLoopback: true };
  expect(await plugin?.check({ ...plain, connect: { address: '127.0.0.1' } })).toEqual([
    { path: 'connect', message: expect.stringContaining('https only') },
  ]);
});

describe('options from a file', () => {
  test('may be of any type', async () => {
    const [plugin] = plugins;
    const options = { connectionString: 7, jwt: [], eventGrid: null, speech: 'x', callbackSecret: {}, connect: 'x' };
    const problems = (await plugin?.check(options)) ?? [];
    expect(problems.map(({ path }) => path).sort()).toEqual([
      'callbackSecret',
      'connect',
      'connectionString',
      'eventGrid',
      'jwt',
      'speech',
    ]);
  });
});
