import type { Json, PartTarget } from '@onrecord/core';
import { indexAt, isObject, textAt } from './json-reader.ts';

/** Where one file of a recording and its metadata lie, as a fact of the part. */
export interface FileFact {
  /** `MediaSighting.key` of the file. */
  readonly key: string;
  readonly content: string;
  readonly metadata: string;
  /** Position among the files of the recording, from 0, where it is known. */
  readonly index?: number | undefined;
}

const prefix = 'file/';
const place = 'place';
const remembered = 'landed/';
const complete = 'filesComplete';
const read = 'metadataRead';

/** Facts that let the metadata be found again; several events about one recording add up. */
export function factsOf(files: readonly FileFact[], over: boolean): { readonly [name: string]: Json } {
  const facts = files.map(({ key, content, metadata, index }) => {
    return [`${prefix}${key}`, { content, metadata, ...(index === undefined ? {} : { index }) }] as const;
  });
  // Another event may bring more files than the metadata of which were read.
  const news = files.map(({ key }) => key).join(' ');
  return {
    ...Object.fromEntries(facts),
    ...(news === '' ? {} : { finalizeFor: news }),
    ...(over ? { [complete]: true } : {}),
  };
}

/** Where the files of a part, and no others, come to lie in a container of ours: how their addresses begin. */
export function placeFact(uri: string): { readonly [name: string]: Json } {
  return { [place]: uri };
}

export function placeOf({ facts = {} }: Pick<PartTarget, 'facts'>): string | undefined {
  return textAt(facts, place);
}

/** Files that were found at the place of a part before their metadata were. */
export function mediaFacts(uris: readonly string[]): { readonly [name: string]: Json } {
  return Object.fromEntries(uris.map((uri) => [`${remembered}${uri}`, true]));
}

export function rememberedMedia({ facts = {} }: Pick<PartTarget, 'facts'>): readonly string[] {
  return Object.keys(facts).flatMap((name) => (name.startsWith(remembered) ? [name.slice(remembered.length)] : []));
}

/** The metadata of these files are read, of every one of them. */
export function readFact(files: readonly FileFact[]): { readonly [name: string]: Json } {
  return { [read]: files.map(({ key }) => key) };
}

/** Whether metadata were read, and no event has told of another file since: they may be gone by now. */
export function isRead(part: Pick<PartTarget, 'facts'>): boolean {
  const keys = part.facts?.[read];
  return Array.isArray(keys) && toldFiles(part).every(({ key }) => keys.includes(key));
}

/** The files of a part, or undefined while more may come. */
export function filesOf(part: Pick<PartTarget, 'facts'>): readonly FileFact[] | undefined {
  return part.facts?.[complete] === true ? toldFiles(part) : undefined;
}

function toldFiles({ facts = {} }: Pick<PartTarget, 'facts'>): readonly FileFact[] {
  return Object.entries(facts).flatMap(([name, fact]) => {
    if (!name.startsWith(prefix) || !isObject(fact)) return [];
    const content = textAt(fact, 'content');
    const metadata = textAt(fact, 'metadata');
    const key = name.slice(prefix.length);
    return content && metadata ? [{ key, content, metadata, index: indexAt(fact, 'index') }] : [];
  });
}

/** Whether a file before one of these is not among them: its event was lost, or is yet to come. */
export function hasGap(files: readonly FileFact[]): boolean {
  const indexes = new Set(files.flatMap(({ index }) => index ?? []));
  return Math.max(-1, ...indexes) >= indexes.size;
}
