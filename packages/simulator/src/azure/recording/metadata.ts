import type { AzureBehaviour } from '../behaviour.ts';
import { utcTime } from '../events/wire-time.ts';
import { RECORDING_RATE } from '../media/captured-audio.ts';
import type { RecordedParticipant } from './channel-plan.ts';
import type { Chunk } from './chunk.ts';
import type { RecordingOrder } from './recording-order.ts';

export interface MetadataFacts {
  readonly resourceId: string;
  readonly callId: string;
  readonly documentId: string;
  readonly chunk: Chunk;
  readonly durationMs: number;
  readonly order: RecordingOrder;
  readonly channelCount: number;
  readonly participants: readonly RecordedParticipant[];
}

/** Of the sound, bits a second and channel: concept page "Call Recording overview"; of mp4, recorded traffic. */
const bitRates = { wav: 256_000, mp3: 48_000, mp4: 128_000 } as const;

/**
 * The metadata file of a chunk, of the form found in recorded traffic, where the values of `contentType` and
 * `channelType` stand under each other's name.
 */
export function metadataOf(
  facts: MetadataFacts,
  { metadataTypes, metadataSampleRate, metadataVersion }: AzureBehaviour,
): Readonly<Record<string, unknown>> {
  const { chunk, order } = facts;
  const swapped = metadataTypes === 'swapped';
  return {
    ...(metadataVersion !== undefined && { version: metadataVersion }),
    resourceId: facts.resourceId,
    callId: facts.callId,
    chunkDocumentId: facts.documentId,
    chunkIndex: chunk.index,
    chunkStartTime: utcTime(chunk.startedAt),
    chunkDuration: Math.round(facts.durationMs),
    pauseResumeIntervals: chunk.pauses.map(({ from, to }) => ({ startTime: utcTime(from), duration: to - from })),
    recordingInfo: {
      contentType: swapped ? order.channels : order.content,
      channelType: swapped ? order.content : order.channels,
      format: order.format,
      audioConfiguration: {
        sampleRate: metadataSampleRate === 'string' ? String(RECORDING_RATE) : RECORDING_RATE,
        bitRate: bitRates[order.format] * facts.channelCount,
        channels: facts.channelCount,
      },
      ...(order.content === 'audioVideo' && {
        videoConfiguration: { longerSideLength: 1920, shorterSideLength: 1080, framerate: 8, bitRate: 1_000_000 },
      }),
    },
    participants: facts.participants.map(({ rawId, channel }) => ({ participantId: rawId, channel })),
  };
}
