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

/** An agent for {@link loopbackAgentOptions} that sends what names no port to the simulator's, too. */
export function loopbackAgent(ca: string, port: number): Agent {
  return new LoopbackAgent(loopbackAgentOptions(ca), port);
}

class LoopbackAgent extends Agent {
  readonly #port: number;

  constructor(options: AgentOptions, port: number) {
    super(options);
    this.#port = port;
  }

  override createConnection(
    ...[options, ...more]: Parameters<Agent['createConnection']>
  ): ReturnType<Agent['createConnection']> {
    const unnamed = Number(options.port) === 443;
    return super.createConnection(unnamed ? { ...options, port: this.#port } : options, ...more);
  }
}
