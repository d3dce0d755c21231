import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Secret } from '@onrecord/core';
import { OnRecordError, parseCorrelation } from '@onrecord/core';

/** What a callback URL of ours says of the recording it was given for; nothing when it was given for a whole call. */
export interface CallbackClaims {
  /** `<sessionId>.<partId>` */
  readonly correlation?: string | undefined;
  /** The start command, so that a refusal finds it. */
  readonly commandId?: string | undefined;
}

/**
 * The callback URL with the claims and their signature: `?s=<sessionId>.<partId>&c=<commandId>&k=<hmac>`. Every process
 * with the same first key makes the same URL, so that a repeated start is the same request.
 */
export function signCallbackUrl(base: URL, keys: readonly Secret[], claims: CallbackClaims): string {
  const [key] = keys;
  if (!key) throw new OnRecordError('invalid-request', 'A callback URL cannot be signed without callbackSecret.');
  const url = new URL(base);
  if (claims.correlation !== undefined) url.searchParams.set('s', claims.correlation);
  if (claims.commandId !== undefined) url.searchParams.set('c', claims.commandId);
  url.searchParams.set('k', signature(key, claims).toString('base64url'));
  return url.href;
}

/**
 * The claims of a callback URL, or undefined when it carries none and no signature either.
 * @throws OnRecordError `signature-invalid` when the signature is wrong, missing or repeated.
 */
export function readCallbackUrl(url: URL, keys: readonly Secret[]): CallbackClaims | undefined {
  // Without a secret of ours the URL is not ours either: whatever its query says is somebody else's.
  if (keys.length === 0) return undefined;
  const [s, c, k] = [only(url, 's'), only(url, 'c'), only(url, 'k')];
  if (s === undefined && c === undefined && k === undefined) return undefined;
  const claims = { correlation: s, commandId: c };
  const given = Buffer.from(k ?? '', 'base64url');
  // Every key is tried, whichever fits: the time taken says nothing about which one did.
  const fits = keys.filter((key) => sameBytes(signature(key, claims), given));
  if (fits.length === 0) throw forged('the signature in its query is wrong.');
  if (s !== undefined && parseCorrelation(s) === undefined) throw forged('its query names no session.');
  return claims;
}

/** Whether `given` is one of the secrets, compared in constant time. */
export function isSecret(given: string, secrets: readonly Secret[]): boolean {
  const digest = (text: string) => createHmac('sha256', 'onrecord').update(text).digest();
  return secrets.filter((secret) => sameBytes(digest(secret.reveal()), digest(given))).length > 0;
}

/** The one value of a query parameter. */
export function only(url: URL, name: string): string | undefined {
  const values = url.searchParams.getAll(name);
  if (values.length > 1) throw forged(`its query has "${name}" twice.`);
  return values[0];
}

export function forged(what: string, remedy?: string): OnRecordError {
  return new OnRecordError('signature-invalid', `A message to the Azure adapter was refused: ${what}`, { remedy });
}

function signature(key: Secret, { correlation, commandId }: CallbackClaims): Buffer {
  const message = JSON.stringify(['onrecord.azure.callback/v1', correlation ?? null, commandId ?? null]);
  return createHmac('sha256', key.reveal()).update(message).digest();
}

function sameBytes(left: Buffer, right: Buffer): boolean {
  return left.byteLength === right.byteLength && timingSafeEqual(left, right);
}
