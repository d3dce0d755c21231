import { exportJWK, type GenerateKeyPairResult, generateKeyPair, type JSONWebKeySet, SignJWT } from 'jose';

/** Who signs callbacks; what `iss` of every token says. */
export const CALLBACK_ISSUER = 'https://acscallautomation.communication.azure.com';

/** Where its keys and its OpenID configuration lie. Source: how-to "secure webhook endpoint". */
export const OPENID_PATH = '/calling/.well-known/acsopenidconfiguration';
export const JWKS_PATH = '/calling/keys';

/** Life of a token, seconds: documented as 5 minutes, one token per event. */
const TOKEN_SECONDS = 300;

/** As in the service, one key signs for every resource, and `aud` tells them apart; made once in a process. */
let signingKey: Promise<GenerateKeyPairResult> | undefined;

/** Signs the bearer tokens of callbacks. */
export interface TokenIssuer {
  readonly jwks: JSONWebKeySet;
  /** A token for one event, RS256, issued at `nowMs` (epoch ms). */
  issue(nowMs: number): Promise<string>;
}

/** An issuer whose tokens have `audience` (the resource id) as `aud`. */
export async function createTokenIssuer(audience: string): Promise<TokenIssuer> {
  signingKey ??= generateKeyPair('RS256');
  const { privateKey, publicKey } = await signingKey;
  const kid = 'onrecord-simulator';
  const jwk = await exportJWK(publicKey);
  return {
    jwks: { keys: [{ ...jwk, kid, use: 'sig', alg: 'RS256' }] },
    issue: (nowMs) => {
      const now = Math.floor(nowMs / 1000);
      return new SignJWT()
        .setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT' })
        .setIssuer(CALLBACK_ISSUER)
        .setAudience(audience)
        .setIssuedAt(now)
        .setNotBefore(now)
        .setExpirationTime(now + TOKEN_SECONDS)
        .sign(privateKey);
    },
  };
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
