import type { RequestInput } from '../wire/request-input.ts';
import type { ArtifactName } from './capture-pipeline.ts';

interface Source {
  readonly MediaCapturePipelineSourceConfiguration: {
    readonly MediaPipelineArn: string;
    readonly ChimeSdkMeetingConfiguration: {
      readonly ArtifactsConfiguration: Readonly<Record<string, { readonly State: string }>>;
    };
  };
}
interface Target {
  readonly S3BucketSinkConfiguration: { readonly Destination: string };
}

/** What a concatenation makes files of: an artifact of all, or the cameras or shares of each attendee. */
export type Joined = Exclude<ArtifactName, 'video'> | 'cameras' | 'shares';

/** The settings of CreateMediaConcatenationPipeline, in the order in which files are made. */
const SETTINGS: Readonly<Record<string, Joined>> = {
  Audio: 'audio',
  CompositedVideo: 'composited-video',
  Video: 'cameras',
  Content: 'shares',
  DataChannel: 'data-channel',
  MeetingEvents: 'meeting-events',
  TranscriptionMessages: 'transcription-messages',
};

/** What CreateMediaConcatenationPipeline asks for; the table of the operation has checked that all seven are there. */
export function readConcatenationRequest(input: RequestInput): {
  readonly sourceArn: string;
  readonly destination: string;
  readonly joins: readonly Joined[];
} {
  const [source] = input['Sources'] as readonly [Source];
  const [target] = input['Sinks'] as readonly [Target];
  const { MediaPipelineArn, ChimeSdkMeetingConfiguration } = source.MediaCapturePipelineSourceConfiguration;
  const states = ChimeSdkMeetingConfiguration.ArtifactsConfiguration;
  const enabled = Object.entries(SETTINGS).filter(([name]) => states[name]?.State === 'Enabled');
  return {
    sourceArn: MediaPipelineArn,
    destination: target.S3BucketSinkConfiguration.Destination,
    joins: enabled.map(([, joined]) => joined),
  };
}
