import { type CaptureStream, parseChunkKey } from './chunk-key.ts';
import type { ChunkSource, ListedObject } from './chunk-source.ts';

/** A stretch without a chunk between two that are there: epoch milliseconds. */
export interface ChunkGap {
  readonly fromMs: number;
  readonly toMs: number;
}

/** One stream of a capture, as its keys tell it. */
export interface StreamInventory {
  readonly stream: CaptureStream;
  /** @personal */
  readonly attendeeId?: string | undefined;
  /** Chunks that hold something. */
  readonly chunks: number;
  /** Chunks of no bytes: they count as missing. */
  readonly empty: number;
  readonly bytes: number;
  /** When its first and its last chunk begin: epoch milliseconds. */
  readonly firstMs: number;
  readonly lastMs: number;
  /** The last chunks, oldest first; at most {@link keptLast}. */
  readonly last: readonly ListedObject[];
  /** The first gaps; at most {@link keptGaps}. */
  readonly gaps: readonly ChunkGap[];
  readonly gapCount: number;
  /** All gaps together, in milliseconds. */
  readonly missingMs: number;
}

/** What lies under the prefix of one capture pipeline. */
export interface Inventory {
  readonly streams: readonly StreamInventory[];
  /** Objects that are no chunks: how many, and the first keys. Results of a concatenation beside them are no part of it. */
  readonly unknown: { readonly count: number; readonly keys: readonly string[] };
  /** Streams that were only counted, because there are more than a meeting can have. */
  readonly uncounted: number;
}

export interface InventoryOptions {
  readonly signal: AbortSignal;
  /** Longest chunk, in milliseconds. */
  readonly chunkMs: number;
  /** A chunk that begins this much later than the one before can last is behind a gap, in milliseconds. */
  readonly gapToleranceMs: number;
  /** Folder under the prefix that is none of the capture's, with a slash at its end. */
  readonly except?: string | undefined;
}

export const keptLast = 3;
export const keptGaps = 100;
const keptUnknown = 20;
/** A meeting has at most 250 attendees, each with a video and a content share. */
const mostStreams = 600;

/**
 * Counts the chunks under a prefix in one pass over its listing. Memory does not grow with the length of the meeting:
 * of each stream only sums and ends are kept.
 *
 * @param prefix of the pipeline, without a slash at its end.
 */
export async function takeInventory(
  source: ChunkSource,
  prefix: string,
  { signal, chunkMs, gapToleranceMs, except }: InventoryOptions,
): Promise<Inventory> {
  const streams = new Map<string, Tally>();
  const unknownKeys: string[] = [];
  let unknown = 0;
  const uncounted = new Set<string>();
  const root = `${prefix}/`;
  for await (const object of source.list(root, { signal })) {
    const relative = object.key.slice(root.length);
    if (except !== undefined && relative.startsWith(except)) continue;
    const chunk = parseChunkKey(relative);
    if (!chunk) {
      unknown++;
      if (unknownKeys.length < keptUnknown) unknownKeys.push(object.key);
      continue;
    }
    const name = `${chunk.stream}/${chunk.attendeeId ?? ''}`;
    let tally = streams.get(name);
    if (!tally) {
      if (streams.size >= mostStreams) {
        if (uncounted.size < mostStreams) uncounted.add(name);
        continue;
      }
      tally = new Tally(chunk.stream, chunk.attendeeId);
      streams.set(name, tally);
    }
    tally.add(chunk.startMs, object, { chunkMs, gapToleranceMs });
  }
  return {
    streams: [...streams.values()].map((tally) => tally.result()),
    unknown: { count: unknown, keys: unknownKeys },
    uncounted: uncounted.size,
  };
}

/** The stream that all share, or undefined when not a chunk of it is there. */
export function streamOf(inventory: Inventory, stream: CaptureStream): StreamInventory | undefined {
  return inventory.streams.find((one) => one.stream === stream && one.chunks > 0);
}

class Tally {
  readonly #stream: CaptureStream;
  readonly #attendeeId: string | undefined;
  readonly #last: ListedObject[] = [];
  readonly #gaps: ChunkGap[] = [];
  #chunks = 0;
  #empty = 0;
  #bytes = 0;
  #firstMs = Number.NaN;
  #lastMs = Number.NaN;
  #gapCount = 0;
  #missingMs = 0;

  constructor(stream: CaptureStream, attendeeId: string | undefined) {
    this.#stream = stream;
    this.#attendeeId = attendeeId;
  }

  add(
    startMs: number,
    object: ListedObject,
    rule: { readonly chunkMs: number; readonly gapToleranceMs: number },
  ): void {
    if (object.bytes === 0) {
      this.#empty++;
      return;
    }
    if (this.#chunks === 0) this.#firstMs = startMs;
    else if (startMs - this.#lastMs > rule.chunkMs + rule.gapToleranceMs) {
      const gap = { fromMs: this.#lastMs + rule.chunkMs, toMs: startMs };
      this.#gapCount++;
      this.#missingMs += gap.toMs - gap.fromMs;
      if (this.#gaps.length < keptGaps) this.#gaps.push(gap);
    }
    this.#lastMs = startMs;
    this.#chunks++;
    this.#bytes += object.bytes;
    this.#last.push(object);
    if (this.#last.length > keptLast) this.#last.shift();
  }

  result(): StreamInventory {
    return {
      stream: this.#stream,
      ...(this.#attendeeId === undefined ? {} : { attendeeId: this.#attendeeId }),
      chunks: this.#chunks,
      empty: this.#empty,
      bytes: this.#bytes,
      firstMs: this.#firstMs,
      lastMs: this.#lastMs,
      last: [...this.#last],
      gaps: [...this.#gaps],
      gapCount: this.#gapCount,
      missingMs: this.#missingMs,
    };
  }
}
