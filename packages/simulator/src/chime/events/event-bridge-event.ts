import { randomUUID } from 'node:crypto';

/** The envelope of every EventBridge event. */
export interface EventBridgeEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  /** RFC 3339 in whole seconds. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface EventOrigin {
  readonly account: string;
  readonly region: string;
  /** Epoch ms. */
  readonly at: number;
}

function envelope(
  origin: EventOrigin,
  source: string,
  detailType: string,
  resources: readonly string[],
  detail: Readonly<Record<string, unknown>>,
): EventBridgeEvent {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': detailType,
    source,
    account: origin.account,
    time: new Date(origin.at).toISOString().replace(/\.\d{3}Z$/, 'Z'),
    region: origin.region,
    resources,
    detail,
  };
}

export interface MeetingSubject {
  readonly meetingId: string;
  readonly externalMeetingId: string;
  readonly mediaRegion: string;
}

/** `Chime Media Pipeline State Change`: neither the type of the pipeline nor a reason is in it. */
export function pipelineEvent(
  origin: EventOrigin,
  eventType: string,
  meeting: MeetingSubject,
  mediaPipelineId: string,
): EventBridgeEvent {
  return envelope(origin, 'aws.chime', 'Chime Media Pipeline State Change', [], {
    version: '0',
    eventType: `chime:${eventType}`,
    timestamp: origin.at,
    meetingId: meeting.meetingId,
    externalMeetingId: meeting.externalMeetingId,
    mediaPipelineId,
    mediaRegion: meeting.mediaRegion,
  });
}

/** `Chime Media Pipeline State Change` of a Kinesis video stream: unlike the others it has no `version` in its detail. */
export function streamEvent(
  origin: EventOrigin,
  eventType: string,
  meeting: MeetingSubject,
  mediaPipelineId: string,
  stream: Readonly<Record<string, string | undefined>>,
): EventBridgeEvent {
  return envelope(origin, 'aws.chime', 'Chime Media Pipeline State Change', [], {
    eventType: `chime:${eventType}`,
    timestamp: origin.at,
    meetingId: meeting.meetingId,
    externalMeetingId: meeting.externalMeetingId,
    mediaPipelineId,
    mediaRegion: meeting.mediaRegion,
    ...stream,
  });
}

/** `Chime Media Pipeline Kinesis Video Pool State Change`. */
export function poolEvent(
  origin: EventOrigin,
  change: 'Active' | 'Updated' | 'Deleted' | 'TemporaryFailure' | 'PermanentFailure',
  pool: { readonly arn: string; readonly region: string },
): EventBridgeEvent {
  return envelope(origin, 'aws.chime', 'Chime Media Pipeline Kinesis Video Pool State Change', [], {
    eventType: `chime:MediaPipelineKinesisVideoStreamPool${change}`,
    timestamp: origin.at,
    mediaRegion: pool.region,
    poolArn: pool.arn,
  });
}

/** `Chime Meeting State Change`; `extra` holds the members that only the event type has. */
export function meetingEvent(
  origin: EventOrigin,
  eventType: string,
  meeting: MeetingSubject,
  extra: Readonly<Record<string, unknown>> = {},
): EventBridgeEvent {
  return envelope(origin, 'aws.chime', 'Chime Meeting State Change', [], {
    version: '0',
    eventType: `chime:${eventType}`,
    timestamp: origin.at,
    meetingId: meeting.meetingId,
    ...extra,
    externalMeetingId: meeting.externalMeetingId,
    mediaRegion: meeting.mediaRegion,
  });
}

export interface CreatedObject {
  readonly bucket: string;
  readonly key: string;
  readonly size: number;
  readonly etag: string;
  readonly sequencer: string;
  /** `PutObject`, `CompleteMultipartUpload`, `CopyObject`. */
  readonly reason: string;
}

/** S3's `Object Created`; the key is not URL-encoded here, unlike in S3's own notifications. */
export function objectCreatedEvent(origin: EventOrigin, object: CreatedObject): EventBridgeEvent {
  return envelope(origin, 'aws.s3', 'Object Created', [`arn:aws:s3:::${object.bucket}`], {
    version: '0',
    bucket: { name: object.bucket },
    object: { key: object.key, size: object.size, etag: object.etag, sequencer: object.sequencer },
    'request-id': randomUUID().replaceAll('-', '').slice(0, 16).toUpperCase(),
    requester: origin.account,
    'source-ip-address': '127.0.0.1',
    reason: object.reason,
  });
}
