import { OnRecordError } from '@onrecord/core';
import { parseChunkKey } from './chunk-key.ts';
import type { ChunkSource, ListedObject } from './chunk-source.ts';
import { type Coding, Joiner, type Remuxed } from './joiner.ts';
import { inMp4, mediabunny } from './mp4-file.ts';
import { readAhead } from './read-ahead.ts';

export type { Remuxed } from './joiner.ts';

export interface RemuxOptions {
  readonly signal: AbortSignal;
  /** Whether the picture of the chunks is taken over as well. */
  readonly video: boolean;
  /** A chunk that begins this much off the end of the one before lies where its key says; else it follows at once. */
  readonly snapMs: number;
  /** Told at the end what became of the chunks. */
  readonly onDone?: ((done: Remuxed) => void) | undefined;
}

/**
 * Joins the chunks in one folder into one MP4 file, without coding anything anew: every packet is copied as it is. The
 * file is fragmented, so it streams while it is made, and memory holds a few chunks whatever the length of the meeting.
 * Times follow the keys of the chunks: where one is missing, nothing is heard for as long. The same chunks give the same
 * bytes.
 *
 * @param prefix of the folder, with a slash at its end.
 * @throws OnRecordError `integrity-failed` when not one chunk can be read.
 */
export async function* remuxChunks(
  source: ChunkSource,
  prefix: string,
  options: RemuxOptions,
): AsyncGenerator<Uint8Array> {
  const { signal, snapMs } = options;
  const { startMs: beganMs, coding } = await firstReadable(source, prefix, options);
  const joiner = await Joiner.open(coding, { startMs: beganMs, snapMs });
  for await (const { object, bytes } of readAhead(source, source.list(prefix, { signal }), signal)) {
    const startMs = startOf(prefix, object);
    if (startMs !== undefined) yield* joiner.add(object.key, startMs - beganMs, bytes);
  }
  yield* joiner.finish();
  options.onDone?.(joiner.done());
}

interface Beginning {
  readonly startMs: number;
  readonly coding: Coding;
}

/** How the sound of the first readable chunk is coded, and the picture of the first one that has any. */
async function firstReadable(source: ChunkSource, prefix: string, { signal, video }: RemuxOptions): Promise<Beginning> {
  const { BufferSource } = await mediabunny();
  let found: Beginning | undefined;
  for await (const { object, bytes } of readAhead(source, source.list(prefix, { signal }), signal)) {
    const startMs = startOf(prefix, object);
    if (startMs === undefined || bytes.length === 0) continue;
    const coded = await inMp4(new BufferSource(bytes), async (tracks) => ({
      audio: { codec: tracks.audio.codec, config: await tracks.audio.getDecoderConfig() },
      video: tracks.video && { codec: tracks.video.codec, config: await tracks.video.getDecoderConfig() },
    })).catch(() => undefined);
    if (!coded?.audio.codec || !coded.audio.config) continue;
    const audio = { codec: coded.audio.codec, config: coded.audio.config };
    found ??= { startMs, coding: { audio, video: undefined } };
    if (!video) return found;
    if (!coded.video?.codec || !coded.video.config) continue;
    const picture = { codec: coded.video.codec, config: coded.video.config };
    return { ...found, coding: { audio: found.coding.audio, video: picture } };
  }
  if (found) return found;
  throw new OnRecordError('integrity-failed', `No chunk under ${prefix} can be read.`, {
    retry: 'never',
    blame: 'provider',
    remedy: 'Look whether the chunks were deleted, or are encrypted with a key that may not be used here.',
  });
}

function startOf(prefix: string, { key }: ListedObject): number | undefined {
  const folder = /[^/]+\/$/.exec(prefix)?.[0] ?? '';
  return parseChunkKey(folder + key.slice(prefix.length))?.startMs;
}
