import type { CallAutomationClientOptions } from '@azure/communication-call-automation';
import type { KeyCredential, TokenCredential } from '@azure/core-auth';
import { reveal, unknownMembers } from '@onrecord/core';
import { createEntraCredential } from '../entra/entra-credential.ts';
import { SharedCredential } from '../entra/shared-credential.ts';
import { tokenFailure } from '../entra/token-failure.ts';
import { isObject } from '../json-reader.ts';
import { readConnectionString } from './connection-string.ts';
import type { AzureOptions } from './options.ts';
import type { Problem } from './problem.ts';
import { resolveEntra } from './resolve-entra.ts';
import { checkTokensFor, resourceUrl } from './resource-url.ts';
import { SecretKeyCredential } from './secret-key-credential.ts';

/** Where the resource is, and how we prove who we are. */
export interface Access {
  readonly endpoint: URL;
  readonly credential: KeyCredential | TokenCredential;
}

/**
 * Undefined when something is wrong, which is added to `problems`.
 * @param client what tokens are fetched with.
 */
export function resolveAccess(
  options: AzureOptions,
  client: CallAutomationClientOptions,
  problems: Problem[],
): Access | undefined {
  const { connectionString, endpoint, credential } = options;
  if (connectionString !== undefined) {
    if (endpoint !== undefined || credential !== undefined) {
      problems.push({ path: 'connectionString', message: 'Give either this, or endpoint with credential, not both.' });
    }
    const parts = readConnectionString(reveal(connectionString), problems);
    if (!parts) return undefined;
    const url = resourceUrl(parts.endpoint, 'connectionString', options, problems);
    const key = keyCredential(parts.accessKey, 'connectionString', problems);
    return url && key ? { endpoint: url, credential: key } : undefined;
  }
  if (endpoint === undefined && credential === undefined) {
    problems.push({ path: 'connectionString', message: 'Missing; give it, or endpoint with credential.' });
    return undefined;
  }
  if (endpoint === undefined) problems.push({ path: 'endpoint', message: 'Missing beside credential.' });
  if (credential === undefined) problems.push({ path: 'credential', message: 'Missing beside endpoint.' });
  const url = endpoint === undefined ? undefined : resourceUrl(endpoint, 'endpoint', options, problems);
  const known = credential === undefined ? undefined : credentialOf(credential, url, client, problems);
  return url && known ? { endpoint: url, credential: known } : undefined;
}

function credentialOf(
  credential: unknown,
  url: URL | undefined,
  client: CallAutomationClientOptions,
  problems: Problem[],
): KeyCredential | TokenCredential | undefined {
  if (isTokenCredential(credential)) {
    if (url) checkTokensFor(url, 'endpoint', true, problems);
    return new SharedCredential(credential, tokenFailure);
  }
  if (!isObject(credential) || !('accessKey' in credential || 'entra' in credential)) {
    const message = 'Must be { accessKey }, { entra } or a token credential of @azure/identity.';
    problems.push({ path: 'credential', message });
    return undefined;
  }
  problems.push(...unknownMembers(credential, ['accessKey', 'entra'], 'credential'));
  const { accessKey, entra } = credential;
  if (accessKey !== undefined && entra !== undefined) {
    problems.push({ path: 'credential', message: 'Give either accessKey or entra, not both.' });
  }
  if (entra === undefined) return keyCredential(reveal(accessKey), 'credential.accessKey', problems);
  const identity = resolveEntra(entra, 'credential.entra', problems);
  if (!identity) return undefined;
  if (url) checkTokensFor(url, 'endpoint', identity.scope !== undefined, problems);
  return createEntraCredential(identity, client);
}

function isTokenCredential(value: unknown): value is TokenCredential {
  return typeof value === 'object' && value !== null && 'getToken' in value && typeof value.getToken === 'function';
}

const base64 = /^(?=.)(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The service answers 401 to a key that is not base64; the SDK signs with it all the same. Any length is taken. */
function keyCredential(key: unknown, path: string, problems: Problem[]): KeyCredential | undefined {
  if (typeof key === 'string' && base64.test(key)) return new SecretKeyCredential(key);
  problems.push({ path, message: 'Must be a key of the resource, which is base64 text.' });
  return undefined;
}
