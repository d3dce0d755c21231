import type { ErrorName, Operation } from '../operation.ts';
import { integer, label, list, oneOf, query, required, structure, text } from '../shape.ts';
import { arn, clientRequestToken, externalId, GUID_PATTERN } from './common.ts';

const guid = text({ pattern: GUID_PATTERN });
const capability = required(oneOf('SendReceive', 'Send', 'Receive', 'None'));
const capabilities = structure({ Audio: capability, Video: capability, Content: capability });

const common: readonly ErrorName[] = [
  'BadRequest',
  'Forbidden',
  'ServiceFailure',
  'ServiceUnavailable',
  'Throttling',
  'Unauthorized',
];

export const createMeeting: Operation = {
  service: 'meetings',
  name: 'CreateMeeting',
  method: 'POST',
  path: '/meetings',
  status: 200,
  input: structure({
    ClientRequestToken: required(clientRequestToken),
    MediaRegion: required(text({ min: 2, max: 64 })),
    MeetingHostId: externalId,
    ExternalMeetingId: required(externalId),
    NotificationsConfiguration: structure({ LambdaFunctionArn: arn, SnsTopicArn: arn, SqsQueueArn: arn }),
    MeetingFeatures: structure({
      Audio: structure({ EchoReduction: oneOf('AVAILABLE', 'UNAVAILABLE') }),
      Video: structure({ MaxResolution: oneOf('None', 'HD', 'FHD') }),
      Content: structure({ MaxResolution: oneOf('None', 'FHD', 'UHD') }),
      Attendee: structure({ MaxCount: integer({ min: 1, max: 250 }) }),
    }),
    PrimaryMeetingId: text({ min: 2, max: 64 }),
    TenantIds: list(text({ min: 2, max: 256, pattern: '^(?!.*?(.)\\1{3})[-_!@#$a-zA-Z0-9]*$' }), { min: 1, max: 5 }),
    Tags: list(
      structure({
        Key: required(text({ min: 1, max: 128, pattern: '^[a-zA-Z+-=._:/]+$' })),
        Value: required(text({ min: 0, max: 256, pattern: '^[\\s\\w+-=\\.:/@]*$' })),
      }),
      { min: 0, max: 50 },
    ),
  }),
  errors: ['Conflict', 'LimitExceeded', ...common],
};

export const getMeeting: Operation = {
  service: 'meetings',
  name: 'GetMeeting',
  method: 'GET',
  path: '/meetings/{MeetingId}',
  status: 200,
  input: structure({ MeetingId: label(guid) }),
  errors: ['NotFound', ...common],
};

export const deleteMeeting: Operation = {
  service: 'meetings',
  name: 'DeleteMeeting',
  method: 'DELETE',
  path: '/meetings/{MeetingId}',
  status: 204,
  input: structure({ MeetingId: label(guid) }),
  errors: ['NotFound', ...common],
};

export const createAttendee: Operation = {
  service: 'meetings',
  name: 'CreateAttendee',
  method: 'POST',
  path: '/meetings/{MeetingId}/attendees',
  status: 200,
  input: structure({
    MeetingId: label(guid),
    ExternalUserId: required(externalId),
    Capabilities: capabilities,
  }),
  errors: ['LimitExceeded', 'NotFound', 'UnprocessableEntity', ...common],
};

export const listAttendees: Operation = {
  service: 'meetings',
  name: 'ListAttendees',
  method: 'GET',
  path: '/meetings/{MeetingId}/attendees',
  status: 200,
  input: structure({
    MeetingId: label(guid),
    NextToken: query('next-token', text({ min: 0, max: 4096 })),
    MaxResults: query('max-results', integer({ min: 1, max: 100 })),
  }),
  errors: ['NotFound', ...common],
};

export const deleteAttendee: Operation = {
  service: 'meetings',
  name: 'DeleteAttendee',
  method: 'DELETE',
  path: '/meetings/{MeetingId}/attendees/{AttendeeId}',
  status: 204,
  input: structure({ MeetingId: label(guid), AttendeeId: label(guid) }),
  errors: ['NotFound', ...common],
};
