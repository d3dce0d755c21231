import { createHash } from 'node:crypto';
import type { CommandToken } from '@onrecord/core';

/**
 * The SDK makes fresh repeatability headers for every call; custom headers replace them, so that any process can
 * repeat the very same request and gets the first answer again.
 */
export function repeatabilityHeaders({ token, firstSentAt }: CommandToken): Record<string, string> {
  return {
    'Repeatability-Request-ID': repeatabilityId(token),
    'Repeatability-First-Sent': new Date(firstSentAt).toUTCString(),
  };
}

const uuid4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** The service wants a version 4 UUID; a token of another form becomes one, always the same. */
export function repeatabilityId(token: string): string {
  if (uuid4.test(token)) return token.toLowerCase();
  const hash = createHash('sha256').update(token).digest();
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x40, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  return hash.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
