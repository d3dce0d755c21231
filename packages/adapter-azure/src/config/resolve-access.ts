import type { KeyCredential, TokenCredential } from '@azure/core-auth';
import { reveal } from '@onrecord/core';
import type { AzureCredential, AzureOptions } from './options.ts';
import type { Problem } from './problem.ts';
import { readUrl } from './read-url.ts';
import { SecretKeyCredential } from './secret-key-credential.ts';

/** Where the resource is, and how we prove who we are. */
export interface Access {
  readonly endpoint: URL;
  readonly credential: KeyCredential | TokenCredential;
}

const base64 = /^(?=.)(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Undefined when something is wrong, which is added to `problems`. */
export function resolveAccess(options: AzureOptions, problems: Problem[]): Access | undefined {
  const { connectionString, endpoint, credential } = options;
  if (connectionString !== undefined) {
    if (endpoint !== undefined || credential !== undefined) {
      problems.push({ path: 'connectionString', message: 'Give either this, or endpoint with credential, not both.' });
      return undefined;
    }
    return fromConnectionString(reveal(connectionString), options, problems);
  }
  if (endpoint === undefined || credential === undefined) {
    problems.push({ path: 'connectionString', message: 'Missing; give it, or endpoint with credential.' });
    return undefined;
  }
  const url = resourceUrl(endpoint, 'endpoint', options, problems);
  const known = credentialOf(credential, problems);
  return url && known ? { endpoint: url, credential: known } : undefined;
}

function fromConnectionString(text: unknown, options: AzureOptions, problems: Problem[]): Access | undefined {
  const fields = new Map<string, string>();
  for (const field of typeof text === 'string' ? text.split(';') : []) {
    const at = field.indexOf('=');
    if (at > 0) fields.set(field.slice(0, at).trim().toLowerCase(), field.slice(at + 1).trim());
  }
  const endpoint = fields.get('endpoint');
  const key = fields.get('accesskey');
  if (!endpoint || !key) {
    problems.push({
      path: 'connectionString',
      message: 'Must be "endpoint=https://…;accesskey=…", as on the Keys page of the resource.',
    });
    return undefined;
  }
  const url = resourceUrl(endpoint, 'connectionString', options, problems);
  const credential = keyCredential(key, 'connectionString', problems);
  return url && credential ? { endpoint: url, credential } : undefined;
}

function resourceUrl(text: string, path: string, options: AzureOptions, problems: Problem[]): URL | undefined {
  const url = readUrl(text, path, options, problems);
  if (url && (url.pathname !== '/' || url.search !== '')) {
    problems.push({
      path,
      message: 'Must be the resource alone, without a path: https://<resource>.communication.azure.com',
    });
    return undefined;
  }
  return url;
}

function credentialOf(credential: AzureCredential, problems: Problem[]): KeyCredential | TokenCredential | undefined {
  if (typeof credential === 'object' && credential !== null) {
    if ('getToken' in credential) return credential;
    if ('accessKey' in credential) return keyCredential(reveal(credential.accessKey), 'credential.accessKey', problems);
  }
  problems.push({ path: 'credential', message: 'Must be { accessKey } or a token credential of @azure/identity.' });
  return undefined;
}

/** The service answers 401 to a key that is not base64; the SDK signs with it all the same. */
function keyCredential(key: unknown, path: string, problems: Problem[]): KeyCredential | undefined {
  if (typeof key === 'string' && base64.test(key)) return new SecretKeyCredential(key);
  problems.push({ path, message: 'Must be a key of the resource, which is base64 text.' });
  return undefined;
}
