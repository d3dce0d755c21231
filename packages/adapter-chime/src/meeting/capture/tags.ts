import type { Tag } from '@aws-sdk/client-chime-sdk-media-pipelines';
import type { Problem } from '../../options/problem.ts';

/** The tag by which pipelines of ours are told from others: the session they record. */
export const sessionTag = 'onrecord:session';

/** Most tags of a resource; one is ours. */
const most = 200;

/** Everything wrong with tags, at `path`. */
export function tagProblems(value: unknown, path: string): readonly Problem[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [{ path, message: 'Must be an object of texts.' }];
  }
  const entries: readonly [string, unknown][] = Object.entries(value);
  const wrong = entries.flatMap(([key, text]) => {
    const message = wrongTag(key, text);
    return message === undefined ? [] : [{ path: `${path}.${key}`, message }];
  });
  return entries.length < most
    ? wrong
    : [...wrong, { path, message: `Must be ${most - 1} at most: one more is ours.` }];
}

function wrongTag(key: string, value: unknown): string | undefined {
  if (key === sessionTag) return 'Is the tag of OnRecord itself.';
  if (key.length < 1 || key.length > 128) return 'The key must have 1 to 128 characters.';
  if (/^aws:/i.test(key)) return 'Keys that begin with aws: are reserved.';
  return typeof value === 'string' && value.length <= 256
    ? undefined
    : 'The value must be text of 256 characters at most.';
}

/** Ours first, then those of the configuration and the start; the start's win. */
export function tagList(sessionId: string, tags: { readonly [key: string]: string }): Tag[] {
  return [{ Key: sessionTag, Value: sessionId }, ...Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))];
}
