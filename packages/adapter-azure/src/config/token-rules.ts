import { unknownMembers } from '@onrecord/core';
import { isObject } from '../json-reader.ts';
import type { AzureOptions } from './options.ts';
import type { Problem } from './problem.ts';
import { readUrl } from './read-url.ts';

/** What a callback's JWT must satisfy. */
export interface TokenRules {
  readonly audience: readonly string[];
  readonly issuer: string;
  readonly jwksUrl: URL;
  readonly clockSkewMs: number;
}

/** As in the service's own description, `…/calling/.well-known/acsopenidconfiguration`. */
const defaultIssuer = 'https://acscallautomation.communication.azure.com';
const tokenLifeMs = 300_000;

/** Undefined when no token is asked for, or when something is wrong, which is added to `problems`. */
export function resolveTokenRules(options: AzureOptions, problems: Problem[]): TokenRules | undefined {
  const { jwt } = options;
  if (jwt === undefined) return undefined;
  if (!isObject(jwt)) {
    problems.push({ path: 'jwt', message: 'Must be an object with audience.' });
    return undefined;
  }
  problems.push(...unknownMembers(jwt, ['audience', 'issuer', 'jwksUrl', 'clockSkewMs'], 'jwt'));
  const { issuer = defaultIssuer, clockSkewMs = 30_000 } = jwt;
  const audience: readonly unknown[] = Array.isArray(jwt.audience) ? jwt.audience : [jwt.audience];
  const names = audience.filter((name): name is string => typeof name === 'string' && name !== '');
  if (names.length === 0 || names.length < audience.length) {
    problems.push({
      path: 'jwt.audience',
      message: 'Missing; it is the immutable resource id of the Communication Services resource.',
    });
  }
  if (typeof issuer !== 'string' || issuer === '') problems.push({ path: 'jwt.issuer', message: 'Must be text.' });
  if (!(typeof clockSkewMs === 'number' && clockSkewMs >= 0 && clockSkewMs <= tokenLifeMs)) {
    problems.push({ path: 'jwt.clockSkewMs', message: `Must be 0 to ${tokenLifeMs} ms; a token lives no longer.` });
  }
  const jwksUrl = readUrl(jwt.jwksUrl ?? `${defaultIssuer}/calling/keys`, 'jwt.jwksUrl', options, problems);
  return jwksUrl && { audience: names, issuer, jwksUrl, clockSkewMs };
}
