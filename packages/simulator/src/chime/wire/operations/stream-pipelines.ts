import type { Operation } from '../operation.ts';
import { integer, list, oneOf, required, structure } from '../shape.ts';
import { arn, clientRequestToken, mediaErrors, mediaTags } from './common.ts';

export const createMediaStreamPipeline: Operation = {
  service: 'media-pipelines',
  name: 'CreateMediaStreamPipeline',
  method: 'POST',
  path: '/sdk-media-stream-pipelines',
  status: 201,
  input: structure({
    Sources: required(
      list(structure({ SourceType: required(oneOf('ChimeSdkMeeting')), SourceArn: required(arn) }), { min: 1 }),
    ),
    Sinks: required(
      list(
        structure({
          SinkArn: required(arn),
          SinkType: required(oneOf('KinesisVideoStreamPool')),
          ReservedStreamCapacity: required(integer({ min: 1, max: 10 })),
          MediaStreamType: required(oneOf('MixedAudio', 'IndividualAudio')),
        }),
        { min: 1, max: 2 },
      ),
    ),
    ClientRequestToken: clientRequestToken,
    Tags: mediaTags,
  }),
  errors: ['NotFound', 'ResourceLimitExceeded', ...mediaErrors],
};
