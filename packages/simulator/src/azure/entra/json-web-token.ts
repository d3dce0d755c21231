import { constants, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { isRecord } from '../schema/shape.ts';

type Claims = Readonly<Record<string, unknown>>;

export interface SignedToken {
  readonly header: Claims;
  readonly claims: Claims;
  readonly signed: string;
  readonly signature: Buffer;
}

/** A compact token, RS256. */
export function signedToken(header: Claims, claims: Claims, key: KeyObject): string {
  const part = (value: Claims): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ ...header, alg: 'RS256' })}.${part(claims)}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
}

/** The parts of a compact token, unverified; undefined when it is none. */
export function parsedToken(token: string): SignedToken | undefined {
  const [head = '', body = '', signature = '', ...more] = token.split('.');
  if (more.length > 0 || signature === '') return undefined;
  try {
    const [header, claims] = [head, body].map((part) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8')));
    if (!isRecord(header) || !isRecord(claims)) return undefined;
    return { header, claims, signed: `${head}.${body}`, signature: Buffer.from(signature, 'base64url') };
  } catch {
    return undefined;
  }
}

/** Whether `key` (a key, or PEM of one or of a certificate) signed the token, RS256 or PS256. */
export function isSignedBy({ header, signed, signature }: SignedToken, key: KeyObject | string): boolean {
  const publicKey = typeof key === 'string' ? createPublicKey(key) : key;
  if (header['alg'] === 'RS256') return verify('sha256', Buffer.from(signed), publicKey, signature);
  if (header['alg'] !== 'PS256') return false;
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  const saltLength = constants.RSA_PSS_SALTLEN_DIGEST;
  return verify('sha256', Buffer.from(signed), { key: publicKey, padding, saltLength }, signature);
}
