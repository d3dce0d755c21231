import type { SimulatedAzure } from '@onrecord/simulator';

/**
 * What an application reads to reach the simulated Azure. The SDK for calls reads no environment, so the names that begin
 * with `ACS_` are ours; `AZURE_…` are those of `@azure/identity`. The https address has the vendor's host names, which
 * only a client finds that is told the way: by `connect`, or by an agent.
 */
export function azureEnvironment(
  azure: Pick<SimulatedAzure, 'plain' | 'connectionString' | 'endpoint' | 'jwksUrl' | 'resourceId' | 'entra'>,
  certificatePath: string,
): Readonly<Record<string, string>> {
  const { plain, entra } = azure;
  return {
    ACS_CONNECTION_STRING: plain.connectionString,
    ACS_JWKS_URL: plain.jwksUrl,
    ACS_HTTPS_CONNECTION_STRING: azure.connectionString,
    ACS_HTTPS_JWKS_URL: azure.jwksUrl,
    ACS_ENDPOINT: azure.endpoint,
    ACS_RESOURCE_ID: azure.resourceId,
    ACS_CONNECT_ADDRESS: '127.0.0.1',
    ACS_CA_FILE: certificatePath,
    NODE_EXTRA_CA_CERTS: certificatePath,
    AZURE_AUTHORITY_HOST: entra.authorityHost,
    AZURE_TENANT_ID: entra.tenantId,
    AZURE_CLIENT_ID: entra.clientId,
    AZURE_CLIENT_SECRET: entra.clientSecret,
  };
}
