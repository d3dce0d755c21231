import type { Json, PartTarget } from '@onrecord/core';
import { isObject, textAt } from './json-reader.ts';

/** Where one file of a recording and its metadata lie, as a fact of the part. */
export interface FileFact {
  /** `MediaSighting.key` of the file. */
  readonly key: string;
  readonly content: string;
  readonly metadata: string;
}

const prefix = 'file/';
const complete = 'filesComplete';

/** Facts that let the metadata be found again; several events about one recording add up. */
export function factsOf(files: readonly FileFact[], over: boolean): { readonly [name: string]: Json } {
  const facts = files.map(({ key, content, metadata }) => [`${prefix}${key}`, { content, metadata }] as const);
  return { ...Object.fromEntries(facts), ...(over ? { [complete]: true } : {}) };
}

/** The files of a part, or undefined while more may come. */
export function filesOf({ facts = {} }: Pick<PartTarget, 'facts'>): readonly FileFact[] | undefined {
  if (facts[complete] !== true) return undefined;
  return Object.entries(facts).flatMap(([name, fact]) => {
    if (!name.startsWith(prefix) || !isObject(fact)) return [];
    const content = textAt(fact, 'content');
    const metadata = textAt(fact, 'metadata');
    return content && metadata ? [{ key: name.slice(prefix.length), content, metadata }] : [];
  });
}
