import { randomUUID } from 'node:crypto';
import type { Delivery, Speaker } from '@onrecord/contract-kit';
import { createIngestHandler, type InboundRequest, type SessionStore } from '@onrecord/core';
import {
  type AzureBehaviour,
  listen,
  readBody,
  type SimulatedAzure,
  type SimulatedAzureCall,
  sendAnswer,
  startAzure,
  tone,
  VirtualCall,
  type VirtualClock,
} from '@onrecord/simulator';
import type { AzureProfile } from '../../capabilities.ts';
import type { AzureOptions } from '../../config/options.ts';
import { type AzureCallAutomationDriver, azure as azureDriver } from '../../driver.ts';
import type { OwnAccount } from '../../testing/own-account.ts';
import { callbackSecret, gridSecret } from '../../testing/scene.ts';

const addresses: { readonly [S in Speaker]: string } = { reference: '+15550100', other: '+15550199' };

const cognitiveServicesEndpoint = 'https://example.cognitiveservices.azure.com';

/** A resource with its webhooks: callbacks and Event Grid, posted over sockets. */
export interface Platform {
  readonly azure: SimulatedAzure;
  /** Where the webhooks are. */
  readonly origin: string;
  /** Raw id of the reference speaker. */
  readonly reference: string;
  /** A driver of its own, as every process has one. */
  driver(): AzureCallAutomationDriver;
  /** Takes what comes while no recorder is there: the application's web server always is. */
  ingest(request: Request): Promise<Response>;
  /** A call of both speakers, who are silent; it is established once a second has passed. */
  placeCall(): { readonly placed: SimulatedAzureCall; say(speaker: Speaker, toneHz: number | undefined): void };
  close(): Promise<void>;
}

/** In which of the ways that are to come to the same a subject uses the service. */
export interface Variant {
  /** How requests are proven. @default 'key' */
  readonly credential?: 'key' | 'entra' | undefined;
  /** @default 'acs-standalone' */
  readonly profile?: AzureProfile | undefined;
  /** The storage account into which recordings go, if not into the service's own storage. */
  readonly account?: (() => OwnAccount) | undefined;
  /** What the documentation of the service leaves open. */
  readonly behaviour?: Partial<AzureBehaviour> | undefined;
}

/** Starts a resource whose messages all go to `receive`, but for the handshake of the subscription. */
export async function openPlatform(
  clock: VirtualClock,
  store: SessionStore,
  { credential = 'key', profile = 'acs-standalone', account, behaviour }: Variant,
  receive: (request: InboundRequest) => Promise<Delivery>,
): Promise<Platform> {
  const azure = await startAzure({
    clock,
    allowHttpCallbacks: true,
    behaviour,
    blobAccounts: account?.().blobAccounts,
  });
  // Subjects share a container, and each has a location of its own in it.
  const recordingStorage = account && { containerUrl: `${account().containerUrl}/${randomUUID()}` };
  const access: AzureOptions =
    credential === 'key'
      ? { connectionString: azure.connectionString }
      : {
          endpoint: azure.endpoint,
          credential: { entra: { type: 'client-secret', ...azure.entra, disableInstanceDiscovery: true } },
        };
  const endpoint = await listen(async (incoming, response) => {
    const { method, url, headers } = incoming;
    const body = await readBody(incoming);
    const request: InboundRequest = { transport: 'http', method, url: `${endpoint.origin}${url}`, headers, body };
    if (headers['aeg-event-type'] === 'SubscriptionValidation') {
      const answer = await ingest(requestOf(request));
      return sendAnswer(incoming, response, { status: answer.status, body: await answer.text() });
    }
    const { taken } = await receive(request);
    sendAnswer(incoming, response, { status: taken ? 200 : 401 });
  });
  const driver = () =>
    azureDriver({
      ...access,
      profile,
      recordingStorage,
      callbackUrl: `${endpoint.origin}/callbacks`,
      callbackSecret,
      jwt: { audience: azure.resourceId, jwksUrl: azure.jwksUrl },
      eventGrid: { secret: gridSecret },
      allowInsecureLoopback: true,
      client: { agent: azure.agent() },
    });
  const web = driver();
  const route = { instance: 'azure', driver: web };
  const routes = { '/callbacks': route, '/grid': route };
  const ingest = createIngestHandler({ store, clock, publicUrl: endpoint.origin, routes });
  await azure.subscribe({ url: `${endpoint.origin}/grid?secret=${encodeURIComponent(gridSecret)}` });
  return {
    azure,
    origin: endpoint.origin,
    reference: `4:${addresses.reference}`,
    driver,
    ingest,
    placeCall() {
      const call = new VirtualCall(clock);
      const say = (speaker: Speaker, toneHz: number | undefined) => {
        call.leave(speaker);
        call.join({
          name: speaker,
          address: addresses[speaker],
          ...(toneHz === undefined ? {} : { source: tone(toneHz) }),
        });
      };
      for (const speaker of ['reference', 'other'] as const) say(speaker, undefined);
      return {
        placed: azure.placeCall({ call, profile, callbackUri: web.callbackUrl(), cognitiveServicesEndpoint }),
        say,
      };
    },
    async close() {
      await azure.close();
      await endpoint.close();
    },
  };
}

/** The message as a server of the web hands it on. */
export function requestOf({ method = 'POST', url = '', headers, body }: InboundRequest): Request {
  const sent = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
  return new Request(url, { method, headers: sent, body: new Uint8Array(body) });
}
