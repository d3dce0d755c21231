import type { Secret } from '@onrecord/core';

interface Authority {
  /**
   * Where tokens come from, for another cloud: `https://login.microsoftonline.us`, `https://login.chinacloudapi.cn`.
   * @default the environment's AZURE_AUTHORITY_HOST, else 'https://login.microsoftonline.com'
   */
  readonly authorityHost?: string | undefined;
  /**
   * Trusts `authorityHost` without asking Microsoft whether it is known, for a network that reaches nothing else.
   * @default false
   */
  readonly disableInstanceDiscovery?: boolean | undefined;
}

interface Scoped {
  /**
   * What tokens are asked for. Documented for the public cloud only: other clouds may know the service by another name.
   * @default 'https://communication.azure.com//.default'
   */
  readonly scope?: string | undefined;
}

/** Whatever the environment offers, in the order of `DefaultAzureCredential`: for a laptop, and for mixed hosts. */
export interface EntraDefault extends Authority, Scoped {
  readonly type: 'default';
  readonly tenantId?: string | undefined;
  /** Client id of a user-assigned managed identity. @default the environment's AZURE_CLIENT_ID */
  readonly managedIdentityClientId?: string | undefined;
  /** @default the environment's AZURE_CLIENT_ID */
  readonly workloadIdentityClientId?: string | undefined;
}

/** An app registration with a secret. */
export interface EntraClientSecret extends Authority, Scoped {
  readonly type: 'client-secret';
  /** The directory's GUID or one of its domains. */
  readonly tenantId: string;
  /** GUID of the app registration. */
  readonly clientId: string;
  /** The secret's value, not its id. */
  readonly clientSecret: string | Secret;
}

/** An app registration with a certificate: its text, or the path of its file. */
export interface EntraClientCertificate extends Authority, Scoped {
  readonly type: 'client-certificate';
  readonly tenantId: string;
  readonly clientId: string;
  /** PEM of certificate and private key. */
  readonly certificate?: string | Secret | undefined;
  readonly certificatePath?: string | undefined;
  readonly certificatePassword?: string | Secret | undefined;
  /** Sends the chain along, for apps that trust subject name and issuer. @default false */
  readonly sendCertificateChain?: boolean | undefined;
}

/** The identity of the Azure host. Name a user-assigned one by one of its ids; without one it is the system's own. */
export interface EntraManagedIdentity extends Scoped {
  readonly type: 'managed-identity';
  readonly clientId?: string | undefined;
  /** Path in Azure: `/subscriptions/…/userAssignedIdentities/…` */
  readonly resourceId?: string | undefined;
  readonly objectId?: string | undefined;
}

/** The identity of a Kubernetes workload; the webhook of Azure Workload Identity sets everything in the environment. */
export interface EntraWorkloadIdentity extends Authority, Scoped {
  readonly type: 'workload-identity';
  /** @default the environment's AZURE_TENANT_ID */
  readonly tenantId?: string | undefined;
  /** @default the environment's AZURE_CLIENT_ID */
  readonly clientId?: string | undefined;
  /** @default the environment's AZURE_FEDERATED_TOKEN_FILE */
  readonly tokenFilePath?: string | undefined;
}

/** A way to a token of Microsoft Entra with all that it needs. */
export type EntraIdentity =
  | EntraDefault
  | EntraClientSecret
  | EntraClientCertificate
  | EntraManagedIdentity
  | EntraWorkloadIdentity;

/**
 * How a token of Microsoft Entra is had, by plain values as a configuration file holds them: `'default'` is
 * `{ type: 'default' }`. Needs the package `@azure/identity`, which is loaded when the first token is asked for.
 */
export type EntraOptions = EntraIdentity | 'default' | 'managed-identity' | 'workload-identity';
