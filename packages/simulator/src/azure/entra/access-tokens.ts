import { generateKeyPair, type KeyObject, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { isSignedBy, parsedToken, signedToken } from './json-web-token.ts';

/** What a scope of this service names, slash included: the scope is `https://communication.azure.com//.default`. */
export const COMMUNICATION_RESOURCE = 'https://communication.azure.com/';

const KEY_ID = 'onrecord-simulator-entra';

export interface AccessTokenRules {
  readonly tenantId: string;
  readonly clientId: string;
  readonly tokenSeconds: number;
  /** Epoch ms. */
  readonly now: () => number;
}

/** Every directory signs with the same key, as in the service; made once in a process. */
let signingKey: Promise<{ readonly privateKey: KeyObject; readonly publicKey: KeyObject }> | undefined;

/** Issues the access tokens of one application in one directory, and judges those that come back. */
export class AccessTokens {
  readonly rules: AccessTokenRules;
  readonly #privateKey: KeyObject;
  readonly #publicKey: KeyObject;
  readonly #objectId: string = randomUUID();

  static async create(rules: AccessTokenRules): Promise<AccessTokens> {
    signingKey ??= promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
    const { privateKey, publicKey } = await signingKey;
    return new AccessTokens(rules, privateKey, publicKey);
  }

  private constructor(rules: AccessTokenRules, privateKey: KeyObject, publicKey: KeyObject) {
    this.rules = rules;
    this.#privateKey = privateKey;
    this.#publicKey = publicKey;
  }

  /** The key that the directory publishes. */
  get keys(): { readonly keys: readonly Readonly<Record<string, unknown>>[] } {
    const { kty, n, e } = this.#publicKey.export({ format: 'jwk' });
    return { keys: [{ kty, n, e, kid: KEY_ID, use: 'sig', alg: 'RS256' }] };
  }

  /** A token for `audience`, with the claims of an application's version 1 token. */
  issue(audience: string): string {
    const { tenantId, clientId, tokenSeconds, now } = this.rules;
    const issuedAt = Math.floor(now() / 1000);
    const claims = {
      aud: audience,
      iss: issuerOf(tenantId),
      iat: issuedAt,
      nbf: issuedAt,
      exp: issuedAt + tokenSeconds,
      appid: clientId,
      appidacr: '1',
      idtyp: 'app',
      oid: this.#objectId,
      sub: this.#objectId,
      tid: tenantId,
      ver: '1.0',
    };
    return signedToken({ typ: 'JWT', kid: KEY_ID }, claims, this.#privateKey);
  }

  /** Why a token does not open the resource; undefined when it does. */
  problem(token: string): string | undefined {
    const parsed = parsedToken(token);
    if (!parsed || !isSignedBy(parsed, this.#publicKey)) return 'The access token is not valid.';
    const { aud, iss, appid, nbf, exp } = parsed.claims;
    const { tenantId, clientId, now } = this.rules;
    if (aud !== COMMUNICATION_RESOURCE) return 'The access token is for another audience.';
    if (iss !== issuerOf(tenantId) || appid !== clientId)
      return 'The access token is of another directory or application.';
    const seconds = now() / 1000;
    if (typeof exp !== 'number' || seconds >= exp) return 'The access token has expired.';
    return typeof nbf === 'number' && seconds < nbf ? 'The access token is not valid yet.' : undefined;
  }
}

function issuerOf(tenantId: string): string {
  return `https://sts.windows.net/${tenantId}/`;
}
