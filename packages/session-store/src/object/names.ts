import { createHash } from 'node:crypto';

/** What is kept under which object name. Names hold no key and no provider id in clear: those may be personal. */
const plain = /^[0-9A-Za-z-]{1,64}$/;

/** A session id as one safe segment: as it is where that is possible, else hashed, which begins with `_`. */
export function segmentOf(id: string): string {
  return plain.test(id) ? id : `_${hash(id)}`;
}

export function recordName(segment: string): string {
  return `sessions/${segment}.json`;
}

export function keyName(key: string): string {
  return `keys/${hash(key)}.json`;
}

/**
 * Notes and parked reports lie in shards by their hash, so that the sweep can look at one shard at a time, and at a part
 * of one that is large: hexadecimal digits follow.
 */
export const shards = 256;

export function noteName(name: string): string {
  return `${asidePrefix(hash(name))}-note.json`;
}

/** Everything parked under a key begins with this. */
export function parkedPrefix(key: string): string {
  return `${asidePrefix(hash(key))}-parked/`;
}

export function parkedName(key: string, reportId: string): string {
  return `${parkedPrefix(key)}${hash(reportId)}.json`;
}

function asidePrefix(digest: string): string {
  return shardPrefix(Number.parseInt(digest.slice(0, 2), 16)) + digest.slice(2);
}

export function shardPrefix(shard: number): string {
  return `aside/${shard.toString(16).padStart(2, '0')}/`;
}

export const sweepName = 'sweep.json';

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
