import type {
  ArtifactsConcatenationConfiguration,
  ArtifactsConfiguration,
} from '@aws-sdk/client-chime-sdk-media-pipelines';
import type { CaptureStream } from '../chunks/chunk-key.ts';

/** What is known of the capture whose chunks are to be joined. */
export interface CapturedArtifacts {
  /** As the capture was asked for. */
  readonly asked: Partial<ArtifactsConfiguration> | undefined;
  /** Streams of which there are chunks; undefined when the bucket could not be listed. */
  readonly present: ReadonlySet<CaptureStream> | undefined;
  /** Whether messages and transcripts are wanted. */
  readonly messages: boolean;
}

/**
 * The seven settings of a concatenation, all of which are required. Joined is what was captured: cameras, shares and the
 * grid where the capture was asked for them, texts where there are any. Without a listing only what is always captured is.
 *
 * @see {@link https://docs.aws.amazon.com/chime-sdk/latest/APIReference/API_media-pipelines-chime_ArtifactsConcatenationConfiguration.html}
 */
export function concatenationSettings({
  asked,
  present,
  messages,
}: CapturedArtifacts): ArtifactsConcatenationConfiguration {
  const captured = (stream: CaptureStream, wanted: boolean) => state(wanted && (present?.has(stream) ?? true));
  const text = (stream: CaptureStream) => state(messages && (present?.has(stream) ?? false));
  return {
    Audio: { State: 'Enabled' },
    Video: captured('video', asked?.Video?.State === 'Enabled'),
    Content: captured('content', asked?.Content?.State === 'Enabled'),
    CompositedVideo: captured('composited-video', asked?.CompositedVideo !== undefined),
    MeetingEvents: captured('meeting-events', true),
    DataChannel: text('data-channel'),
    TranscriptionMessages: text('transcription-messages'),
  };
}

const state = (on: boolean) => ({ State: on ? 'Enabled' : 'Disabled' }) as const;
