import type { ChunkSource } from '../chunks/chunk-source.ts';
import { measurePicture } from '../chunks/mp4-file.ts';
import type { Examination } from './examine.ts';
import type { Note } from './notes.ts';
import type { ConcatenationSettings } from './options.ts';
import type { JoinedFile } from './results.ts';

/** Files looked into at most: the largest meeting has more, and a step has to end in its time. */
const mostLookedInto = 200;
/** Looked into at once: most of the time is waiting. */
const parallel = 8;

/** What was found by looking into the files of single cameras and shares. */
export interface LookedCameras {
  /** No player opens them. */
  readonly unreadable: ReadonlySet<JoinedFile>;
  readonly notes: readonly Note[];
}

/** Compares the files of single cameras and shares with their chunks: by their indexes, nothing is downloaded whole. */
export async function lookAtCameras(
  source: ChunkSource,
  partId: string,
  { files, inventory }: Pick<Examination, 'files' | 'inventory'>,
  { chunkMs, shortByMs }: ConcatenationSettings,
  signal: AbortSignal,
): Promise<LookedCameras> {
  const cameras = files.filter(({ kind, bytes }) => (kind === 'video' || kind === 'content') && bytes > 0);
  const unreadable = new Set<JoinedFile>();
  const short: number[] = [];
  const look = async (file: JoinedFile) => {
    const lasts = await measurePicture(source, file.key, file.bytes, signal);
    if (lasts === undefined) return void unreadable.add(file);
    const own = inventory.streams.find(
      ({ stream, attendeeId }) => stream === file.kind && attendeeId === file.attendeeId,
    );
    if (!own) return;
    // The last chunk of a stretch may be shorter than others, and is not looked into.
    const least = own.lastMs - own.firstMs - own.missingMs - own.gapCount * chunkMs;
    if (least - lasts > shortByMs) short.push(Math.round(least - lasts));
  };
  const looked = cameras.slice(0, mostLookedInto);
  for (let at = 0; at < looked.length; at += parallel) {
    await Promise.all(looked.slice(at, at + parallel).map(look));
  }
  const of = `Of ${cameras.length} files of cameras and shares of ${partId}`;
  const notes: Note[] = [];
  if (unreadable.size > 0) {
    notes.push({ name: 'cameras-broken', code: 'broken-off', message: `${of}, ${unreadable.size} cannot be opened.` });
  }
  if (short.length > 0) {
    const message = `${of}, ${short.length} are shorter than their chunks, by ${Math.max(...short)} ms at most.`;
    notes.push({ name: 'cameras-short', code: 'duration-mismatch', message });
  }
  if (cameras.length > looked.length) {
    const message = `${of}, ${cameras.length - looked.length} are not compared with their chunks.`;
    notes.push({ name: 'cameras-uncompared', code: 'broken-off', message });
  }
  return { unreadable, notes };
}
