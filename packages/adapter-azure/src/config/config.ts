import type { CallAutomationClientOptions } from '@azure/communication-call-automation';
import { OnRecordError, reveal, Secret, unknownMembers } from '@onrecord/core';
import { type Incoming, isObject } from '../json-reader.ts';
import type { AzureOptions, Secrets } from './options.ts';
import { describe, type Problem } from './problem.ts';
import { isLoopback, readUrl } from './read-url.ts';
import { resolveStarts, type StartConfig } from './recording-storage.ts';
import { type Access, resolveAccess } from './resolve-access.ts';
import { resolveClient } from './resolve-client.ts';
import { type ProfileConfig, resolveProfile } from './resolve-profile.ts';
import { resolveTokenRules, type TokenRules } from './token-rules.ts';

/** The options, checked and with every default filled in. */
export interface AzureConfig extends Access, ProfileConfig, StartConfig {
  readonly callbackUrl: URL | undefined;
  readonly callbackKeys: readonly Secret[];
  readonly token: TokenRules | undefined;
  readonly eventGridKeys: readonly Secret[];
  readonly eventGridQueue: boolean;
  readonly speech: {
    readonly language: string;
    readonly voice: string | undefined;
    readonly customVoiceEndpointId: string | undefined;
  };
  readonly allowInsecureLoopback: boolean;
  readonly client: CallAutomationClientOptions;
}

const leastSecretLength = 16;

const optionNames: readonly (keyof AzureOptions)[] = [
  'connectionString',
  'endpoint',
  'credential',
  'callbackUrl',
  'callbackSecret',
  'jwt',
  'eventGrid',
  'speech',
  'profile',
  'attempt',
  'recordingStorage',
  'rooms',
  'allowInsecureLoopback',
  'client',
];

/** Query parameters of the callback URL that belong to the adapter. */
const reserved = ['s', 'c', 'k'];

/** @throws OnRecordError `invalid-request` that lists every problem with its path. */
export function resolveConfig(options: AzureOptions): AzureConfig {
  const { config, problems } = readConfig(options);
  if (config) return config;
  const lines = problems.map(describe);
  throw new OnRecordError('invalid-request', ['The Azure provider is not configured.', ...lines].join('\n- '), {
    context: { problems: lines },
  });
}

/** The configuration, or else everything that is wrong with the options, whatever they hold. */
export function readConfig(options: AzureOptions): {
  readonly config?: AzureConfig;
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [...unknownMembers(options, optionNames)];
  const profile = resolveProfile(options, problems);
  const client = resolveClient(options, problems);
  const access = resolveAccess(options, client, problems);
  const starts = resolveStarts(options, problems);
  const callback = resolveCallback(options, problems);
  const token = resolveTokenRules(options, problems);
  const eventGrid = resolveEventGrid(options, problems);
  const speech = section(options.speech, 'speech', ['language', 'voice', 'customVoiceEndpointId'], problems);
  for (const [path, value] of [
    ['speech.language', speech?.['language']],
    ['speech.voice', speech?.['voice']],
    ['speech.customVoiceEndpointId', speech?.['customVoiceEndpointId']],
  ] as const) {
    if (value !== undefined && (typeof value !== 'string' || value.trim() === ''))
      problems.push({ path, message: 'Must be text.' });
  }
  const flag: unknown = options.allowInsecureLoopback;
  if (flag !== undefined && typeof flag !== 'boolean') {
    problems.push({ path: 'allowInsecureLoopback', message: 'Must be true or false.' });
  }
  if (problems.length > 0 || !access) return { problems };
  const insecure = access.endpoint.protocol === 'http:' && isLoopback(access.endpoint);
  return {
    problems,
    config: {
      ...access,
      ...profile,
      ...starts,
      ...callback,
      token,
      ...eventGrid,
      speech: {
        language: options.speech?.language ?? 'en-US',
        voice: options.speech?.voice,
        customVoiceEndpointId: options.speech?.customVoiceEndpointId,
      },
      allowInsecureLoopback: options.allowInsecureLoopback ?? false,
      client: insecure ? { ...client, allowInsecureConnection: true } : client,
    },
  };
}

function resolveCallback(
  options: AzureOptions,
  problems: Problem[],
): Pick<AzureConfig, 'callbackUrl' | 'callbackKeys'> {
  const { callbackUrl: text, callbackSecret } = options;
  const callbackUrl = text === undefined ? undefined : readUrl(text, 'callbackUrl', options, problems);
  for (const name of reserved) {
    if (callbackUrl?.searchParams.has(name)) {
      problems.push({ path: 'callbackUrl', message: `Its query must leave "${name}" to OnRecord.` });
    }
  }
  if (callbackSecret === undefined && text !== undefined) {
    problems.push({ path: 'callbackSecret', message: 'Missing; it signs the session id in the query of callbackUrl.' });
  }
  const callbackKeys = callbackSecret === undefined ? [] : secretsOf(callbackSecret, 'callbackSecret', problems);
  return { callbackUrl, callbackKeys };
}

function resolveEventGrid(
  { eventGrid: options }: AzureOptions,
  problems: Problem[],
): Pick<AzureConfig, 'eventGridKeys' | 'eventGridQueue'> {
  const given = section(options, 'eventGrid', ['secret', 'queue'], problems);
  const queue = given?.['queue'] ?? false;
  if (typeof queue !== 'boolean') problems.push({ path: 'eventGrid.queue', message: 'Must be true or false.' });
  const asked = given && (options?.secret !== undefined || queue !== true);
  return {
    eventGridKeys: asked ? secretsOf(options?.secret ?? [], 'eventGrid.secret', problems) : [],
    eventGridQueue: queue === true,
  };
}

function section(value: unknown, path: string, known: readonly string[], problems: Problem[]): Incoming | undefined {
  if (value === undefined) return undefined;
  if (isObject(value)) {
    problems.push(...unknownMembers(value, known, path));
    return value;
  }
  problems.push({ path, message: `Must be an object with ${known.join(', ')}.` });
  return undefined;
}

function secretsOf(given: Secrets, path: string, problems: Problem[]): readonly Secret[] {
  const texts: readonly unknown[] = (Array.isArray(given) ? given : [given]).map(reveal);
  if (texts.length === 0) problems.push({ path, message: 'Missing.' });
  return texts.flatMap((text) => {
    if (typeof text === 'string' && text.length >= leastSecretLength) return [new Secret(text)];
    problems.push({ path, message: `Must be text of at least ${leastSecretLength} characters.` });
    return [];
  });
}
