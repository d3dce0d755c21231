import type { CallAutomationClientOptions } from '@azure/communication-call-automation';
import type { TokenCredential } from '@azure/core-auth';
import type { Secret } from '@onrecord/core';
import type { AzureAttempt, AzureProfile } from '../capabilities.ts';
import type { EntraOptions } from '../entra/entra-options.ts';

/** A secret text, wrapped or plain. Wrap it where the options might be logged. */
export type SecretText = string | Secret;

/** One secret, or several while they are being changed: the first one signs, each of them is accepted. */
export type Secrets = SecretText | readonly SecretText[];

/**
 * An access key of the resource, a Microsoft Entra credential such as `new DefaultAzureCredential()`, or how to make one
 * by plain values, for which `@azure/identity` must be installed.
 */
export type AzureCredential = { readonly accessKey: SecretText } | { readonly entra: EntraOptions } | TokenCredential;

export type {
  EntraClientCertificate,
  EntraClientSecret,
  EntraDefault,
  EntraIdentity,
  EntraManagedIdentity,
  EntraOptions,
  EntraWorkloadIdentity,
} from '../entra/entra-options.ts';

/** How the JWT on every callback is checked. */
export interface CallbackTokenOptions {
  /** The `aud` claim: the immutable resource id of the Communication Services resource, a GUID. */
  readonly audience: string | readonly string[];
  /** @default 'https://acscallautomation.communication.azure.com' */
  readonly issuer?: string | undefined;
  /** @default 'https://acscallautomation.communication.azure.com/calling/keys' */
  readonly jwksUrl?: string | undefined;
  /** Milliseconds by which the service's clock may differ from ours; its tokens live five minutes. @default 30000 */
  readonly clockSkewMs?: number | undefined;
}

/** Event Grid signs nothing. Give `secret` for a webhook, `queue` for a queue, or both. */
export interface EventGridOptions {
  /** Stands in the query of the subscription's URL, as `?secret=…`. */
  readonly secret?: Secrets | undefined;
  /**
   * Takes events from a Storage Queue, Service Bus or Event Hubs, and from dead-letter blobs, without a secret: whoever
   * may write there is believed.
   * @default false
   */
  readonly queue?: boolean | undefined;
}

/** Voice of a text announcement that does not name its own. */
export interface SpeechOptions {
  /** BCP 47 tag. @default 'en-US' */
  readonly language?: string | undefined;
  /** Name of an Azure voice, e.g. `en-US-NancyNeural`; without one the service picks a female voice of the language. */
  readonly voice?: string | undefined;
  /** Deployment of a custom voice of yours, sent with SSML and with texts that name a voice. */
  readonly customVoiceEndpointId?: string | undefined;
}

/** Where recordings go, other than the service's own storage. */
export interface RecordingStorageOptions {
  /**
   * `https://<account>.blob.core.windows.net/<container>`, or a location inside a container. Without a SAS or any other
   * credential: the service uses the managed identity of its resource.
   */
  readonly containerUrl: string;
  /**
   * Whether MP3 is recorded into it. Microsoft's current page shows WAV and MP4 there; of MP3 there is only the name of a
   * blob, on the page of 2023.
   * @default 'attempt'
   */
  readonly mp3?: 'attempt' | 'refuse' | undefined;
  /**
   * Whether each recording goes to a place of its own below `containerUrl`, named by session and part: `<session>.p1/…`.
   * Then the landing store tells of its files where Event Grid does not. With `false` everything goes to exactly the
   * configured place, where nothing tells whose a file is but Event Grid: a lost event is a recording that is missing.
   * @default true
   */
  readonly perRecording?: boolean | undefined;
}

export interface AzureOptions {
  /** `endpoint=https://…;accesskey=…`, from the resource's Keys page. Either this, or `endpoint` with `credential`. */
  readonly connectionString?: SecretText | undefined;
  /** `https://<resource>.communication.azure.com` */
  readonly endpoint?: string | undefined;
  readonly credential?: AzureCredential | undefined;
  /**
   * Public https URL at which {@link AzureCallAutomationDriver.parse} gets the service's callbacks. Without it states
   * are learnt by asking alone, and an announcement is confirmed only where the call's own callbacks reach `parse`.
   */
  readonly callbackUrl?: string | undefined;
  /** Signs what travels in the query of `callbackUrl`; at least 16 characters, the same for every process. */
  readonly callbackSecret?: Secrets | undefined;
  /** Checks the service's own signature on callbacks. Without it the signed query alone proves them. */
  readonly jwt?: CallbackTokenOptions | undefined;
  /** How the events of Event Grid are let in. Without it they are refused. */
  readonly eventGrid?: EventGridOptions | undefined;
  readonly speech?: SpeechOptions | undefined;
  /**
   * Whose calls are recorded: those of a standalone Communication Services resource, or of Teams Phone extensibility.
   * Types follow it: what is not documented under `teams-phone` does not compile there.
   * @default 'acs-standalone'
   */
  readonly profile?: AzureProfile | undefined;
  /** What is sent under `teams-phone` although no page says that it works; see `unknownUnder`. @default [] */
  readonly attempt?: readonly AzureAttempt[] | undefined;
  /**
   * A Blob container of yours into which recordings are written. The identity of the Communication Services resource
   * needs the role *Storage Blob Data Contributor* on its account. Register the same container as the landing store.
   */
  readonly recordingStorage?: RecordingStorageOptions | undefined;
  /**
   * Whether a start on an `azure.room` is sent, although the API description says that starts by room are not supported.
   * @default 'refuse'
   */
  readonly rooms?: 'refuse' | 'attempt' | undefined;
  /** Permits `http` and this machine in `endpoint`, `callbackUrl`, `jwksUrl` and file prompts, for tests. @default false */
  readonly allowInsecureLoopback?: boolean | undefined;
  /**
   * Options of the SDK's clients: `agent`, `httpClient`, `proxyOptions`, `retryOptions`, … File downloads, the key set
   * and requests for tokens use its transport options too. `retryOptions` is `{ maxRetries: 0 }` unless given, because the recorder repeats
   * requests itself and must know of each lost answer; announcements are never repeated by the SDK.
   */
  readonly client?: CallAutomationClientOptions | undefined;
}
