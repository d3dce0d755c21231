import { tone, VirtualCall } from '../../call/virtual-call.ts';
import { VirtualClock } from '../../clock/virtual-clock.ts';
import type { CallPlacement } from '../call/placement.ts';
import type { SimulatedAzureCall } from '../call/simulated-azure-call.ts';
import type { AzureOptions } from '../options.ts';
import type { SimulatedAzure } from '../simulated-azure.ts';
import { startAzure } from '../start-azure.ts';
import { openApp, type WebhookApp } from './webhook-app.ts';

/** A resource, an application, and two people talking: the caller at 440 Hz, the agent at 1 000 Hz. */
export interface Scene extends AsyncDisposable {
  readonly clock: VirtualClock;
  readonly azure: SimulatedAzure;
  readonly app: WebhookApp;
  readonly callbackUri: string;
  readonly call: SimulatedAzureCall;
  /** Another call of the same resource. */
  place(placement?: Partial<CallPlacement>): SimulatedAzureCall;
}

export const CALLER = '+15550100';
export const AGENT = '+15550199';

/** Opens a scene whose call is connected. */
export async function openScene(
  options: Partial<AzureOptions> = {},
  placement: Partial<CallPlacement> = {},
  clock: VirtualClock = new VirtualClock(),
): Promise<Scene> {
  const app = await openApp();
  const azure = await startAzure({ clock, allowHttpCallbacks: true, ...options });
  const callbackUri = `${app.url}/callbacks`;
  const place = (more: Partial<CallPlacement> = {}): SimulatedAzureCall => {
    const call = new VirtualCall(clock);
    call.join({ name: 'caller', address: CALLER, source: tone(440) });
    call.join({ name: 'agent', address: AGENT, source: tone(1000) });
    return azure.placeCall({ call, callbackUri, ...more });
  };
  const call = place(placement);
  await clock.advance(1_000);
  return {
    clock,
    azure,
    app,
    callbackUri,
    call,
    place,
    [Symbol.asyncDispose]: async () => {
      await azure.close();
      await app[Symbol.asyncDispose]();
      clock[Symbol.dispose]();
    },
  };
}
