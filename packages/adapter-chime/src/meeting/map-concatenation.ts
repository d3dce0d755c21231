import type { CreateMediaConcatenationPipelineCommandInput } from '@aws-sdk/client-chime-sdk-media-pipelines';
import type { MediaExpectation, PartTarget, Track } from '@onrecord/core';
import type { ChimeMeetingConfig, MeetingVideo } from './config.ts';
import { partPrefix } from './map-capture.ts';

const state = (on: boolean) => ({ State: on ? 'Enabled' : 'Disabled' }) as const;

/**
 * Joins the chunks of one capture pipeline into one file. All seven settings are required, whatever was captured; the
 * source may be at most 30 days old.
 */
export function concatenationRequest(
  part: PartTarget,
  source: { readonly pipelineArn: string; readonly video: MeetingVideo | undefined; readonly token: string },
  config: ChimeMeetingConfig,
): CreateMediaConcatenationPipelineCommandInput {
  return {
    Sources: [
      {
        Type: 'MediaCapturePipeline',
        MediaCapturePipelineSourceConfiguration: {
          MediaPipelineArn: source.pipelineArn,
          ChimeSdkMeetingConfiguration: {
            ArtifactsConfiguration: {
              Audio: { State: 'Enabled' },
              Video: state(false),
              Content: state(false),
              DataChannel: state(false),
              TranscriptionMessages: state(false),
              MeetingEvents: state(false),
              CompositedVideo: state(source.video === 'composited'),
            },
          },
        },
      },
    ],
    Sinks: [
      {
        Type: 'S3Bucket',
        S3BucketSinkConfiguration: { Destination: `arn:aws:s3:::${config.bucket}/${destination(part, config)}` },
      },
    ],
    ClientRequestToken: source.token,
    Tags: [{ Key: 'onrecord:session', Value: part.sessionId }],
  };
}

/** Beside the chunks, so that one prefix holds everything of a part. */
function destination(part: PartTarget, config: ChimeMeetingConfig): string {
  return `${partPrefix(config, part)}/concat`;
}

/** The file that a concatenation leaves behind. With composited video the voices are in that file as well. */
export function concatenated(
  part: PartTarget,
  concatenationId: string,
  video: MeetingVideo | undefined,
  config: ChimeMeetingConfig,
): MediaExpectation {
  const artifact = video === 'composited' ? 'composited-video' : 'audio';
  const everyone: Track = { from: 'everyone', relativeTo: part.call.key, offsetMs: 0, prompts: 'unknown' };
  return {
    uri: `s3://${config.bucket}/${destination(part, config)}/${artifact}/${concatenationId}.mp4`,
    role: 'master',
    container: 'mp4',
    tracks: [everyone],
  };
}
