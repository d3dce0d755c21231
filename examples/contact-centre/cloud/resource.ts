import { randomBytes } from 'node:crypto';
import type { AzureOptions } from '@onrecord/adapter-azure';
import { type AzureBehaviour, type SimulatedAzure, startAzure, VirtualClock } from '@onrecord/simulator';

/** A Communication Services resource on this machine. Its clock moves as fast as the machine can. */
export interface Resource extends AsyncDisposable {
  readonly clock: VirtualClock;
  readonly azure: SimulatedAzure;
  /** What a program needs to reach it, and to know its messages. */
  readonly options: AzureOptions;
  /** Where Event Grid delivers to, below a server of this address. */
  subscription(url: string): string;
}

/** @param behaviour what the service does otherwise than usual. */
export async function openResource(behaviour: Partial<AzureBehaviour> = {}): Promise<Resource> {
  const clock = new VirtualClock();
  const azure = await startAzure({ clock, allowHttpCallbacks: true, behaviour });
  const secret = randomBytes(24).toString('hex');
  return {
    clock,
    azure,
    options: {
      connectionString: azure.connectionString,
      callbackSecret: randomBytes(24).toString('hex'),
      jwt: { audience: azure.resourceId, jwksUrl: azure.jwksUrl },
      eventGrid: { secret },
      // The vendor's host names lead to this machine.
      allowInsecureLoopback: true,
      client: { agent: azure.agent() },
    },
    subscription: (url) => `${url}/azure?secret=${secret}`,
    [Symbol.asyncDispose]: async () => {
      await azure.close();
      clock[Symbol.dispose]();
    },
  };
}
