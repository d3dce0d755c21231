import type { JsonObject } from '@onrecord/core';
import { type ConfigProblem, definePlugin, type Plugin } from '@onrecord/core/inversify';
import { readConfig } from '../config/config.ts';
import type { AzureOptions } from '../config/options.ts';
import { azure } from '../driver.ts';
import { agentFor, connectProblems, isConnect } from './connect.ts';

/**
 * `providers: { main: { type: 'azure', connectionString: '${env:ACS_CONNECTION_STRING}' } }` in a configuration. Besides
 * the options of {@link azure} there is `connect: { address, ca }`: connections, those for tokens included, go to this IP
 * address, whatever the host name, and trust this PEM certificate, for a private endpoint or a simulator.
 */
export const plugins: readonly Plugin[] = [
  definePlugin({
    kind: 'provider',
    type: 'azure',
    create: (options) => azure(optionsOf(options)),
    check: (options) => {
      const { config, problems } = readConfig(optionsOf(options));
      return [...connectProblems(options['connect']), ...plainProblems(options, config?.endpoint), ...problems];
    },
  }),
];

/** An agent of `connect` speaks TLS alone. */
function plainProblems({ connect }: JsonObject, endpoint: URL | undefined): readonly ConfigProblem[] {
  if (connect === undefined || endpoint?.protocol !== 'http:') return [];
  return [{ path: 'connect', message: 'Is for https only, and the endpoint is http.' }];
}

function optionsOf({ connect, ...options }: JsonObject): AzureOptions {
  const own: AzureOptions = options;
  if (!isConnect(connect)) return own;
  return { ...own, client: { ...own.client, agent: agentFor(connect) } };
}
