import type { Operation } from '../operation.ts';
import { list, oneOf, required, structure, text } from '../shape.ts';
import { arn, clientRequestToken, externalId, GUID_PATTERN, mediaErrors, mediaTags } from './common.ts';
import { compositedVideo } from './composited-video.ts';

export const createMediaLiveConnectorPipeline: Operation = {
  service: 'media-pipelines',
  name: 'CreateMediaLiveConnectorPipeline',
  method: 'POST',
  path: '/sdk-media-live-connector-pipelines',
  status: 201,
  input: structure({
    Sources: required(
      list(
        structure({
          SourceType: required(oneOf('ChimeSdkMeeting')),
          ChimeSdkMeetingLiveConnectorConfiguration: required(
            structure({
              Arn: required(arn),
              MuxType: required(oneOf('AudioWithCompositedVideo', 'AudioWithActiveSpeakerVideo')),
              CompositedVideo: compositedVideo,
              SourceConfiguration: structure({
                SelectedVideoStreams: structure({
                  AttendeeIds: list(text({ min: 36, max: 36, pattern: GUID_PATTERN }), { min: 1 }),
                  ExternalUserIds: list(externalId, { min: 1 }),
                }),
              }),
            }),
          ),
        }),
        { min: 1, max: 1 },
      ),
    ),
    Sinks: required(
      list(
        structure({
          SinkType: required(oneOf('RTMP')),
          RTMPConfiguration: required(
            structure({
              Url: required(text({ min: 1, max: 1024 })),
              AudioChannels: oneOf('Stereo', 'Mono'),
              AudioSampleRate: text({ pattern: '^44100|48000$' }),
            }),
          ),
        }),
        { min: 1, max: 1 },
      ),
    ),
    ClientRequestToken: clientRequestToken,
    Tags: mediaTags,
  }),
  errors: ['ResourceLimitExceeded', ...mediaErrors],
};
