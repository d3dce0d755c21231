import { OnRecordError, reveal, Secret, unknownMembers } from '@onrecord/core';
import { type Incoming, isObject } from '../json-reader.ts';
import type { AsteriskOptions, AsteriskServer, WavRate } from './options.ts';
import { describe, type Problem } from './problem.ts';
import { readSounds } from './read-sounds.ts';
import { readUrl } from './read-url.ts';

/** The options, checked, with their defaults. */
export interface AsteriskConfig {
  /** Ends without a slash. */
  readonly base: string;
  /** What stands in the Authorization header. */
  readonly authorization: Secret;
  readonly app: string;
  readonly folder: string;
  readonly server: AsteriskServer;
  readonly calls: 'started' | 'all';
  readonly sampleRateHz: WavRate;
  /** Media by the text that it says; empty where nothing is announced from text. */
  readonly sounds: ReadonlyMap<string, string>;
}

const optionNames = [
  'url',
  'username',
  'password',
  'app',
  'folder',
  'server',
  'calls',
  'sampleRateHz',
  'sounds',
  'allowHttp',
] as const;

/** A name in the server's application list and in the dialplan: no separators of either. */
const appPattern = /^[A-Za-z0-9_-]{1,64}$/;
const folderPattern = /^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*$/;
const longestFolder = 100;

/** @throws OnRecordError `invalid-request` that lists every problem with its path. */
export function resolveConfig(options: AsteriskOptions): AsteriskConfig {
  const { config, problems } = readConfig(options);
  if (config) return config;
  const lines = problems.map(describe);
  throw new OnRecordError('invalid-request', ['The Asterisk provider is not configured.', ...lines].join('\n- '), {
    context: { problems: lines },
  });
}

/** The configuration, or else everything that is wrong with the options, whatever they hold. */
export function readConfig(given: unknown): {
  readonly config?: AsteriskConfig;
  readonly problems: readonly Problem[];
} {
  if (!isObject(given)) return { problems: [{ path: 'options', message: 'Must be an object.' }] };
  const problems: Problem[] = [...unknownMembers(given, optionNames)];
  const allowHttp = oneOf(given, 'allowHttp', [true, false], false, problems);
  const url = readUrl(given['url'], 'url', { allowHttp }, problems);
  const username = textOf(given, 'username', problems);
  if (username?.includes(':')) problems.push({ path: 'username', message: 'Must hold no colon.' });
  const password = secretOf(given, problems);
  const app = matching(given, 'app', appPattern, 'onrecord', 'letters, digits, - and _, at most 64', problems);
  const folder = matching(
    given,
    'folder',
    folderPattern,
    'onrecord',
    'letters, digits, - and _, between slashes',
    problems,
  );
  if (folder.length > longestFolder) {
    problems.push({ path: 'folder', message: `Must have at most ${longestFolder} characters.` });
  }
  const server = oneOf<AsteriskServer>(given, 'server', ['asterisk-22', 'asterisk-16'], 'asterisk-22', problems);
  const calls = oneOf<'started' | 'all'>(given, 'calls', ['started', 'all'], 'started', problems);
  const sampleRateHz = oneOf<WavRate>(given, 'sampleRateHz', [8000, 16000], 8000, problems);
  const sounds = readSounds(given['sounds'], problems);
  if (problems.length > 0 || !url || username === undefined || password === undefined) return { problems };
  const authorization = new Secret(`Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`);
  const base = `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
  return { problems, config: { base, authorization, app, folder, server, calls, sampleRateHz, sounds } };
}

function textOf(given: Incoming, path: string, problems: Problem[]): string | undefined {
  const value = given[path];
  if (typeof value === 'string' && value !== '') return value;
  problems.push({ path, message: isMissing(value) ? 'Missing.' : 'Must be text.' });
  return undefined;
}

/** An environment variable that is not set arrives as empty text. */
function isMissing(value: unknown): boolean {
  return value === undefined || value === '';
}

function secretOf({ password }: Incoming, problems: Problem[]): string | undefined {
  const value: unknown = reveal(password);
  if (typeof value === 'string' && value !== '') return value;
  problems.push({ path: 'password', message: isMissing(value) ? 'Missing.' : 'Must be text or a Secret.' });
  return undefined;
}

function matching(
  given: Incoming,
  path: string,
  pattern: RegExp,
  fallback: string,
  rule: string,
  problems: Problem[],
): string {
  const value = given[path];
  if (value === undefined) return fallback;
  if (typeof value === 'string' && pattern.test(value)) return value;
  problems.push({ path, message: `Must be made of ${rule}.` });
  return fallback;
}

function oneOf<T extends string | number | boolean>(
  given: Incoming,
  path: string,
  known: readonly T[],
  fallback: T,
  problems: Problem[],
): T {
  const value = given[path];
  if (value === undefined) return fallback;
  const match = known.find((candidate) => candidate === value);
  if (match !== undefined) return match;
  problems.push({ path, message: `Must be ${known.map((one) => JSON.stringify(one)).join(' or ')}.` });
  return fallback;
}
