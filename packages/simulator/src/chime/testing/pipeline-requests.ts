import {
  CreateMediaCapturePipelineCommand,
  type CreateMediaCapturePipelineCommandInput,
  CreateMediaConcatenationPipelineCommand,
  DeleteMediaCapturePipelineCommand,
  GetMediaPipelineCommand,
  type MediaCapturePipeline,
  type MediaConcatenationPipeline,
} from '@aws-sdk/client-chime-sdk-media-pipelines';
import type { MeetingScene } from './meeting-scene.ts';

export const DISABLED = { State: 'Disabled' } as const;

/** A request to capture the scene's meeting into `captures`. */
export function captureInput(
  { meeting }: MeetingScene,
  more: Partial<CreateMediaCapturePipelineCommandInput> = {},
): CreateMediaCapturePipelineCommandInput {
  return {
    SourceType: 'ChimeSdkMeeting',
    SourceArn: `arn:aws:chime::111122223333:meeting:${meeting.meetingId}`,
    SinkType: 'S3Bucket',
    SinkArn: 'arn:aws:s3:::captures/session-1/1',
    ChimeSdkMeetingConfiguration: {
      ArtifactsConfiguration: { Audio: { MuxType: 'AudioOnly' }, Video: DISABLED, Content: DISABLED },
    },
    ...more,
  };
}

/** The settings of a capture with that kind of picture. */
export function withVideo(
  MuxType: 'AudioWithActiveSpeakerVideo' | 'AudioWithCompositedVideo',
): Partial<CreateMediaCapturePipelineCommandInput> {
  return {
    ChimeSdkMeetingConfiguration: {
      ArtifactsConfiguration: { Audio: { MuxType }, Video: DISABLED, Content: DISABLED },
    },
  };
}

export async function capture(
  scene: MeetingScene,
  more: Partial<CreateMediaCapturePipelineCommandInput> = {},
): Promise<MediaCapturePipeline> {
  const sent = await scene.clients.pipelines.send(new CreateMediaCapturePipelineCommand(captureInput(scene, more)));
  return sent.MediaCapturePipeline!;
}

export async function concatenate(
  scene: MeetingScene,
  sourceArn: string | undefined,
  destination: string = 'arn:aws:s3:::results/session-1',
  settings: { readonly DataChannel?: { readonly State: 'Enabled' } | undefined } & {
    readonly [Name in 'Video' | 'Content' | 'TranscriptionMessages' | 'CompositedVideo']?: {
      readonly State: 'Enabled';
    };
  } = {},
): Promise<MediaConcatenationPipeline> {
  const artifacts = {
    Audio: { State: 'Enabled' },
    Video: DISABLED,
    Content: DISABLED,
    DataChannel: DISABLED,
    TranscriptionMessages: DISABLED,
    MeetingEvents: { State: 'Enabled' },
    CompositedVideo: DISABLED,
    ...settings,
  } as const;
  const sent = await scene.clients.pipelines.send(
    new CreateMediaConcatenationPipelineCommand({
      Sources: [
        {
          Type: 'MediaCapturePipeline',
          MediaCapturePipelineSourceConfiguration: {
            MediaPipelineArn: sourceArn,
            ChimeSdkMeetingConfiguration: { ArtifactsConfiguration: artifacts },
          },
        },
      ],
      Sinks: [{ Type: 'S3Bucket', S3BucketSinkConfiguration: { Destination: destination } }],
    }),
  );
  return sent.MediaConcatenationPipeline!;
}

export async function statusOf(scene: MeetingScene, MediaPipelineId: string | undefined): Promise<string | undefined> {
  const { MediaPipeline } = await scene.clients.pipelines.send(new GetMediaPipelineCommand({ MediaPipelineId }));
  return (MediaPipeline?.MediaCapturePipeline ?? MediaPipeline?.MediaConcatenationPipeline)?.Status;
}

export async function stopCapture(scene: MeetingScene, MediaPipelineId: string | undefined): Promise<void> {
  await scene.clients.pipelines.send(new DeleteMediaCapturePipelineCommand({ MediaPipelineId }));
}

export function keysOf(scene: MeetingScene, bucket: string): readonly string[] {
  return scene.s3.list(bucket).map(({ key }) => key);
}
