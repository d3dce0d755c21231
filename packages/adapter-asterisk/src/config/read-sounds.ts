import { mediaUriOf } from '../announce/media.ts';
import { isObject } from '../json-reader.ts';
import type { Problem } from './problem.ts';

/** Media by text. A table that is there holds something: an empty one would promise texts and play none. */
export function readSounds(given: unknown, problems: Problem[]): ReadonlyMap<string, string> {
  const sounds = new Map<string, string>();
  if (given === undefined) return sounds;
  const entries = isObject(given) ? Object.entries(given) : [];
  if (entries.length === 0) {
    const message =
      "Must be an object of texts and media, such as { 'This call is recorded.': 'sound:call-recorded' }.";
    problems.push({ path: 'sounds', message });
  }
  for (const [text, media] of entries) {
    const path = `sounds[${JSON.stringify(text)}]`;
    const uri = typeof media === 'string' ? mediaUriOf(media) : undefined;
    if (text.trim() === '') problems.push({ path, message: 'Must be for a text that says something.' });
    if (uri === undefined) problems.push({ path, message: 'Must be media that ends: a sound, a recording or a URL.' });
    else sounds.set(text.trim(), uri);
  }
  return sounds;
}
