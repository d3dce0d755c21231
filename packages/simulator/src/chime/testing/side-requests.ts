import {
  CreateMediaLiveConnectorPipelineCommand,
  type CreateMediaLiveConnectorPipelineCommandInput,
  CreateMediaPipelineKinesisVideoStreamPoolCommand,
  CreateMediaStreamPipelineCommand,
  type CreateMediaStreamPipelineCommandInput,
  type KinesisVideoStreamPoolConfiguration,
  type MediaLiveConnectorPipeline,
  type MediaStreamPipeline,
  type MediaStreamSink,
} from '@aws-sdk/client-chime-sdk-media-pipelines';
import type { MeetingScene } from './meeting-scene.ts';

export const RTMP_URL = 'rtmps://live.example:443/app/stream-key';

export function liveInput({ meeting }: MeetingScene, rtmp: object = {}): CreateMediaLiveConnectorPipelineCommandInput {
  return {
    Sources: [
      {
        SourceType: 'ChimeSdkMeeting',
        ChimeSdkMeetingLiveConnectorConfiguration: {
          Arn: `arn:aws:chime::111122223333:meeting:${meeting.meetingId}`,
          MuxType: 'AudioWithActiveSpeakerVideo',
        },
      },
    ],
    Sinks: [
      {
        SinkType: 'RTMP',
        RTMPConfiguration: { Url: RTMP_URL, AudioChannels: 'Stereo', AudioSampleRate: '44100', ...rtmp },
      },
    ],
  };
}

export async function goLive(
  scene: MeetingScene,
  more: Partial<CreateMediaLiveConnectorPipelineCommandInput> = {},
): Promise<MediaLiveConnectorPipeline> {
  const { pipelines } = scene.clients;
  const sent = await pipelines.send(new CreateMediaLiveConnectorPipelineCommand({ ...liveInput(scene), ...more }));
  return sent.MediaLiveConnectorPipeline!;
}

/** A pool that is ACTIVE when this resolves, unless the clock stands still for it. */
export async function createPool(
  scene: MeetingScene,
  PoolName: string = 'calls',
  more: { readonly retentionHours?: number; readonly waitMs?: number } = {},
): Promise<KinesisVideoStreamPoolConfiguration> {
  const { retentionHours = 24, waitMs = 5_000 } = more;
  const sent = await scene.clients.pipelines.send(
    new CreateMediaPipelineKinesisVideoStreamPoolCommand({
      PoolName,
      StreamConfiguration: { Region: 'eu-central-1', DataRetentionInHours: retentionHours },
    }),
  );
  await scene.clock.advance(waitMs);
  return sent.KinesisVideoStreamPoolConfiguration!;
}

export function sinkOf(
  { PoolArn }: KinesisVideoStreamPoolConfiguration,
  MediaStreamType: 'MixedAudio' | 'IndividualAudio',
  ReservedStreamCapacity: number = 1,
): MediaStreamSink {
  return { SinkArn: PoolArn, SinkType: 'KinesisVideoStreamPool', ReservedStreamCapacity, MediaStreamType };
}

export async function stream(
  scene: MeetingScene,
  Sinks: MediaStreamSink[],
  more: Partial<CreateMediaStreamPipelineCommandInput> = {},
): Promise<MediaStreamPipeline> {
  const SourceArn = `arn:aws:chime::111122223333:meeting:${scene.meeting.meetingId}`;
  const Sources = [{ SourceType: 'ChimeSdkMeeting', SourceArn } as const];
  const sent = await scene.clients.pipelines.send(new CreateMediaStreamPipelineCommand({ Sources, Sinks, ...more }));
  return sent.MediaStreamPipeline!;
}
