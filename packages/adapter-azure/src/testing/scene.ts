import { randomUUID } from 'node:crypto';
import {
  type CallRef,
  type CommandToken,
  type DriverContext,
  type InboundRequest,
  OnRecordError,
  type Outcome,
  type Output,
  type Parsed,
  type PartTarget,
  type Report,
  type StartPlan,
  timestamp,
  toNodeHandler,
} from '@onrecord/core';
import {
  type AzureRequest,
  type CallPlacement,
  type FaultCall,
  listen,
  readBody,
  type SimulatedAzure,
  type SimulatedAzureCall,
  sendAnswer,
  startAzure,
  tone,
  VirtualCall,
  VirtualClock,
} from '@onrecord/simulator';
import { azureServerCall } from '../call-ref.ts';
import type { AzureOptions } from '../config/options.ts';
import { type AzureCallAutomationDriver, azure as azureDriver } from '../driver.ts';

export const caller = '+15550100';
export const agent = '+15550199';
export const callbackSecret = 'a secret that signs callbacks';
export const gridSecret = 'a secret that Event Grid sends';

export const mixedWav: Output = { media: 'audio', layout: 'mixed', container: 'wav' };
export const separateWav: Output = { media: 'audio', layout: 'separate', container: 'wav' };

export interface SceneOptions {
  readonly resource?: Partial<Parameters<typeof startAzure>[0]> | undefined;
  readonly placement?: Partial<CallPlacement> | undefined;
  readonly driver?: Partial<AzureOptions> | undefined;
}

/** What a message of the service came to. */
export type Heard = { readonly request: InboundRequest } & (
  | { readonly parsed: Parsed }
  | { readonly error: OnRecordError }
);

/** A simulated resource with a call on it, and a driver whose webhooks listen on this machine. */
export interface Scene extends AsyncDisposable {
  readonly clock: VirtualClock;
  readonly azure: SimulatedAzure;
  readonly call: SimulatedAzureCall;
  readonly ref: CallRef;
  readonly driver: AzureCallAutomationDriver;
  readonly context: DriverContext;
  readonly origin: string;
  readonly gridUrl: string;
  /** Every message that reached the driver's `parse`, oldest first. */
  readonly heard: readonly Heard[];
  /** Another driver of the same configuration, as another process would have it. */
  another(options?: Partial<AzureOptions>): AzureCallAutomationDriver;
  /** Reports and notices heard so far. */
  reports(): readonly Report[];
  calls(): Parsed['calls'];
  /** Every fact that the reports brought, as the recorder merges them. */
  facts(): NonNullable<PartTarget['facts']>;
  requests(operation: string): readonly AzureRequest[];
  plan(plan?: Partial<StartPlan>): StartPlan;
  /** Another call of the same two people, whose notices come once time moves on. */
  place(): SimulatedAzureCall;
  /** Sends every message from now on to this handler instead of to the driver alone. */
  handTo(handler: (request: Request) => Promise<Response>): void;
  /** Starts a recording and lets it settle. */
  recording(plan?: Partial<StartPlan>): Promise<PartTarget>;
}

export async function openScene(options: SceneOptions = {}): Promise<Scene> {
  const clock = new VirtualClock();
  const azure = await startAzure({ clock, allowHttpCallbacks: true, ...options.resource });
  const heard: Heard[] = [];
  const context: DriverContext = { clock, signal: new AbortController().signal };
  let handler: ReturnType<typeof toNodeHandler> | undefined;
  const endpoint = await listen(async (incoming, response) => {
    if (handler) return handler(incoming, response);
    const { method, url, headers } = incoming;
    const body = await readBody(incoming);
    const request: InboundRequest = { transport: 'http', method, url: `${endpoint.origin}${url}`, headers, body };
    try {
      const parsed = await driver.parse(request, context);
      heard.push({ request, parsed });
      sendAnswer(incoming, response, parsed.response ?? { status: 204 });
    } catch (error) {
      if (!OnRecordError.is(error)) throw error;
      heard.push({ request, error });
      sendAnswer(incoming, response, { status: error.code === 'signature-invalid' ? 401 : 400 });
    }
  });
  const another = (more: Partial<AzureOptions> = {}) =>
    azureDriver({
      connectionString: azure.connectionString,
      callbackUrl: `${endpoint.origin}/callbacks`,
      callbackSecret,
      jwt: { audience: azure.resourceId, jwksUrl: azure.jwksUrl },
      eventGrid: { secret: gridSecret },
      allowInsecureLoopback: true,
      client: { agent: azure.agent() },
      ...options.driver,
      ...more,
    });
  const driver = another();
  const place = () => {
    const conversation = new VirtualCall(clock);
    conversation.join({ name: 'caller', address: caller, source: tone(440) });
    conversation.join({ name: 'agent', address: agent, source: tone(1000) });
    return azure.placeCall({
      call: conversation,
      callbackUri: driver.callbackUrl(),
      cognitiveServicesEndpoint: 'https://speech.cognitiveservices.azure.com',
      ...options.placement,
    });
  };
  const call = place();
  await clock.advance(1_000);
  const ref = azureServerCall(call.ids());
  const plan = (more: Partial<StartPlan> = {}) => startPlan(ref, clock, more);
  return {
    clock,
    azure,
    call,
    ref,
    driver,
    context,
    origin: endpoint.origin,
    gridUrl: `${endpoint.origin}/grid?secret=${encodeURIComponent(gridSecret)}`,
    heard,
    another,
    reports: () => heard.flatMap((one) => ('parsed' in one ? one.parsed.reports : [])),
    calls: () => heard.flatMap((one) => ('parsed' in one ? one.parsed.calls : [])),
    facts: () =>
      Object.assign(
        {},
        ...heard.flatMap((one) => ('parsed' in one ? one.parsed.reports : [])).map(({ seen }) => seen.facts),
      ),
    requests: (operation) => azure.requests().filter((request) => request.operation === operation),
    plan,
    place,
    handTo: (receive) => {
      handler = toNodeHandler(receive);
    },
    recording: async (more) => {
      const planned = plan(more);
      const outcome = await driver.doStart(planned, context);
      await clock.advance(3_000);
      return partOf(planned, outcome);
    },
    [Symbol.asyncDispose]: async () => {
      await azure.close();
      await endpoint.close();
      clock[Symbol.dispose]();
    },
  };
}

function startPlan(call: CallRef, clock: VirtualClock, more: Partial<StartPlan>): StartPlan {
  const sessionId = randomUUID();
  return {
    sessionId,
    partId: 'p1',
    correlation: `${sessionId}.p1`,
    call,
    output: mixedWav,
    startPaused: false,
    command: { commandId: randomUUID(), ordinal: 1, token: randomUUID(), firstSentAt: timestamp(clock.now()) },
    ...more,
  };
}

/** The part as the recorder would hand it back after this outcome. */
export function partOf(plan: StartPlan, outcome: Outcome): PartTarget {
  const { sessionId, partId, correlation, call, output } = plan;
  return { sessionId, partId, correlation, call, output, handle: outcome.handle };
}

export function command(ordinal: number): CommandToken {
  return { commandId: randomUUID(), ordinal, token: randomUUID(), firstSentAt: '2026-01-05T09:00:00.000Z' };
}

export function poll(asOfOrdinal: number): { readonly pollId: string; readonly asOfOrdinal: number } {
  return { pollId: randomUUID(), asOfOrdinal };
}

/** What a promise was rejected with. */
export async function rejection(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

/** Every byte of a body. */
export async function collect(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Notes every request that arrives from now on, headers and all. */
export function watch(scene: Scene): readonly FaultCall[] {
  const seen: FaultCall[] = [];
  scene.azure.faults.next({
    match: (call) => {
      seen.push(call);
      return false;
    },
    fault: 'drop-before-work',
  });
  return seen;
}
