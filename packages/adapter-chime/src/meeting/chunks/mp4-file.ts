import type { Input, InputAudioTrack, InputVideoTrack, Source } from 'mediabunny';
import type { ChunkSource } from './chunk-source.ts';

/** What an MP4 file holds, by its packets. */
export interface MeasuredMp4 {
  /** Of the sound that is heard: from time 0, or the first packet after it, to the end of the last packet. */
  readonly audioMs: number;
  readonly hasVideo: boolean;
  /** As the file names it, e.g. `aac`, `opus`. */
  readonly codec: string | undefined;
}

/** The muxing library, loaded when a file is first looked into. */
export const mediabunny = (): Promise<typeof import('mediabunny')> => import('mediabunny');

/**
 * Measures a file in a bucket by reading its index and no media: a recording of hours costs a few requests. The header's
 * own claim of a duration is not believed; where the last packet ends counts.
 *
 * @returns undefined for bytes that are no MP4 with sound, cut-off ones included.
 */
export async function measureMp4(
  source: ChunkSource,
  key: string,
  bytes: number,
  signal: AbortSignal,
): Promise<MeasuredMp4 | undefined> {
  return readIndex({ source, key, bytes, signal }, (ranged) =>
    inMp4(ranged, async ({ audio, video }) => {
      const end = await audio.computeDuration();
      const from = Math.max(0, await audio.getFirstTimestamp());
      return { audioMs: (end - from) * 1_000, hasVideo: video !== null, codec: audio.codec ?? undefined };
    }),
  );
}

/**
 * How long the picture of an MP4 file in a bucket lasts, in milliseconds, by its index.
 *
 * @returns undefined for bytes that are no MP4 with a picture.
 */
export async function measurePicture(
  source: ChunkSource,
  key: string,
  bytes: number,
  signal: AbortSignal,
): Promise<number | undefined> {
  const { Input, MP4 } = await mediabunny();
  return readIndex({ source, key, bytes, signal }, async (ranged) => {
    using input = new Input({ formats: [MP4], source: ranged });
    const video = await input.getPrimaryVideoTrack();
    return video ? ((await video.computeDuration()) - (await video.getFirstTimestamp())) * 1_000 : undefined;
  });
}

/** Looks into a file in a bucket by ranges. @returns undefined where the library stumbles over its bytes. */
async function readIndex<T>(
  file: { readonly source: ChunkSource; readonly key: string; readonly bytes: number; readonly signal: AbortSignal },
  work: (ranged: Source) => Promise<T>,
): Promise<T | undefined> {
  const { source, key, bytes, signal } = file;
  if (bytes === 0) return undefined;
  const { CustomSource } = await mediabunny();
  let broken: { readonly cause: unknown } | undefined;
  const ranged = new CustomSource({
    getSize: () => bytes,
    read: async (start, end) => {
      try {
        return await source.open(key, { signal, range: { first: start, last: end - 1 } });
      } catch (cause) {
        broken ??= { cause };
        throw cause;
      }
    },
    prefetchProfile: 'network',
    handleUnhandledError: () => {},
  });
  try {
    return await work(ranged);
  } catch {
    // That a file cannot be fetched says nothing about it.
    if (broken) throw broken.cause;
    signal.throwIfAborted();
    return undefined;
  }
}

/** Opens the tracks of an MP4 file, and closes it when the work is done. @throws what the library throws on damage. */
export async function inMp4<T>(
  source: Source,
  work: (tracks: {
    readonly audio: InputAudioTrack;
    readonly video: InputVideoTrack | null;
    readonly input: Input;
  }) => Promise<T>,
): Promise<T> {
  const { Input, MP4 } = await mediabunny();
  using input = new Input({ formats: [MP4], source });
  const audio = await input.getPrimaryAudioTrack();
  if (!audio) throw new Error('The file has no sound.');
  return await work({ audio, video: await input.getPrimaryVideoTrack(), input });
}
