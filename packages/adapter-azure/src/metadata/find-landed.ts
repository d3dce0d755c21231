import type { DriverContext, PartTarget } from '@onrecord/core';
import { type FileFact, placeOf, rememberedMedia } from '../file-facts.ts';

export interface LandedFile extends FileFact {
  /** Position among the files of the recording, by its name. */
  readonly index: number;
}

/** What was found at the place of a recording of which no event has told. */
export interface Landed {
  /** Every file with its metadata; undefined while metadata of one are not there. */
  readonly files: readonly LandedFile[] | undefined;
  /** Files of which the metadata are not there yet: they may be moved away before those come. */
  readonly media: readonly string[];
}

/** `0-audiomp3.{documentId}.mp3` by the quickstart, `0-audiowav.wav` in public programs. */
const mediaName = /^(?<folder>.*\/)(?<index>\d{1,5})-[^./]+(?:\.(?<document>[^/]+))?\.(?:wav|mp3|mp4)$/i;
/** `0-acsmetadata.{documentId}.json`, or without the document. */
const metadataName = /^(?<folder>.*\/)(?<index>\d{1,5})-acsmetadata(?:\.(?<document>[^/]+))?\.json$/i;

/**
 * Looks for the files of a recording in a container of ours, once the worker told that they are there: undefined before,
 * where no place is the recording's own, and where no registered store holds it.
 */
export async function findLanded(
  part: Pick<PartTarget, 'facts'>,
  { listLanded, signal }: DriverContext,
): Promise<Landed | undefined> {
  const place = placeOf(part);
  if (place === undefined || part.facts?.['landed'] !== true) return undefined;
  const objects = listLanded?.(place, { signal });
  if (!objects) return undefined;
  const listed: string[] = [];
  for await (const { uri } of objects) listed.push(uri);
  const metadata = new Map(listed.flatMap((uri) => entryOf(uri, metadataName)));
  const media = new Map([...rememberedMedia(part), ...listed].flatMap((uri) => entryOf(uri, mediaName)));
  const files = [...media].flatMap(([name, content]) => {
    const own = metadata.get(name);
    return own === undefined ? [] : [{ key: content.uri, content: content.uri, metadata: own.uri, index: own.index }];
  });
  const isWhole = files.length > 0 && files.length === media.size;
  return { files: isWhole ? files : undefined, media: [...media.values()].map(({ uri }) => uri) };
}

/** Whether somebody looks for the files of a part where they landed. */
export function isListed(part: Pick<PartTarget, 'facts'>, { listLanded, signal }: DriverContext): boolean {
  const place = placeOf(part);
  return place !== undefined && listLanded?.(place, { signal }) !== undefined;
}

/** Address and position, by what a file and its metadata have in common. */
function entryOf(
  uri: string,
  form: RegExp,
): readonly (readonly [string, { readonly uri: string; readonly index: number }])[] {
  const { folder, index, document = '' } = form.exec(uri)?.groups ?? {};
  return folder === undefined ? [] : [[`${folder}${index}/${document}`, { uri, index: Number(index) }]];
}
