import type { TokenCredential } from '@azure/core-auth';
import { type OnRecordError, reveal } from '@onrecord/core';
import type { AzureConfig } from '../config/config.ts';
import type { EntraIdentity } from './entra-options.ts';
import { type Identity, loadIdentity } from './load-identity.ts';
import { SharedCredential } from './shared-credential.ts';
import { tokenFailure } from './token-failure.ts';
import { createTokenHttp, type TokenHttp } from './token-http.ts';

/** Tokens of Microsoft Entra by checked options. Nothing is loaded, read or sent before the first one is asked for. */
export function createEntraCredential(identity: EntraIdentity, client: AzureConfig['client']): TokenCredential {
  const http = createTokenHttp(client);
  let made: TokenCredential | undefined;
  let held: { readonly failure: OnRecordError; readonly untilMs: number } | undefined;
  return new SharedCredential(
    {
      async getToken(scopes, options) {
        if (held && Date.now() < held.untilMs) throw held.failure;
        made ??= credentialOf(await loadIdentity(), identity, client, http);
        return made.getToken(identity.scope ?? scopes, options);
      },
    },
    (error) => {
      if (held && error === held.failure) return error;
      const failure = tokenFailure(error, http.last(), identity.type);
      const { retryAfterMs } = failure.context;
      held = typeof retryAfterMs === 'number' ? { failure, untilMs: Date.now() + retryAfterMs } : undefined;
      // MSAL would answer with the same failure for a minute without asking, whatever the endpoint asked for.
      if (failure.retry === 'safe') made = undefined;
      return failure;
    },
  );
}

function credentialOf(
  sdk: Identity,
  identity: EntraIdentity,
  { retryOptions, userAgentOptions }: AzureConfig['client'],
  httpClient: TokenHttp,
): TokenCredential {
  const transport = { httpClient, ...defined({ userAgentOptions, retryOptions }) };
  switch (identity.type) {
    case 'managed-identity': {
      const { clientId, resourceId, objectId } = identity;
      if (resourceId !== undefined) return new sdk.ManagedIdentityCredential({ ...transport, resourceId });
      if (objectId !== undefined) return new sdk.ManagedIdentityCredential({ ...transport, objectId });
      return new sdk.ManagedIdentityCredential({ ...transport, ...defined({ clientId }) });
    }
    case 'client-secret': {
      const { tenantId, clientId, clientSecret } = identity;
      return new sdk.ClientSecretCredential(tenantId, clientId, reveal(clientSecret), options());
    }
    case 'client-certificate': {
      const { tenantId, clientId, certificate, certificatePath, sendCertificateChain } = identity;
      const password = defined({ certificatePassword: reveal(identity.certificatePassword) });
      const more = { ...options(), ...defined({ sendCertificateChain }) };
      return certificate === undefined
        ? new sdk.ClientCertificateCredential(
            tenantId,
            clientId,
            { certificatePath: certificatePath ?? '', ...password },
            more,
          )
        : new sdk.ClientCertificateCredential(
            tenantId,
            clientId,
            { certificate: reveal(certificate), ...password },
            more,
          );
    }
    case 'workload-identity': {
      const { tenantId, clientId, tokenFilePath } = identity;
      const more = defined({ tenantId, clientId, tokenFilePath });
      return new sdk.WorkloadIdentityCredential({ ...options(), ...more });
    }
    case 'default': {
      const { tenantId, managedIdentityClientId, workloadIdentityClientId } = identity;
      const more = defined({ tenantId, managedIdentityClientId, workloadIdentityClientId });
      return new sdk.DefaultAzureCredential({ ...options(), ...more });
    }
  }

  function options() {
    if (identity.type === 'managed-identity') return transport;
    const { authorityHost, disableInstanceDiscovery } = identity;
    return { ...transport, ...defined({ authorityHost, disableInstanceDiscovery }) };
  }
}

/** The members that have a value: the SDK tells a member that is undefined from one that is missing. */
function defined<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
