import type { Agent, AgentOptions } from 'node:https';
import type { JSONWebKeySet } from 'jose';
import type { AudioSource } from '../call/virtual-call.ts';
import type { FaultScript } from '../http/index.ts';
import type { ExportAttempt, ExportFailure } from './blob/blob-export.ts';
import type { Conversation, Hosting } from './call/conversation.ts';
import type { CallPlacement } from './call/placement.ts';
import type { PlayFailure } from './call/prompt-source.ts';
import type { Ringing, RingingCall } from './call/ringing-call.ts';
import type { SimulatedAzureCall } from './call/simulated-azure-call.ts';
import type { EntraAddress } from './entra/entra-options.ts';
import type { EventGridSubscription, SubscriptionRequest } from './event-grid/subscription.ts';
import type { CallbackDelivery } from './events/callback-sender.ts';
import type { EventFaults } from './events/event-faults.ts';
import type { TokenFaults } from './events/token-faults.ts';
import type { KeyRotation } from './events/token-issuer.ts';
import type { FileFaults } from './recording/file-faults.ts';
import type { AzureRequest } from './server/journal.ts';

/** Where the resource is found over one protocol. */
export interface AzureAddress {
  /** Without a slash at the end. */
  readonly endpoint: string;
  /** `endpoint=…;accesskey=…` */
  readonly connectionString: string;
  /** Keys of callback tokens. */
  readonly jwksUrl: string;
  readonly openIdConfigurationUrl: string;
}

/**
 * A running resource. Its own members are the https address, under the vendor's host names; they need {@link agent} or
 * the like, which trusts the certificate and knows the way. `plain` is the same API on http://127.0.0.1, for
 * clients with `allowInsecureConnection`; files are on https only, since the SDK takes no other URL.
 */
export interface SimulatedAzure extends AzureAddress, AsyncDisposable {
  readonly plain: AzureAddress;
  readonly accessKey: string;
  /**
   * The directory: what an unmodified `ClientSecretCredential` needs beside {@link agent}, with or without
   * `disableInstanceDiscovery`. Its tokens open the API and the files.
   */
  readonly entra: EntraAddress;
  /** `aud` of callback tokens. */
  readonly resourceId: string;
  /** Topic of Event Grid events: the resource's path in Azure, in small letters as the service sends it. */
  readonly topic: string;
  /** PEM of the certificate, valid for every host of the service that is simulated and for this machine. */
  readonly ca: string;
  /** For an `https.Agent`: trusts {@link ca} and finds every host name on this machine. */
  readonly agentOptions: AgentOptions;
  /** A new agent, to be given to the SDK's client as its option `agent`. */
  agent(): Agent;
  /** The public keys of callback tokens, as served at {@link jwksUrl} now. */
  readonly jwks: JSONWebKeySet;
  /** Signs callbacks with a new key from now on. @returns its `kid`. */
  rotateCallbackKey(rotation?: KeyRotation): Promise<string>;
  /** What goes wrong with requests; operations are named as in {@link requests}. */
  readonly faults: FaultScript;
  /** What goes wrong with the files of recordings. */
  readonly fileFaults: FileFaults;
  /** What goes wrong with events. */
  readonly eventFaults: EventFaults;
  /** What is wrong with the tokens of callbacks. */
  readonly tokenFaults: TokenFaults;

  /**
   * Puts our application on a conversation, as if it had just answered or created it: `connecting` now, `CallConnected`
   * and `ParticipantsUpdated` soon.
   * @throws TypeError for a callback URL that the service would not take.
   */
  placeCall(placement: CallPlacement): SimulatedAzureCall;
  /** Lets a conversation go on without us, as client SDKs begin one: to be recorded by its ids, or connected to. */
  hostCall(hosting: Hosting): Conversation;
  /**
   * Lets somebody call the application: `IncomingCall` goes to the subscriptions of Event Grid, and whoever has its
   * context may answer.
   */
  ring(ringing: Ringing): RingingCall;
  /** Every connection of our application, placed or made by the API, oldest first. */
  calls(): readonly SimulatedAzureCall[];
  /** How somebody sounds whom the application calls, by the address of a virtual call. @default silence */
  setVoice(address: string, source: AudioSource): void;
  /**
   * Lets the next answer, create or connect be accepted and then fail with `AnswerFailed`, `CreateCallFailed` or
   * `ConnectFailed`.
   */
  failNextCall(failure: PlayFailure): void;
  /** Address of an agent of Teams Phone: `8:acs:{resourceId}_{tenantId}_{userId}`. */
  teamsAgent(userId: string): string;
  /** Lets the next start be answered 202 and then fail with `StartRecordingFailed`. */
  failNextStart(failure: PlayFailure): void;
  /** Lets the next play be answered 202 and then fail with `PlayFailed`. */
  failNextPlay(failure: PlayFailure): void;
  /**
   * Lets another instance of the service go on with a recording, as in the known issue of the concept page: two sets of
   * files with the same recording id and chunk index arrive, and stop is answered 404 although they do.
   * @throws RangeError for an id of no recording.
   */
  failOver(recordingId: string): void;
  /**
   * Lets a file be refused by the customer's storage account: the event then names the service's own storage.
   * @param failure default 403 `AuthorizationPermissionMismatch`, of an identity without a role.
   * @param skip how many files are written first; default 0. Metadata are files, too.
   */
  failNextExport(failure?: ExportFailure, skip?: number): void;
  /**
   * Subscribes a webhook to the resource's Event Grid topic.
   * @throws EventGridHandshakeError when it does not prove that it wants the events; TypeError for a URL that Event
   * Grid would not take.
   */
  subscribe(request: SubscriptionRequest): Promise<EventGridSubscription>;
  /** Every request that arrived, oldest first. */
  requests(): readonly AzureRequest[];
  /** Ids of all recordings that a start began, oldest first, whatever became of them: repeated requests add none. */
  recordingIds(): readonly string[];
  /** Every try to write a file into a customer's container, oldest first. */
  exports(): readonly ExportAttempt[];
  /** Every callback posted or lost, oldest first. */
  callbacks(): readonly CallbackDelivery[];
  /** Stops everything that is still to come and releases the ports. Calling it again does nothing. */
  close(): Promise<void>;
}
