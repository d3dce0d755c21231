import { randomBytes, randomUUID } from 'node:crypto';
import { FaultPlan } from '../faults/index.ts';
import { type Endpoint, FaultScript, listen } from '../http/index.ts';
import { defaultBehaviour } from './behaviour.ts';
import { loadBlobClient } from './blob/blob-client.ts';
import { BlobExport } from './blob/blob-export.ts';
import { CallDirectory } from './call/call-directory.ts';
import { Calls } from './call/calls.ts';
import { PromptLoader } from './call/prompt-source.ts';
import { Switchboard } from './call/switchboard.ts';
import { AccessTokens } from './entra/access-tokens.ts';
import { EntraHost, LOGIN_HOST } from './entra/entra-host.ts';
import { EventGrid } from './event-grid/event-grid.ts';
import { CallbackSender } from './events/callback-sender.ts';
import { eventFaults as newEventFaults } from './events/event-faults.ts';
import { EventGate } from './events/event-gate.ts';
import { tokenFaults as newTokenFaults } from './events/token-faults.ts';
import { createTokenIssuer, JWKS_PATH, OPENID_PATH } from './events/token-issuer.ts';
import type { AzureOptions } from './options.ts';
import type { FileFaults } from './recording/file-faults.ts';
import { RecordingFiles } from './recording/recording-files.ts';
import { Recordings } from './recording/recordings.ts';
import { ApiHandler, isCallbackUrl } from './server/api-handler.ts';
import { Authentication } from './server/authentication.ts';
import { selfSignedCertificate } from './server/certificate.ts';
import { hostDispatch } from './server/host-dispatch.ts';
import type { AzureRequest } from './server/journal.ts';
import { loopbackAgent, loopbackAgentOptions } from './server/loopback-agent.ts';
import { Repeatability } from './server/repeatability.ts';
import type { AzureAddress, SimulatedAzure } from './simulated-azure.ts';
import { Documents } from './storage/documents.ts';
import { StorageHandler } from './storage/storage-handler.ts';
import { isStorageHost, STORAGE_DOMAINS } from './storage/storage-hosts.ts';
import { type AzureWorld, closingClock } from './world.ts';

const IDENTITY_HOST = 'acscallautomation.communication.azure.com';
const GRID_HOST = 'rp-eastus2.eventgrid.azure.net';
const CERTIFICATE_NAMES = [
  '*.communication.azure.com',
  ...STORAGE_DOMAINS.map((domain) => `*.${domain}`),
  '*.eventgrid.azure.net',
  LOGIN_HOST,
  'localhost',
];

/**
 * Starts a simulated Azure Communication Services resource on this machine: Call Automation API, storage host, callback
 * keys, directory (Entra ID) and Event Grid, for the vendor's own SDK.
 *
 * Not simulated: requests to transfer calls, to add and mute participants (see {@link SimulatedAzureCall.tell}), to
 * recognise speech and keys, the picture of an mp4 and its
 * codecs (its sound is Opus). Operations that are missing are answered with 501.
 *
 * @example
 * ```ts
 * const azure = await startAzure({ clock });
 * const client = new CallAutomationClient(azure.connectionString, { agent: azure.agent() });
 * const call = azure.placeCall({ call: conversation, callbackUri: 'https://app.example/callbacks' });
 * ```
 * @throws the `listen` error when a given port is in use; Error for `blobAccounts` without `@azure/storage-blob`; TypeError
 * for a `storageHost` that the SDK would not download from.
 */
export async function startAzure(options: AzureOptions): Promise<SimulatedAzure> {
  const { clock, callbackCa: ca, allowHttpCallbacks = false, resourceName = 'onrecord' } = options;
  const { resourceId = randomUUID(), accessKey = randomBytes(64).toString('base64') } = options;
  const behaviour = { ...defaultBehaviour, ...options.behaviour };
  if (!isStorageHost(behaviour.storageHost)) {
    throw new TypeError(`storageHost ${behaviour.storageHost} lies in none of ${STORAGE_DOMAINS.join(', ')}.`);
  }
  if (options.blobAccounts) await loadBlobClient();
  const closing = new AbortController();
  const { signal } = closing;
  const waiting = closingClock(clock, signal);
  const faults = new FaultScript(waiting);
  const eventFaults = newEventFaults();
  const gate = new EventGate(eventFaults, clock, signal);
  const requests: AzureRequest[] = [];
  const journal = (entry: AzureRequest): void => void requests.push(entry);
  const {
    tenantId = randomUUID(),
    clientId = randomUUID(),
    clientSecret = randomBytes(30).toString('base64url'),
  } = options.entra ?? {};
  const { now = Date.now, tokenSeconds = 3_599, assertionKeys = [], authorized = true } = options.entra ?? {};
  const [issuer, tls, accessTokens] = await Promise.all([
    createTokenIssuer(resourceId),
    selfSignedCertificate(CERTIFICATE_NAMES),
    AccessTokens.create({ tenantId, clientId, tokenSeconds, now }),
  ]);
  const tokenTime = options.tokenTime ?? (() => clock.now());
  const tokenFaults = newTokenFaults();
  const callbacks = new CallbackSender({ clock, issuer, gate, tokenFaults, signal, ca, tokenTime });
  const world: AzureWorld = { clock, behaviour, resourceId, callbacks, signal };
  const documents = new Documents(clock);
  const directory = new CallDirectory(world);
  const loader = new PromptLoader(options.prompts ?? {}, clock, signal, ca);
  const calls = new Calls(world, directory);

  /** Set below, before anything can be served: addresses are known once the ports are. */
  let dispatch: ReturnType<typeof hostDispatch> | undefined;
  const serve: Parameters<typeof listen>[0] = async (request, response) => dispatch?.(request, response);
  const secure = await listen(serve, { port: options.ports?.https, tls });
  const plain = await listen(serve, { port: options.ports?.http }).catch(async (error: unknown) => {
    await secure.close();
    throw error;
  });
  const apiHost = `${resourceName}.communication.azure.com`;
  const topic = `/subscriptions/${randomUUID()}/resourcegroups/onrecord/providers/microsoft.communication/communicationservices/${resourceName}`;
  const validationOrigin = `https://${GRID_HOST}:${secure.port}`;
  const grid = new EventGrid({ clock, gate, signal, ca, topic, validationOrigin });
  const fileFaults: FileFaults = new FaultPlan(({ recordingId }) => recordingId);
  const blobs = new BlobExport(clock, signal, options.blobAccounts ?? {});
  const files = new RecordingFiles(world, {
    documents,
    storageOrigin: `https://${behaviour.storageHost}:${secure.port}`,
    blobs,
    faults: fileFaults,
    publish: (subject, data) => grid.publish(subject, 'Microsoft.Communication.RecordingFileStatusUpdated', data),
  });
  const recordings = new Recordings(world, directory, files);
  const switchboard = new Switchboard(world, loader, directory, (ringing) =>
    grid.publish(ringing.subject, 'Microsoft.Communication.IncomingCall', ringing.data),
  );
  const authentication = new Authentication({
    accessKey,
    apiHosts: [apiHost, `${apiHost}:${secure.port}`, `127.0.0.1:${plain.port}`, `localhost:${plain.port}`],
    bearerTokens: options.bearerTokens ?? [],
    accessTokens,
    authorized,
    signedNow: options.signedNow ?? Date.now,
    toleranceMs: options.signedToleranceMs ?? 900_000,
  });
  const repeatability = new Repeatability(behaviour.repeatabilityMismatch);
  const jwksUrl = `https://${IDENTITY_HOST}:${secure.port}${JWKS_PATH}`;
  const entra = { authorityHost: secure.origin, tenantId, clientId, clientSecret };
  dispatch = hostDispatch({
    api: new ApiHandler({
      clock,
      faults,
      authentication,
      repeatability,
      recordings,
      calls,
      switchboard,
      allowHttpCallbacks,
      journal,
    }),
    storage: new StorageHandler({
      clock: waiting,
      faults,
      authentication,
      documents,
      ranges: behaviour.byteRanges === 'honoured',
      journal,
    }),
    grid,
    entra: new EntraHost({ clock, faults, tokens: accessTokens, address: entra, assertionKeys, journal }),
    issuer,
    jwksUrl,
    plainJwksUrl: `${plain.origin}${JWKS_PATH}`,
  });

  const requireCallbackUrl = (url: string): void => {
    if (!isCallbackUrl(url, allowHttpCallbacks)) {
      throw new TypeError(`${url} is not an https URL; allow http on this machine with allowHttpCallbacks.`);
    }
  };
  const endpoint = `https://${apiHost}:${secure.port}`;
  const close = async (): Promise<void> => {
    closing.abort(new Error('The simulated Azure resource was closed.'));
    await Promise.all([secure.close(), plain.close()]);
  };
  return {
    endpoint,
    connectionString: `endpoint=${endpoint}/;accesskey=${accessKey}`,
    jwksUrl,
    openIdConfigurationUrl: `https://${IDENTITY_HOST}:${secure.port}${OPENID_PATH}`,
    plain: plainAddress(plain, accessKey),
    accessKey,
    entra,
    resourceId,
    topic,
    ca: tls.cert,
    agentOptions: loopbackAgentOptions(tls.cert),
    agent: () => loopbackAgent(tls.cert, secure.port),
    get jwks() {
      return issuer.jwks;
    },
    rotateCallbackKey: (rotation) => issuer.rotate(rotation),
    tokenFaults,
    faults,
    fileFaults,
    eventFaults,
    placeCall: (placement) => {
      requireCallbackUrl(placement.callbackUri);
      return switchboard.place(placement);
    },
    hostCall: (hosting) => switchboard.host(hosting),
    ring: (ringing) => switchboard.ring(ringing),
    calls: () => directory.legs,
    setVoice: (address, source) => switchboard.setVoice(address, source),
    failNextCall: (failure) => switchboard.failNext(failure),
    teamsAgent: (userId) => `8:acs:${resourceId}_${tenantId}_${userId}`,
    failNextStart: (failure) => recordings.failNextStart(failure),
    failNextPlay: (failure) => calls.failNextPlay(failure),
    failOver: (recordingId) => recordings.failOver(recordingId),
    failNextExport: (failure = { status: 403, code: 'AuthorizationPermissionMismatch' }, skip = 0) =>
      blobs.failNext(failure, skip),
    subscribe: async (request) => {
      requireCallbackUrl(request.url);
      return grid.subscribe(request);
    },
    requests: () => [...requests],
    recordingIds: () => recordings.ids,
    exports: () => blobs.attempts,
    callbacks: () => callbacks.deliveries(),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function plainAddress({ origin }: Endpoint, accessKey: string): AzureAddress {
  return {
    endpoint: origin,
    connectionString: `endpoint=${origin}/;accesskey=${accessKey}`,
    jwksUrl: `${origin}${JWKS_PATH}`,
    openIdConfigurationUrl: `${origin}${OPENID_PATH}`,
  };
}
