import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '@onrecord/core';
import { type Answer, type FaultScript, readBody } from '../../http/index.ts';
import { jsonAnswer } from '../server/api-error.ts';
import type { AzureRequest } from '../server/journal.ts';
import { type AccessTokens, COMMUNICATION_RESOURCE } from './access-tokens.ts';
import { EntraError, entraErrorAnswer, unknownResource, unknownTenant } from './entra-error.ts';
import type { EntraAddress } from './entra-options.ts';
import { requestedResource } from './token-request.ts';

/** The name under which client libraries ask whether an authority is genuine, whatever authority they were given. */
export const LOGIN_HOST = 'login.microsoftonline.com';

export interface EntraHostOptions {
  readonly clock: Clock;
  readonly faults: FaultScript;
  readonly tokens: AccessTokens;
  readonly address: EntraAddress;
  readonly assertionKeys: readonly string[];
  readonly journal: (entry: AzureRequest) => void;
}

type EntraOperation = 'GetToken' | 'GetOpenIdConfiguration' | 'GetInstanceDiscovery' | 'GetKeys';

const routes: readonly (readonly [string, RegExp, EntraOperation])[] = [
  ['GET', /^\/common\/discovery\/instance$/, 'GetInstanceDiscovery'],
  ['GET', /^\/([^/]+)\/v2\.0\/\.well-known\/openid-configuration$/, 'GetOpenIdConfiguration'],
  ['GET', /^\/([^/]+)\/discovery\/v2\.0\/keys$/, 'GetKeys'],
  ['POST', /^\/([^/]+)\/oauth2\/v2\.0\/token$/, 'GetToken'],
];

/** Fields of a token request that are not journalled. */
const SECRET_FIELDS = ['client_secret', 'client_assertion'];

/** Serves the directory: discovery, its keys, and access tokens by client credentials. */
export class EntraHost {
  readonly #options: EntraHostOptions;

  constructor(options: EntraHostOptions) {
    this.#options = options;
  }

  /** Whether a request for this machine, not for a named host, is for the directory. */
  static owns(method: string, path: string): boolean {
    return routeOf(method, path) !== undefined;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/' } = request;
    const { clock, faults, journal } = this.#options;
    const { pathname, searchParams } = new URL(url, 'https://localhost');
    const [operation, tenant] = routeOf(method, pathname) ?? ['unknown', ''];
    let form = new URLSearchParams();
    const { answer, delivered } = await faults.run(operation, request, response, async () => {
      form = new URLSearchParams((await readBody(request)).toString('utf8'));
      return this.#answer(operation, tenant, operation === 'GetToken' ? form : searchParams);
    });
    for (const field of SECRET_FIELDS) form.delete(field);
    const body = operation === 'GetToken' ? Object.fromEntries(form) : undefined;
    const host = request.headers.host ?? '';
    const at = clock.now();
    journal({ at, operation, method, url, host, body, status: answer?.status, subCode: undefined, delivered });
  }

  #answer(operation: EntraOperation | 'unknown', tenant: string, parameters: URLSearchParams): Answer {
    try {
      switch (operation) {
        case 'GetInstanceDiscovery':
          return this.#instances(parameters.get('authorization_endpoint') ?? '');
        case 'GetOpenIdConfiguration':
          return this.#configuration(tenant);
        case 'GetKeys':
          return jsonAnswer(200, this.#options.tokens.keys);
        case 'GetToken':
          return this.#token(tenant, parameters);
        case 'unknown':
          return { status: 404, body: 'Not simulated.' };
      }
    } catch (error) {
      if (error instanceof EntraError) return entraErrorAnswer(error, this.#options.tokens.rules.now());
      throw error;
    }
  }

  /** Vouches for this authority and for the vendor's own, and for no other. */
  #instances(endpoint: string): Answer {
    const { authorityHost, tenantId } = this.#options.address;
    const asked = URL.canParse(endpoint) ? new URL(endpoint).host : '';
    const own = new URL(authorityHost).host;
    const known = [own, LOGIN_HOST, `${LOGIN_HOST}:${new URL(authorityHost).port}`];
    if (!known.includes(asked)) {
      const text = `AADSTS50049: Unknown or invalid instance. Trace ID: ${randomUUID()}`;
      return jsonAnswer(400, { error: 'invalid_instance', error_description: text, error_codes: [50_049] });
    }
    const metadata = known.map((host) => ({ preferred_network: host, preferred_cache: host, aliases: [host] }));
    const tenant_discovery_endpoint = `https://${asked}/${tenantId}/v2.0/.well-known/openid-configuration`;
    return jsonAnswer(200, { tenant_discovery_endpoint, 'api-version': '1.1', metadata });
  }

  #configuration(tenant: string): Answer {
    const { authorityHost, tenantId } = this.#options.address;
    if (tenant !== tenantId) throw unknownTenant(tenant);
    const root = `${authorityHost}/${tenantId}`;
    return jsonAnswer(200, {
      issuer: `https://${LOGIN_HOST}/${tenantId}/v2.0`,
      authorization_endpoint: `${root}/oauth2/v2.0/authorize`,
      token_endpoint: `${root}/oauth2/v2.0/token`,
      end_session_endpoint: `${root}/oauth2/v2.0/logout`,
      jwks_uri: `${root}/discovery/v2.0/keys`,
      token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
      response_types_supported: ['code', 'id_token'],
      subject_types_supported: ['pairwise'],
      id_token_signing_alg_values_supported: ['RS256'],
    });
  }

  #token(tenant: string, form: URLSearchParams): Answer {
    const { address, assertionKeys, tokens } = this.#options;
    const assertionAudience = `${address.authorityHost}/${address.tenantId}/oauth2/v2.0/token`;
    const now = tokens.rules.now();
    const resource = requestedResource(tenant, form, { ...address, assertionKeys, assertionAudience, now });
    if (resource !== COMMUNICATION_RESOURCE) throw unknownResource(resource, tenant);
    const { tokenSeconds } = tokens.rules;
    return jsonAnswer(200, {
      token_type: 'Bearer',
      expires_in: tokenSeconds,
      ext_expires_in: tokenSeconds,
      access_token: tokens.issue(resource),
    });
  }
}

function routeOf(method: string, path: string): readonly [EntraOperation, string] | undefined {
  for (const [verb, pattern, operation] of routes) {
    const match = verb === method ? pattern.exec(path) : null;
    if (match) return [operation, match[1] ?? ''];
  }
  return undefined;
}
