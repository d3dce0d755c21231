import type { IncomingMessage } from 'node:http';
import type { AccessTokens } from '../entra/access-tokens.ts';
import { ApiError } from './api-error.ts';
import { type HmacRules, signatureProblem } from './hmac.ts';

export interface AuthenticationOptions {
  readonly accessKey: string;
  /** Hosts of the API, with and without port, that a signature may be made for. */
  readonly apiHosts: readonly string[];
  /** Microsoft Entra tokens that are accepted instead of a signature. */
  readonly bearerTokens: readonly string[];
  /** Judges every other token. */
  readonly accessTokens: AccessTokens;
  /** Whether the application of those tokens has a role on the resource. */
  readonly authorized: boolean;
  readonly signedNow: () => number;
  readonly toleranceMs: number;
}

/** Checks who sends a request, by access key or token, for both hosts. */
export class Authentication {
  readonly #options: AuthenticationOptions;

  constructor(options: AuthenticationOptions) {
    this.#options = options;
  }

  /** @throws ApiError 401/7509, or 401/7501 for a token that is not one of this resource,
   * 403/7504 for an application without a role. */
  checkApi(request: IncomingMessage, body: Uint8Array): void {
    const problem = this.#problem(request, request.headers.host ?? '', request.url ?? '/', body);
    const token = bearerToken(request);
    if (problem === undefined && !this.#denied(token)) return;
    if (problem === undefined) throw new ApiError(403, '7504', 'The application has no role on this resource.');
    throw new ApiError(401, token === undefined ? '7509' : '7501', problem);
  }

  /**
   * How a request to the storage host is refused; undefined when it is not. It is signed for the host of the API,
   * which it names in `x-ms-host`, and over the path without the query. 403 for an application without a role is a
   * choice: only 401 was seen.
   */
  storageRefusal(request: IncomingMessage, body: Uint8Array): 401 | 403 | undefined {
    const host = request.headers['x-ms-host'];
    const { pathname } = new URL(request.url ?? '/', 'https://localhost');
    const problem = this.#problem(request, typeof host === 'string' ? host : '', pathname, body);
    if (problem !== undefined) return 401;
    return this.#denied(bearerToken(request)) ? 403 : undefined;
  }

  /** Whether a token that is genuine opens nothing. */
  #denied(token: string | undefined): boolean {
    const { authorized, bearerTokens } = this.#options;
    return token !== undefined && !authorized && !bearerTokens.includes(token);
  }

  #problem(request: IncomingMessage, host: string, pathAndQuery: string, body: Uint8Array): string | undefined {
    const { accessKey, accessTokens, apiHosts, bearerTokens, signedNow, toleranceMs } = this.#options;
    const { headers, method = 'GET' } = request;
    const token = bearerToken(request);
    if (token !== undefined) return bearerTokens.includes(token) ? undefined : accessTokens.problem(token);
    if (!apiHosts.includes(host.toLowerCase())) return 'The signed host is not that of this resource.';
    const rules: HmacRules = { accessKey, now: signedNow(), toleranceMs };
    return signatureProblem({ method, pathAndQuery, host, body, headers }, rules);
  }
}

function bearerToken({ headers }: IncomingMessage): string | undefined {
  return /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
}
