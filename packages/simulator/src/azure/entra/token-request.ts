import { timingSafeEqual } from 'node:crypto';
import * as refused from './entra-error.ts';
import { isSignedBy, parsedToken, type SignedToken } from './json-web-token.ts';

/** Who may ask for a token, and by what proof. */
export interface ClientRules {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** PEM. */
  readonly assertionKeys: readonly string[];
  /** What `aud` of an assertion may say: the token endpoint. */
  readonly assertionAudience: string;
  /** Epoch ms. */
  readonly now: number;
}

/** Where federated credentials direct their assertions. */
const EXCHANGE_AUDIENCE = 'api://AzureADTokenExchange';
/** How far the clock of an application may be off, seconds; its library rounds to the next second. As Microsoft's own libraries
 * judge tokens; what the directory allows is not documented. */
const SKEW_SECONDS = 300;
const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/**
 * Checks a request for a token by client credentials.
 * @returns the resource that the token is for, as its scope names it.
 * @throws EntraError as the directory refuses it.
 */
export function requestedResource(tenant: string, form: URLSearchParams, rules: ClientRules): string {
  if (tenant !== rules.tenantId) throw refused.unknownTenant(tenant);
  const given = (name: string): string => {
    const value = form.get(name);
    if (!value) throw refused.missingParameter(name);
    return value;
  };
  const grant = given('grant_type');
  if (grant !== 'client_credentials') throw refused.unsupportedGrant(grant);
  if (given('client_id') !== rules.clientId) throw refused.unknownApplication(given('client_id'), tenant);
  const [scope = '', ...more] = given('scope')
    .split(' ')
    .filter((part) => !STANDARD_SCOPES.has(part));
  if (!scope.endsWith('/.default') || more.length > 0) throw refused.noDefaultScope(given('scope'));
  checkCredential(form, rules);
  return scope.slice(0, -'/.default'.length);
}

/** Scopes that every client library adds and that name no resource. */
const STANDARD_SCOPES: ReadonlySet<string> = new Set(['openid', 'profile', 'offline_access']);

function checkCredential(form: URLSearchParams, rules: ClientRules): void {
  const secret = form.get('client_secret');
  const assertion = form.get('client_assertion');
  if (secret) {
    if (!same(secret, rules.clientSecret)) throw refused.wrongSecret(rules.clientId);
  } else if (assertion && form.get('client_assertion_type') === JWT_BEARER) {
    checkAssertion(parsedToken(assertion), rules);
  } else {
    throw refused.noCredential();
  }
}

function checkAssertion(assertion: SignedToken | undefined, rules: ClientRules): void {
  if (!assertion || !rules.assertionKeys.some((key) => isSignedBy(assertion, key))) throw refused.wrongAssertion();
  const { aud, sub, exp, nbf } = assertion.claims;
  if (aud !== rules.assertionAudience && aud !== EXCHANGE_AUDIENCE) throw refused.wrongAssertionAudience();
  if (sub !== rules.clientId) throw refused.wrongAssertionSubject();
  const seconds = rules.now / 1000;
  const early = typeof nbf === 'number' && seconds + SKEW_SECONDS < nbf;
  if (typeof exp !== 'number' || seconds - SKEW_SECONDS >= exp || early) throw refused.lateAssertion();
}

function same(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
