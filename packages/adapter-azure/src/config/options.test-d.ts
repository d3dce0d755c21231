/**
 * `@ts-expect-error` is the failure.
 */
import { DefaultAzureCredential } from '@azure/identity';
import { Secret } from '@onrecord/core';
import type { AzureOptions } from '../index.ts';

const endpoint = 'https://contoso.communication.azure.com';
const app = { tenantId: 'contoso.example', clientId: '11111111-2222-4333-8444-555555555555' };

/** Every way to prove who we are. */
export const lawful: readonly AzureOptions[] = [
  { connectionString: 'endpoint=…;accesskey=…' },
  { endpoint, credential: { accessKey: new Secret('…') } },
  { endpoint, credential: new DefaultAzureCredential() },
  { endpoint, credential: { entra: 'default' } },
  { endpoint, credential: { entra: 'managed-identity' } },
  { endpoint, credential: { entra: { type: 'client-secret', ...app, clientSecret: new Secret('…') } } },
  { endpoint, credential: { entra: { type: 'client-certificate', ...app, certificatePath: 'app.pem' } } },
  { endpoint, credential: { entra: { type: 'workload-identity', authorityHost: 'https://login.microsoftonline.us' } } },
];

// @ts-expect-error a secret is missing
export const noSecret: AzureOptions = { endpoint, credential: { entra: { type: 'client-secret', ...app } } };

// @ts-expect-error there is no such type
export const noType: AzureOptions = { endpoint, credential: { entra: 'azure-cli' } };

export const elsewhere: AzureOptions = {
  endpoint,
  // @ts-expect-error the host decides where its identity gets its tokens
  credential: { entra: { type: 'managed-identity', authorityHost: 'https://login.microsoftonline.us' } },
};
