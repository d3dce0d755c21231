import type {
  CreateMediaLiveConnectorPipelineCommandInput,
  CreateMediaStreamPipelineCommandInput,
} from '@aws-sdk/client-chime-sdk-media-pipelines';
import { derivedId, type PartTarget, reveal } from '@onrecord/core';
import { tagList } from '../capture/tags.ts';
import type { LiveConfig } from './side-config.ts';
import type { SideKind, StreamPlan } from './side-plan.ts';

/** The same token at every repetition of the same start, in any process, and another one for each kind. */
export function sideToken(startToken: string, kind: SideKind): string {
  return derivedId('side', kind, startToken);
}

/** Source, picture, address and sound: all of it always sent, for the documented defaults contradict each other. */
export function liveRequest(
  part: Pick<PartTarget, 'sessionId'>,
  meetingArn: string,
  token: string,
  output: LiveConfig,
): CreateMediaLiveConnectorPipelineCommandInput {
  const composited = output.mux === 'composited';
  return {
    Sources: [
      {
        SourceType: 'ChimeSdkMeeting',
        ChimeSdkMeetingLiveConnectorConfiguration: {
          Arn: meetingArn,
          MuxType: composited ? 'AudioWithCompositedVideo' : 'AudioWithActiveSpeakerVideo',
          ...(composited
            ? {
                CompositedVideo: {
                  Layout: 'GridView',
                  Resolution: 'HD',
                  GridViewConfiguration: { ContentShareLayout: 'PresenterOnly' },
                  ...output.compositedVideo,
                },
              }
            : {}),
        },
      },
    ],
    Sinks: [
      {
        SinkType: 'RTMP',
        RTMPConfiguration: {
          Url: reveal(output.url),
          AudioChannels: output.channels === 1 ? 'Mono' : 'Stereo',
          AudioSampleRate: String(output.sampleRateHz),
        },
      },
    ],
    ClientRequestToken: token,
    Tags: tagList(part.sessionId, {}),
  };
}

/** Into pools by ARN; they must be in the control region of the request. */
export function streamRequest(
  part: Pick<PartTarget, 'sessionId'>,
  meetingArn: string,
  token: string,
  streams: readonly (Pick<StreamPlan, 'type' | 'capacity'> & { readonly poolArn: string })[],
): CreateMediaStreamPipelineCommandInput {
  return {
    Sources: [{ SourceType: 'ChimeSdkMeeting', SourceArn: meetingArn }],
    Sinks: streams.map(({ poolArn, type, capacity }) => ({
      SinkArn: poolArn,
      SinkType: 'KinesisVideoStreamPool',
      ReservedStreamCapacity: capacity,
      MediaStreamType: type === 'mixed' ? 'MixedAudio' : 'IndividualAudio',
    })),
    ClientRequestToken: token,
    Tags: tagList(part.sessionId, {}),
  };
}
