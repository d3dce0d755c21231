import type { Clock } from '@onrecord/core';
import type { AzureBehaviour } from './behaviour.ts';
import type { BlobAccount } from './blob/blob-account.ts';
import type { PromptOptions } from './call/prompt-source.ts';
import type { EntraOptions } from './entra/entra-options.ts';

/** How to start a simulated Azure Communication Services resource. */
export interface AzureOptions {
  readonly clock: Clock;
  /** Name of the resource, the first label of its host. @default 'onrecord' */
  readonly resourceName?: string | undefined;
  /** GUID of the resource: `aud` of callback tokens. @default a new one */
  readonly resourceId?: string | undefined;
  /** Base64. @default a new one */
  readonly accessKey?: string | undefined;
  /** Texts accepted as access tokens beside those that {@link SimulatedAzure.entra} issues. @default none */
  readonly bearerTokens?: readonly string[] | undefined;
  /** The directory whose tokens open the resource, too. */
  readonly entra?: EntraOptions | undefined;
  /** Lets callbacks and webhooks be http on this machine; the service takes https only. @default false */
  readonly allowHttpCallbacks?: boolean | undefined;
  /** PEM of the authority behind https callbacks, webhooks and prompts. */
  readonly callbackCa?: string | undefined;
  /**
   * What `x-ms-date` is compared with, epoch ms. The vendor SDK dates requests by the machine's clock, so that is the
   * default, whatever `clock` says.
   */
  readonly signedNow?: (() => number) | undefined;
  /** How far `x-ms-date` may be off, ms; not documented for this service. @default 900000 (15 minutes) */
  readonly signedToleranceMs?: number | undefined;
  /** Epoch ms that callback tokens are issued at. @default `clock.now` */
  readonly tokenTime?: (() => number) | undefined;
  /** Ports; 0 is a free one. @default { https: 0, http: 0 } */
  readonly ports?: { readonly https?: number | undefined; readonly http?: number | undefined } | undefined;
  readonly prompts?: PromptOptions | undefined;
  /**
   * Where the storage accounts of the customer really are, by name: recordings with `externalStorage` in
   * `https://<name>.blob.core.windows.net/<container>` are written there, for instance into an Azurite. An export into
   * an account that is not named here fails, as into one that gives the service no role: the service keeps the files.
   * Needs the package `@azure/storage-blob`.
   * @default none
   */
  readonly blobAccounts?: Readonly<Record<string, BlobAccount>> | undefined;
  /** What the documentation leaves open. */
  readonly behaviour?: Partial<AzureBehaviour> | undefined;
}
