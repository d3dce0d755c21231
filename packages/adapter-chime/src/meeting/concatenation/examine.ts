import type { ChunkSource } from '../chunks/chunk-source.ts';
import { type Inventory, type StreamInventory, streamOf, takeInventory } from '../chunks/inventory.ts';
import { parseMeetingEvents } from '../chunks/meeting-events.ts';
import { measureMp4 } from '../chunks/mp4-file.ts';
import type { ConcatenationSettings } from './options.ts';
import { type JoinedFile, listJoined } from './results.ts';

/** What the chunks of a part say of its file. */
export interface ChunkFigures {
  readonly stream: 'audio' | 'composited-video';
  readonly chunks: number;
  /** Milliseconds that the chunks last together. */
  readonly expectedMs: number;
  /** Epoch milliseconds: when the first chunk begins and the last one ends. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly gapCount: number;
  readonly missingMs: number;
  readonly empty: number;
  /** Whether the last chunk has a picture. */
  readonly hasVideo: boolean;
  /** When CaptureEnded was written: epoch milliseconds; undefined when it was not. */
  readonly endedMs: number | undefined;
}

/** How the result of a concatenation compares with what it was made from. */
export interface Examination {
  readonly inventory: Inventory;
  /** Undefined when there is no chunk of the stream. */
  readonly figures: ChunkFigures | undefined;
  readonly files: readonly JoinedFile[];
  readonly master: JoinedFile | undefined;
  /** `unmeasured`: there is a file, and nothing to compare it with. `short`: of sound, or without the picture. */
  readonly verdict: 'whole' | 'short' | 'missing' | 'unmeasured';
  /** The chunks have a picture and the file has none. */
  readonly lacksPicture: boolean;
  readonly durationMs: number | undefined;
}

/** Folders of results, which lie beside the chunks. */
export const resultFolder = 'concat';

export function inventoryOfPart(
  source: ChunkSource,
  prefix: string,
  settings: ConcatenationSettings,
  signal: AbortSignal,
): Promise<Inventory> {
  const { chunkMs, gapToleranceMs } = settings;
  return takeInventory(source, prefix, { signal, chunkMs, gapToleranceMs, except: resultFolder });
}

/** Streams of which there is at least one chunk. */
export function presentIn(inventory: Inventory): ReadonlySet<Inventory['streams'][number]['stream']> {
  return new Set(inventory.streams.filter(({ chunks }) => chunks > 0).map(({ stream }) => stream));
}
/**
 * Compares a result with its chunks: one listing, the index of the last chunk and of the result, and the last files of
 * meeting events. Nothing is downloaded as a whole.
 */
export async function examine(
  source: ChunkSource,
  where: { readonly prefix: string; readonly destination: string; readonly stream: ChunkFigures['stream'] },
  settings: ConcatenationSettings,
  signal: AbortSignal,
): Promise<Examination> {
  const inventory = await inventoryOfPart(source, where.prefix, settings, signal);
  const attendees = inventory.streams.flatMap(({ attendeeId }) => attendeeId ?? []);
  const [figures, files] = await Promise.all([
    figuresOf(source, inventory, where.stream, settings, signal),
    listJoined(source, where.destination, attendees, signal),
  ]);
  const master = files.find(({ kind }) => kind === where.stream);
  const measured = master && (await measureMp4(source, master.key, master.bytes, signal));
  const lacksPicture = figures?.hasVideo === true && measured?.hasVideo === false;
  const durationMs = measured && Math.round(measured.audioMs);
  const known = { inventory, figures, files, master, durationMs, lacksPicture };
  if (!master || master.bytes === 0 || !measured) return { ...known, verdict: 'missing' };
  if (!figures) return { ...known, verdict: 'unmeasured' };
  const lacks = figures.expectedMs - measured.audioMs;
  return { ...known, verdict: lacksPicture || lacks > settings.shortByMs ? 'short' : 'whole' };
}

/** Undefined when the stream has no chunk. */
export async function figuresOf(
  source: ChunkSource,
  inventory: Inventory,
  name: ChunkFigures['stream'],
  { chunkMs }: ConcatenationSettings,
  signal: AbortSignal,
): Promise<ChunkFigures | undefined> {
  const stream = streamOf(inventory, name);
  const last = stream?.last.at(-1);
  if (!stream || !last) return undefined;
  const measured = await measureMp4(source, last.key, last.bytes, signal);
  const lastMs = Math.min(measured?.audioMs ?? 0, 2 * chunkMs);
  const { chunks, firstMs, gapCount, missingMs, empty } = stream;
  const toMs = Math.round(stream.lastMs + lastMs);
  return {
    stream: name,
    chunks,
    expectedMs: toMs - firstMs - missingMs,
    fromMs: firstMs,
    toMs,
    gapCount,
    missingMs,
    empty,
    hasVideo: measured?.hasVideo ?? false,
    endedMs: await captureEnded(source, streamOf(inventory, 'meeting-events'), signal),
  };
}

/** The only mark of an orderly end that lies in the bucket. It is in the last file that holds anything. */
async function captureEnded(
  source: ChunkSource,
  events: StreamInventory | undefined,
  signal: AbortSignal,
): Promise<number | undefined> {
  const decoder = new TextDecoder();
  for (const { key } of events?.last.toReversed() ?? []) {
    const text = decoder.decode(await source.open(key, { signal }));
    const ended = parseMeetingEvents(text).events.findLast(({ type }) => type === 'capture-ended');
    if (ended) return ended.atMs;
  }
  return undefined;
}
