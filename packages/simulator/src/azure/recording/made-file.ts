import { encodeMp3, encodeMp4Audio } from '../../media/index.ts';
import type { AzureBehaviour } from '../behaviour.ts';
import { newDocumentId } from '../call/ids.ts';
import { CapturedAudio, RECORDING_RATE } from '../media/captured-audio.ts';
import { type Content, contentOf, wavContent } from '../media/content.ts';
import type { AzureWorld } from '../world.ts';
import type { Capture } from './capture.ts';
import { channelPlan } from './channel-plan.ts';
import { type Chunk, chunkDuration, chunksOf } from './chunk.ts';
import { metadataOf } from './metadata.ts';
import type { Recording } from './recording.ts';
import type { RecordingOrder } from './recording-order.ts';

/** One file of a recording, with its metadata, wherever both are going to be. */
export interface MadeFile {
  readonly chunk: Chunk;
  readonly documentId: string;
  /** The media, made when asked for. */
  readonly content: () => Promise<Content>;
  readonly metadata: Uint8Array;
}

/** The files of what was captured. */
export function makeFiles(world: AzureWorld, recording: Recording, capture: Capture): readonly MadeFile[] {
  const { behaviour, resourceId } = world;
  const { call, order } = recording;
  const plan = channelPlan(call, capture.spans, order, behaviour);
  return chunksOf(call.call, capture, longestChunk(behaviour, order.format, plan.channels.length)).map((chunk) => {
    const documentId = newDocumentId();
    const audio = new CapturedAudio(call.call, chunk.spans, plan.channels);
    const facts = {
      resourceId,
      callId: call.correlationId,
      documentId,
      chunk,
      durationMs: chunkDuration(chunk, behaviour.durations),
      order,
      channelCount: audio.channelCount,
      participants: plan.participants,
    };
    const metadata = metadataOf(facts, behaviour);
    const content = (): Promise<Content> => contentIn(order.format, audio);
    return { chunk, documentId, content, metadata: Buffer.from(JSON.stringify(metadata)) };
  });
}

/** Bytes of a file by the millisecond and channel: concept page "Call Recording overview"; of mp4, 7.5 MB a minute. */
const bytesPerMs = { wav: 32, mp3: 6, mp4: 125 } as const;

/** Longest chunk in ms: what may be captured into one, or what fills the largest file. */
function longestChunk(behaviour: AzureBehaviour, format: RecordingOrder['format'], channelCount: number): number {
  const { maxChunkMs, maxChunkBytes } = behaviour;
  return Math.min(maxChunkMs, maxChunkBytes / (bytesPerMs[format] * channelCount));
}

/** Samples encoded at a time: a second. */
const BLOCK_FRAMES = RECORDING_RATE;

/** MP4 files hold the mixed sound as Opus and a still picture as H.264; the service's own hold AAC, and who speaks. */
async function contentIn(format: RecordingOrder['format'], audio: CapturedAudio): Promise<Content> {
  if (format === 'wav') return wavContent(audio);
  if (format === 'mp3') return contentOf(await encodeMp3(blocksOf(audio), RECORDING_RATE));
  return contentOf(await encodeMp4Audio(audio.read(0, audio.frames), RECORDING_RATE, { picture: true }));
}

function* blocksOf(audio: CapturedAudio): Generator<Int16Array> {
  for (let from = 0; from < audio.frames; from += BLOCK_FRAMES) {
    yield audio.read(from, Math.min(audio.frames, from + BLOCK_FRAMES));
  }
}
