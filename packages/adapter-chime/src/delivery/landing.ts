import { type Problem, problemsOf, type Rules } from '../options/problem.ts';
import { bucket as bucketRule, text } from '../options/rules.ts';
import type { ObjectCreated } from './object-created.ts';

/** Where recordings land: whatever lies elsewhere is none of ours. */
export interface LandingPlace {
  readonly bucket: string;
  /** Key prefix without slashes at its ends; default: the whole bucket. */
  readonly prefix?: string | undefined;
}

/**
 * The places among these at which an object lies, and its key there. A key that a store could take for another one (`..`,
 * an empty segment, a control character) lies nowhere.
 */
export function landedAt({ bucket, key }: ObjectCreated, landings: readonly LandingPlace[]): readonly string[] {
  if (!isPlain(key)) return [];
  return landings.flatMap((landing) => {
    if (landing.bucket !== bucket) return [];
    if (landing.prefix === undefined) return [key];
    return key.startsWith(`${landing.prefix}/`) ? [key.slice(landing.prefix.length + 1)] : [];
  });
}

/** As in `Storage`, which refuses such keys too. */
function isPlain(key: string): boolean {
  const segments = key.split('/');
  return (
    !/[\p{Cc}\\]/u.test(key) && key.isWellFormed() && !segments.some((segment) => ['', '.', '..'].includes(segment))
  );
}

const rules: Rules = {
  bucket: { required: true, rule: bucketRule },
  prefix: {
    rule: (value) =>
      text(value) ??
      (isPlain(String(value)) ? undefined : 'Must be key segments joined by "/", without one at either end.'),
  },
};

/** Everything wrong with the member `landing` of a driver's options, whatever it holds. */
export function landingProblems(options: unknown): readonly Problem[] {
  const { landing } = (options ?? {}) as { readonly landing?: unknown };
  if (typeof landing !== 'object' || landing === null) return [];
  const places: readonly (readonly [string, unknown])[] = Array.isArray(landing)
    ? landing.map((place: unknown, index) => [`landing[${index}]`, place])
    : [['landing', landing]];
  return places.flatMap(([path, place]) =>
    problemsOf(place, rules).map((problem) => ({
      path: problem.path === '' ? path : `${path}.${problem.path}`,
      message: problem.message,
    })),
  );
}
