import { Agent } from 'node:https';
import type { LookupFunction } from 'node:net';
import { type JsonObject, unknownMembers } from '@onrecord/core';
import { type ConfigProblem, definePlugin, type Plugin } from '@onrecord/core/inversify';
import { readConfig } from '../config/config.ts';
import type { AzureOptions } from '../config/options.ts';
import { azure } from '../driver.ts';

/**
 * `providers: { main: { type: 'azure', connectionString: '${env:ACS_CONNECTION_STRING}' } }` in a configuration. Besides
 * the options of {@link azure} there is `connect: { address, ca }`: connections go to this IP address, whatever the
 * host name, and trust this PEM certificate, for a private endpoint or a simulator.
 */
export const plugins: readonly Plugin[] = [
  definePlugin({
    kind: 'provider',
    type: 'azure',
    create: (options) => azure(optionsOf(options)),
    check: (options) => [...connectProblems(options['connect']), ...readConfig(optionsOf(options)).problems],
  }),
];

interface Connect {
  readonly address: string;
  readonly ca?: string;
}

function optionsOf({ connect, ...options }: JsonObject): AzureOptions {
  const own: AzureOptions = options;
  if (!isConnect(connect)) return own;
  return { ...own, client: { ...own.client, agent: agentFor(connect) } };
}

function isConnect(value: unknown): value is Connect {
  return connectProblems(value).length === 0 && value !== undefined;
}

function connectProblems(value: unknown): readonly ConfigProblem[] {
  if (value === undefined) return [];
  if (typeof value !== 'object' || value === null) {
    return [{ path: 'connect', message: 'Must be an object with address, ca.' }];
  }
  const { address, ca } = value as { readonly address?: unknown; readonly ca?: unknown };
  return [
    ...unknownMembers(value, ['address', 'ca'], 'connect'),
    ...(typeof address === 'string' && address !== ''
      ? []
      : [{ path: 'connect.address', message: 'Must be an IP address.' }]),
    ...(ca === undefined || typeof ca === 'string' ? [] : [{ path: 'connect.ca', message: 'Must be PEM text.' }]),
  ];
}

function agentFor({ address, ca }: Connect): Agent {
  const family = address.includes(':') ? 6 : 4;
  const lookup: LookupFunction = (_host, options, callback) =>
    options.all ? callback(null, [{ address, family }]) : callback(null, address, family);
  return new Agent({ lookup, keepAlive: true, ...(ca === undefined ? {} : { ca }) });
}
