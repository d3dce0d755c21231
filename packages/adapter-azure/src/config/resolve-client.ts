import type { CallAutomationClientOptions } from '@azure/communication-call-automation';
import { unknownMembers } from '@onrecord/core';
import { isObject } from '../json-reader.ts';
import type { AzureOptions } from './options.ts';
import type { Problem } from './problem.ts';

/** Every option of the SDK's clients. */
const members: Readonly<Record<keyof CallAutomationClientOptions, true>> = {
  additionalPolicies: true,
  agent: true,
  allowInsecureConnection: true,
  httpClient: true,
  proxyOptions: true,
  redirectOptions: true,
  retryOptions: true,
  sourceIdentity: true,
  telemetryOptions: true,
  tlsOptions: true,
  userAgentOptions: true,
};

/** Options of the SDK's clients, which repeat nothing unless told to: the recorder does, and must know of each answer. */
export function resolveClient({ client }: AzureOptions, problems: Problem[]): CallAutomationClientOptions {
  if (client !== undefined && !isObject(client)) {
    problems.push({ path: 'client', message: 'Must be an object with options of CallAutomationClient.' });
    return {};
  }
  problems.push(...unknownMembers(client ?? {}, Object.keys(members), 'client'));
  const retries: unknown = client?.['retryOptions'];
  if (retries !== undefined && !isObject(retries)) {
    problems.push({ path: 'client.retryOptions', message: 'Must be an object with maxRetries.' });
  }
  const { retryOptions = { maxRetries: 0 } }: CallAutomationClientOptions = client ?? {};
  return { ...client, retryOptions };
}
