import { randomUUID } from 'node:crypto';
import { exportJWK, type GenerateKeyPairResult, generateKeyPair, type JSONWebKeySet, type JWK, SignJWT } from 'jose';
import type { TokenFault } from './token-faults.ts';

/** Who signs callbacks; what `iss` of every token says. */
export const CALLBACK_ISSUER = 'https://acscallautomation.communication.azure.com';

/** Where its keys and its OpenID configuration lie. Source: how-to "secure webhook endpoint". */
export const OPENID_PATH = '/calling/.well-known/acsopenidconfiguration';
export const JWKS_PATH = '/calling/keys';

/** Life of a token, seconds: documented as 5 minutes, one token per event. */
const TOKEN_SECONDS = 300;

/** As in the service, one key signs for every resource, and `aud` tells them apart; made once in a process. */
let firstKey: Promise<GenerateKeyPairResult> | undefined;

/** A pair that no issuer publishes; made once in a process. */
let foreignKey: Promise<GenerateKeyPairResult> | undefined;

/** How keys are rotated. */
export interface KeyRotation {
  /** What becomes of the key so far: gone at once, or still published, as tokens may be on their way. @default 'kept' */
  readonly oldKey?: 'kept' | 'gone' | undefined;
}

/** Signs the bearer tokens of callbacks. */
export interface TokenIssuer {
  /** The published keys, newest first. */
  readonly jwks: JSONWebKeySet;
  /** A token for one event, RS256, issued at `nowMs` (epoch ms); wrong in one way where a fault says so. */
  issue(nowMs: number, fault?: TokenFault): Promise<string>;
  /** Signs with a new key from now on. @returns its `kid`. */
  rotate(rotation?: KeyRotation): Promise<string>;
}

interface SigningKey {
  readonly jwk: JWK & { readonly kid: string };
  readonly privateKey: GenerateKeyPairResult['privateKey'];
}

/** An issuer whose tokens have `audience` (the resource id) as `aud`. */
export async function createTokenIssuer(audience: string): Promise<TokenIssuer> {
  firstKey ??= generateKeyPair('RS256');
  let current = await signingKey(await firstKey, 'onrecord-simulator');
  let published: readonly SigningKey[] = [current];
  return {
    get jwks() {
      return { keys: published.map(({ jwk }) => jwk) };
    },
    rotate: async ({ oldKey = 'kept' } = {}) => {
      current = await signingKey(await generateKeyPair('RS256'), `onrecord-simulator-${randomUUID()}`);
      published = oldKey === 'gone' ? [current] : [current, ...published];
      return current.jwk.kid;
    },
    issue: async (nowMs, fault) => {
      const shift = fault === 'expired' ? -3_600 : fault === 'early' ? 3_600 : 0;
      const now = Math.floor(nowMs / 1000) + shift;
      const token = new SignJWT()
        .setIssuer(fault === 'foreign-issuer' ? 'https://elsewhere.example' : CALLBACK_ISSUER)
        .setAudience(fault === 'foreign-audience' ? randomUUID() : audience)
        .setIssuedAt(now)
        .setNotBefore(now)
        .setExpirationTime(now + TOKEN_SECONDS);
      const kid = fault === 'unknown-key' ? randomUUID() : current.jwk.kid;
      if (fault === 'symmetric') {
        // The public key as a shared secret: what a verifier that trusts `alg` would accept.
        const secret = new TextEncoder().encode(JSON.stringify(current.jwk));
        return token.setProtectedHeader({ alg: 'HS256', kid, typ: 'JWT' }).sign(secret);
      }
      foreignKey ??= fault === 'foreign-key' ? generateKeyPair('RS256') : undefined;
      const key = fault === 'foreign-key' && foreignKey ? (await foreignKey).privateKey : current.privateKey;
      const signed = await token.setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT' }).sign(key);
      return fault === 'unsigned' ? unsigned(signed) : signed;
    },
  };
}

async function signingKey({ privateKey, publicKey }: GenerateKeyPairResult, kid: string): Promise<SigningKey> {
  return { jwk: { ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'RS256' }, privateKey };
}

/** The same claims without a signature, `alg` none. */
function unsigned(token: string): string {
  const header = Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT' })).toString('base64url');
  return `${header}.${token.split('.')[1]}.`;
}

/** The OpenID configuration of the issuer, with its keys where they can be fetched. */
export function openIdConfiguration(jwksUrl: string): Readonly<Record<string, unknown>> {
  return {
    issuer: CALLBACK_ISSUER,
    jwks_uri: jwksUrl,
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
  };
}
