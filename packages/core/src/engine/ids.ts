import { createHash, randomBytes, randomUUID } from 'node:crypto';

function format(bytes: Uint8Array, version: number): string {
  bytes[6] = (bytes[6]! & 0x0f) | (version << 4);
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** A session id for a session that this process starts: UUIDv7 (RFC 9562), so ids sort by time. */
export function newSessionId(nowMs: number): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(nowMs, 0, 6);
  return format(bytes, 7);
}

/**
 * The id of the nth session of a call on a turn plane: UUIDv8 of SHA-256, so that a repeated invocation computes the
 * same id without a store.
 */
export function derivedSessionId(deployment: string, providerKey: string, ordinal: number): string {
  return format(derivedBytes('session', deployment, providerKey, String(ordinal)), 8);
}

/** A UUID that every process derives alike from the same names, e.g. the id of a command in a repeated turn. */
export function derivedId(...names: readonly string[]): string {
  return format(derivedBytes(...names), 8);
}

/** A fresh random UUID. */
export function newId(): string {
  return randomUUID();
}

/** Lower-case hex SHA-256 of a JSON value with its members in sorted order. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex');
}

function derivedBytes(...names: readonly string[]): Buffer {
  const hash = createHash('sha256');
  for (const name of names) hash.update(`${Buffer.byteLength(name)}:${name}`);
  return hash.digest();
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}
