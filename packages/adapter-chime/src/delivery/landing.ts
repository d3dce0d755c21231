import type { ObjectCreated } from './object-created.ts';

/** Where recordings land: whatever lies elsewhere is none of ours. */
export interface LandingPlace {
  readonly bucket: string;
  /** Key prefix without slashes at its ends; default: the whole bucket. */
  readonly prefix?: string | undefined;
}

/**
 * The key of an object as seen from a place; undefined for one that lies elsewhere. A key that a store could take for
 * another one (`..`, an empty segment, a control character) lies nowhere.
 */
export function keyAt({ bucket, key }: ObjectCreated, landing: LandingPlace): string | undefined {
  if (landing.bucket !== bucket || !isPlainKey(key)) return undefined;
  if (landing.prefix === undefined) return key;
  return key.startsWith(`${landing.prefix}/`) ? key.slice(landing.prefix.length + 1) : undefined;
}

/** Whether a key is one that `Storage` takes, too. */
export function isPlainKey(key: string): boolean {
  const segments = key.split('/');
  return (
    !/[\p{Cc}\\]/u.test(key) && key.isWellFormed() && !segments.some((segment) => ['', '.', '..'].includes(segment))
  );
}
