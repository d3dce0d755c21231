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
  readonly signedNow: () => number;
  readonly toleranceMs: number;
}

/** Checks who sends a request, by access key or token, for both hosts. */
export class Authentication {
  readonly #options: AuthenticationOptions;

  constructor(options: AuthenticationOptions) {
    this.#options = options;
  }

  /** @throws ApiError 401/7509, or 401/7501 for a token that does not open the resource. */
  checkApi(request: IncomingMessage, body: Uint8Array): void {
    const problem = this.#problem(request, request.headers.host ?? '', request.url ?? '/', body);
    if (problem === undefined) return;
    const bearer = /^Bearer /i.test(request.headers.authorization ?? '');
    throw new ApiError(401, bearer ? '7501' : '7509', problem);
  }

  /**
   * Why a request to the storage host is refused; undefined when it is not. It is signed for the host of the API,
   * which it names in `x-ms-host`, and over the path without the query.
   */
  storageProblem(request: IncomingMessage, body: Uint8Array): string | undefined {
    const host = request.headers['x-ms-host'];
    const { pathname } = new URL(request.url ?? '/', 'https://localhost');
    return this.#problem(request, typeof host === 'string' ? host : '', pathname, body);
  }

  #problem(request: IncomingMessage, host: string, pathAndQuery: string, body: Uint8Array): string | undefined {
    const { accessKey, accessTokens, apiHosts, bearerTokens, signedNow, toleranceMs } = this.#options;
    const { headers, method = 'GET' } = request;
    const token = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
    if (token !== undefined) return bearerTokens.includes(token) ? undefined : accessTokens.problem(token);
    if (!apiHosts.includes(host.toLowerCase())) return 'The signed host is not that of this resource.';
    const rules: HmacRules = { accessKey, now: signedNow(), toleranceMs };
    return signatureProblem({ method, pathAndQuery, host, body, headers }, rules);
  }
}
