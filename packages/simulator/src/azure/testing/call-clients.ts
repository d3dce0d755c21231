import { CallAutomationClient, type CallAutomationClientOptions } from '@azure/communication-call-automation';
import { tone, VirtualCall } from '../../call/virtual-call.ts';
import type { Ringing, RingingCall } from '../call/ringing-call.ts';
import type { Scene } from './scene.ts';
import type { Event } from './webhook-app.ts';

/** Options that let a call speak text. */
export const intelligence = {
  callIntelligenceOptions: { cognitiveServicesEndpoint: 'https://ai.cognitiveservices.azure.com/' },
} as const;

const once: CallAutomationClientOptions = { retryOptions: { maxRetries: 0 } };

export function sdk({ azure }: Scene, options: CallAutomationClientOptions = once): CallAutomationClient {
  return new CallAutomationClient(azure.connectionString, { agent: azure.agent(), ...options });
}

export interface Rung {
  readonly made: RingingCall;
  /** As the application got it. */
  readonly event: Event | undefined;
  readonly context: string;
}

/** Somebody calls the application, whose webhook has subscribed. */
export async function ringing(scene: Scene, more: Partial<Ringing> = {}): Promise<Rung> {
  await scene.azure.subscribe({ url: `${scene.app.url}/grid` });
  const call = new VirtualCall(scene.clock);
  call.join({ name: 'caller', address: '+15550100', source: tone(440) });
  const made = scene.azure.ring({ call, from: '+15550100', to: '+15550999', callerDisplayName: 'Ada', ...more });
  await scene.clock.idle();
  const event = scene.app.events('IncomingCall').at(-1);
  return { made, event, context: String(event?.data['incomingCallContext']) };
}

/** Callbacks about one connection, by the last part of their type. */
export function told({ app }: Scene, callConnectionId: string): readonly string[] {
  const about = app.events().filter(({ data }) => data['callConnectionId'] === callConnectionId);
  return about.map(({ type }) => String(type).split('.').at(-1) ?? '');
}
