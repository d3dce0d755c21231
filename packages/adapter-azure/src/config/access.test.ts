import { OnRecordError, Secret } from '@onrecord/core';
import { describe, expect, test } from 'vitest';
import { azure } from '../driver.ts';
import type { AzureOptions } from './options.ts';

const accessKey = Buffer.from('the access key of the resource').toString('base64');
const endpoint = 'https://contoso.communication.azure.com';
const guid = '11111111-2222-4333-8444-555555555555';

/** What is wrong with the options, whatever they are: they may come from a file. */
function problemsOf(options: unknown): string {
  try {
    azure(options as AzureOptions);
  } catch (error) {
    if (!OnRecordError.is(error, 'invalid-request')) throw error;
    expect(error.message).not.toContain(accessKey);
    expect(JSON.stringify(error)).not.toContain(accessKey);
    return error.message;
  }
  return 'none';
}

const entra = (options: unknown) => problemsOf({ endpoint, credential: { entra: options } });
const text = (connectionString: string, more: object = {}) => problemsOf({ connectionString, ...more });

describe('connectionString', () => {
  test.each([
    ['as the portal shows it', `endpoint=${endpoint}/;accesskey=${accessKey}`],
    ['in other letters', `Endpoint=${endpoint};AccessKey=${accessKey};`],
    ['the other way round', `accesskey=${accessKey};endpoint=${endpoint}/`],
    ['with spaces about', ` endpoint = ${endpoint}/ ; accesskey = ${accessKey} `],
    ['with a key of another length', `endpoint=${endpoint}/;accesskey=${Buffer.alloc(96, 7).toString('base64')}`],
    ['of a data location', `endpoint=https://contoso.europe.communication.azure.com/;accesskey=${accessKey}`],
    ['of a cloud of its own', `endpoint=https://contoso.communication.azure.us/;accesskey=${accessKey}`],
    ['behind a gateway', `endpoint=https://acs.example;accesskey=${accessKey}`],
  ])('may be %s', (_name, connectionString) => {
    expect(text(connectionString)).toBe('none');
    expect(problemsOf({ connectionString: new Secret(connectionString) })).toBe('none');
  });

  test('may be of this machine over http, for tests', () => {
    const connectionString = `endpoint=http://127.0.0.1:1;accesskey=${accessKey}`;
    expect(text(connectionString, { allowInsecureLoopback: true })).toBe('none');
    expect(text(connectionString)).toMatch(/connectionString: Must begin with https/);
  });

  test.each<[string, unknown, RegExp]>([
    ['text that is none', 'hello', /Must be "endpoint=/],
    ['no text', 7, /Must be "endpoint=/],
    ['empty', '', /Must be "endpoint=/],
    ['without endpoint', `accesskey=${accessKey}`, /Has no endpoint/],
    ['without key', `endpoint=${endpoint}/`, /Has no accesskey/],
    ['with an empty key', `endpoint=${endpoint}/;accesskey=`, /Has no accesskey/],
    ['with the values swapped', `endpoint=${accessKey};accesskey=${endpoint}/`, /absolute URL[\s\S]*base64/],
    ['with two endpoints', `endpoint=${endpoint};endpoint=${endpoint};accesskey=${accessKey}`, /endpoint twice/],
    ['with two keys', `endpoint=${endpoint};accesskey=${accessKey};accesskey=${accessKey}`, /accesskey twice/],
    ['with a third part', `endpoint=${endpoint};accesskey=${accessKey};version=1.0`, /part besides/],
    ['with the key alone', `endpoint=${endpoint};${accessKey}`, /Has no accesskey[\s\S]*part besides/],
    ['with a key that is not base64', `endpoint=${endpoint};accesskey=not-base64!`, /base64/],
    ['with a key cut short', `endpoint=${endpoint};accesskey=${accessKey.slice(0, -3)}`, /base64/],
    ['over http', `endpoint=http://c.example;accesskey=${accessKey}`, /Must begin with https/],
    ['with a path', `endpoint=${endpoint}/calling;accesskey=${accessKey}`, /without a path/],
    ['with a query', `endpoint=${endpoint}/?api-version=1;accesskey=${accessKey}`, /without a path/],
    ['with a password', `endpoint=https://a:b@c.example;accesskey=${accessKey}`, /no user name/],
    ['of SignalR', `Endpoint=https://c.service.signalr.net;AccessKey=${accessKey};Version=1.0;`, /part besides/],
    ['of another service', `endpoint=https://c.cognitiveservices.azure.com;accesskey=${accessKey}`, /another service/],
    [
      'of a storage account',
      `DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${accessKey}`,
      /Must be "endpoint=/,
    ],
  ])('is refused %s', (_name, connectionString, rule) => {
    const message = problemsOf({ connectionString });
    expect(message).toMatch(rule);
    expect(message).toMatch(/^(The Azure provider is not configured\.|- connectionString: .*)$/m);
  });

  test('tells what is wrong with address and key at once', () => {
    const message = text('endpoint=http://c.example/x;accesskey=?');
    expect(message.match(/connectionString: /g)).toHaveLength(2);
  });
});

describe('endpoint and credential', () => {
  test.each<[string, AzureOptions]>([
    ['an access key', { endpoint, credential: { accessKey: new Secret(accessKey) } }],
    ['a token credential', { endpoint, credential: { getToken: async () => null } }],
    ['entra', { endpoint, credential: { entra: 'default' } }],
  ])('may be %s', (_name, options) => {
    expect(problemsOf(options)).toBe('none');
  });

  test.each<[string, object, RegExp]>([
    ['an endpoint alone', { endpoint }, /- credential: Missing beside endpoint/],
    ['a credential alone', { credential: { accessKey } }, /- endpoint: Missing beside credential/],
    ['neither', {}, /- connectionString: Missing; give it, or endpoint with credential/],
    [
      'both',
      { connectionString: `endpoint=${endpoint};accesskey=${accessKey}`, endpoint },
      /- connectionString: Give either this, or endpoint with credential, not both/,
    ],
    ['an endpoint that is none', { endpoint: 'contoso', credential: { accessKey } }, /- endpoint: Must be an absolute/],
    ['an endpoint over http', { endpoint: 'http://c.example', credential: { accessKey } }, /- endpoint: Must begin/],
    ['an endpoint that is no text', { endpoint: 7, credential: { accessKey } }, /- endpoint: Must be an absolute URL/],
    [
      'an endpoint with a path',
      { endpoint: `${endpoint}/calling`, credential: { accessKey } },
      /- endpoint: .*without a path/,
    ],
    ['an empty credential', { endpoint, credential: {} }, /- credential: Must be \{ accessKey \}, \{ entra \}/],
    ['a credential of text', { endpoint, credential: accessKey }, /- credential: Must be \{ accessKey \}/],
    ['a key that is none', { endpoint, credential: { accessKey: '?' } }, /- credential\.accessKey: .*base64/],
    [
      'key and entra',
      { endpoint, credential: { accessKey, entra: 'default' } },
      /- credential: Give either accessKey or entra, not both/,
    ],
    [
      'a slip beside the key',
      { endpoint, credential: { accessKey, entr: 'default' } },
      /- credential\.entr: .*did you mean entra\?/,
    ],
    [
      'tokens over http, this machine too',
      { endpoint: 'http://127.0.0.1:1', credential: { entra: 'default' }, allowInsecureLoopback: true },
      /- endpoint: Must begin with https:\/\/ for a token/,
    ],
    [
      'tokens of a credential over http',
      { endpoint: 'http://127.0.0.1:1', credential: { getToken: async () => null }, allowInsecureLoopback: true },
      /- endpoint: Must begin with https:\/\/ for a token/,
    ],
    [
      'tokens of another cloud',
      { endpoint: 'https://c.communication.azure.us', credential: { entra: 'managed-identity' } },
      /- endpoint: Is of another cloud than its tokens: give authorityHost and scope/,
    ],
  ])('are refused: %s', (_name, options, rule) => {
    expect(problemsOf(options)).toMatch(rule);
  });
});

describe('credential.entra', () => {
  const app = { tenantId: guid, clientId: guid };

  test.each<[string, unknown]>([
    ['default', 'default'],
    ['managed-identity', 'managed-identity'],
    ['workload-identity', 'workload-identity'],
    ['a secret', { type: 'client-secret', ...app, clientSecret: 'the value' }],
    ['a wrapped secret', { type: 'client-secret', ...app, clientSecret: new Secret('the value') }],
    ['a domain for a tenant', { type: 'client-secret', ...app, tenantId: 'contoso.example', clientSecret: 'x' }],
    ['a certificate', { type: 'client-certificate', ...app, certificate: '-----BEGIN', sendCertificateChain: true }],
    ['its file', { type: 'client-certificate', ...app, certificatePath: 'app.pem', certificatePassword: 'x' }],
    ['an identity by client', { type: 'managed-identity', clientId: guid }],
    ['an identity by resource', { type: 'managed-identity', resourceId: '/subscriptions/x' }],
    ['an identity by object', { type: 'managed-identity', objectId: guid }],
    ['a workload of its own file', { type: 'workload-identity', ...app, tokenFilePath: '/var/token' }],
    [
      'another cloud',
      { type: 'default', authorityHost: 'https://login.microsoftonline.us', scope: 'https://c.example/.default' },
    ],
    ['an authority nobody knows', { type: 'default', tenantId: guid, disableInstanceDiscovery: true }],
  ])('may be %s', (_name, options) => {
    expect(entra(options)).toBe('none');
  });

  test.each<[string, unknown, RegExp]>([
    ['another text', 'key-vault', /- credential\.entra: Must be one of default, client-secret, .*or an object/],
    ['no object', 7, /- credential\.entra: Must be one of/],
    ['an object without type', { ...app, clientSecret: 'x' }, /- credential\.entra\.type: Must be one of/],
    ['a type of Object', { type: 'constructor' }, /- credential\.entra\.type: Must be one of/],
    [
      'nothing beside the type',
      { type: 'client-secret' },
      /tenantId: Missing\.[\s\S]*clientId: Missing\.[\s\S]*clientSecret: Missing\./,
    ],
    ['a slip', { type: 'default', tenentId: guid }, /- credential\.entra\.tenentId: .*did you mean tenantId\?/],
    [
      'a member of another type',
      { type: 'managed-identity', clientSecret: 'the value' },
      /- credential\.entra\.clientSecret: There is no such option/,
    ],
    [
      'a client that is no GUID',
      { type: 'client-secret', ...app, clientId: 'app', clientSecret: 'x' },
      /- credential\.entra\.clientId: Must be a GUID/,
    ],
    [
      'a tenant that is a URL',
      { type: 'client-secret', ...app, tenantId: 'https://login.microsoftonline.com/x', clientSecret: 'x' },
      /- credential\.entra\.tenantId: Must be the GUID of a directory/,
    ],
    ['an empty secret', { type: 'client-secret', ...app, clientSecret: '' }, /clientSecret: Must be text/],
    ['an empty wrapped secret', { type: 'client-secret', ...app, clientSecret: new Secret('') }, /clientSecret: Must/],
    [
      'two certificates',
      { type: 'client-certificate', ...app, certificate: 'x', certificatePath: 'y' },
      /certificate:/,
    ],
    ['no certificate', { type: 'client-certificate', ...app }, /- credential\.entra\.certificate: Give the PEM/],
    [
      'a chain that is text',
      { type: 'client-certificate', ...app, certificate: 'x', sendCertificateChain: 'yes' },
      /sendCertificateChain: Must be true or false/,
    ],
    [
      'two names of one identity',
      { type: 'managed-identity', clientId: guid, objectId: guid },
      /- credential\.entra: Name the identity by one of clientId, resourceId and objectId/,
    ],
    ['an authority over http', { type: 'default', authorityHost: 'http://127.0.0.1' }, /authorityHost: Must be https/],
    ['an authority with a path', { type: 'default', authorityHost: `https://x.example/${guid}` }, /and a host alone/],
    ['an authority with a password', { type: 'default', authorityHost: 'https://a:b@x.example' }, /and a host alone/],
    ['a scope that is none', { type: 'default', scope: 'communication' }, /scope: Must be .* ending in \/\.default/],
    [
      'an authority of an identity of the host',
      { type: 'managed-identity', authorityHost: 'https://x.example' },
      /such/,
    ],
  ])('is refused as %s', (_name, options, rule) => {
    const message = entra(options);
    expect(message).toMatch(rule);
    expect(message).not.toContain('the value');
  });
});
