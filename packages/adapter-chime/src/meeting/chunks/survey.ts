import { parseChunkKey } from './chunk-key.ts';
import type { ChunkSource, ListedObject } from './chunk-source.ts';
import { measureMp4 } from './mp4-file.ts';

/** What was found by looking into every chunk of a folder, so far. */
export interface Survey {
  /** Key of the last chunk that was looked into; empty before the first. */
  readonly after: string;
  readonly chunks: number;
  /** Chunks that are empty or damaged. */
  readonly unreadable: number;
  /** Of the sound in the others, in milliseconds. */
  readonly audioMs: number;
}

export const nothingSurveyed: Survey = { after: '', chunks: 0, unreadable: 0, audioMs: 0 };

/** Chunks looked into at once: each costs a request or two, and most of its time is waiting. */
const parallel = 8;

/**
 * Looks into the next chunks of a folder: a listing tells that a chunk is there, and not that it can be read.
 *
 * @param folder key prefix, with a slash at its end.
 * @param limit chunks looked into at most.
 */
export async function surveyChunks(
  source: ChunkSource,
  folder: string,
  before: Survey,
  { limit, signal }: { readonly limit: number; readonly signal: AbortSignal },
): Promise<{ readonly survey: Survey; readonly done: boolean }> {
  let survey = before;
  let looked = 0;
  let waiting: ListedObject[] = [];
  const name = /[^/]+\/$/.exec(folder)?.[0] ?? '';
  const look = async () => {
    const measured = await Promise.all(waiting.map(({ key, bytes }) => measureMp4(source, key, bytes, signal)));
    survey = {
      after: waiting.at(-1)?.key ?? survey.after,
      chunks: survey.chunks + waiting.length,
      unreadable: survey.unreadable + measured.filter((one) => one === undefined).length,
      audioMs: Math.round(measured.reduce((sum, one) => sum + (one?.audioMs ?? 0), survey.audioMs)),
    };
    looked += waiting.length;
    waiting = [];
  };
  for await (const object of source.list(folder, { signal })) {
    if (object.key <= before.after || !parseChunkKey(name + object.key.slice(folder.length))) continue;
    if (looked >= limit) return { survey, done: false };
    waiting.push(object);
    if (waiting.length === Math.min(parallel, limit)) await look();
  }
  if (waiting.length > 0) await look();
  return { survey, done: true };
}
