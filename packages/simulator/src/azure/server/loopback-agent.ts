import { Agent, type AgentOptions } from 'node:https';
import type { LookupFunction } from 'node:net';

/** Resolves every name to this machine; for the one-address and the all-addresses form of a lookup. */
export const loopbackLookup: LookupFunction = (_hostname, options, callback) => {
  if (options.all) callback(null, [{ address: '127.0.0.1', family: 4 }]);
  else callback(null, '127.0.0.1', 4);
};

/** What makes an `https.Agent` reach the simulator under the vendor's own host names, without DNS. */
export function loopbackAgentOptions(ca: string): AgentOptions {
  return { ca, lookup: loopbackLookup, keepAlive: false };
}

export function loopbackAgent(ca: string): Agent {
  return new Agent(loopbackAgentOptions(ca));
}
