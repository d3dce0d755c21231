import type { Attendee } from '../meetings/attendee.ts';
import type { RequestInput } from '../wire/request-input.ts';
import { ServiceError } from '../wire/service-error.ts';
import type { Sink } from './sink.ts';

/** At most so many video streams are selected. The model states no limit; the one of composited tiles is taken. */
const MAX_SELECTED = 25;

export interface CaptureRequest {
  readonly sourceArn: string;
  readonly sinkArn: string;
  readonly sink: Sink;
  /** What is muxed with the mixed voices. */
  readonly mux: 'AudioOnly' | 'AudioWithActiveSpeakerVideo' | 'AudioWithCompositedVideo';
  /** Whether cameras are captured one by one. */
  readonly video: boolean;
  /** Whether shared content is. */
  readonly content: boolean;
  /** Whose camera is captured; selecting nobody selects all. */
  readonly selects: (attendee: Attendee) => boolean;
  /** Members that the API echoes: ChimeSdkMeetingConfiguration, SseAwsKeyManagementParams, SinkIamRoleArn. */
  readonly echoed: Readonly<Record<string, unknown>>;
}

interface MeetingConfiguration {
  readonly SourceConfiguration?: {
    readonly SelectedVideoStreams?: {
      readonly AttendeeIds?: readonly string[];
      readonly ExternalUserIds?: readonly string[];
    };
  };
  readonly ArtifactsConfiguration?: {
    readonly Audio: { readonly MuxType: CaptureRequest['mux'] };
    readonly Video: { readonly State: string };
    readonly Content: { readonly State: string };
  };
}

const ECHOED = ['ChimeSdkMeetingConfiguration', 'SseAwsKeyManagementParams', 'SinkIamRoleArn'];

/**
 * What CreateMediaCapturePipeline asks for, beyond what the table of the operation checks.
 * @throws ServiceError `BadRequest`
 */
export function readCaptureRequest(input: RequestInput): Omit<CaptureRequest, 'sink'> {
  const { SourceConfiguration, ArtifactsConfiguration: artifacts } = (input['ChimeSdkMeetingConfiguration'] ??
    {}) as MeetingConfiguration;
  checkEncryption(input);
  const { AttendeeIds = [], ExternalUserIds = [] } = SourceConfiguration?.SelectedVideoStreams ?? {};
  if (AttendeeIds.length > MAX_SELECTED || ExternalUserIds.length > MAX_SELECTED) {
    throw new ServiceError('BadRequest', `At most ${MAX_SELECTED} video streams can be selected.`);
  }
  const all = AttendeeIds.length + ExternalUserIds.length === 0;
  return {
    sourceArn: String(input['SourceArn']),
    sinkArn: String(input['SinkArn']),
    // Without a configuration the service captures the active speaker as well (capture-pipe-config, configure-audio).
    mux: artifacts?.Audio.MuxType ?? 'AudioWithActiveSpeakerVideo',
    video: artifacts?.Video.State === 'Enabled',
    content: artifacts?.Content.State === 'Enabled',
    selects: ({ attendeeId, externalUserId }) =>
      all || AttendeeIds.includes(attendeeId) || ExternalUserIds.includes(externalUserId),
    echoed: Object.fromEntries(ECHOED.filter((name) => name in input).map((name) => [name, input[name]])),
  };
}

function checkEncryption(input: RequestInput): void {
  const key = input['SseAwsKeyManagementParams'] as { readonly AwsKmsEncryptionContext?: string } | undefined;
  const role = input['SinkIamRoleArn'];
  if ((key === undefined) !== (role === undefined)) {
    throw new ServiceError('BadRequest', 'SseAwsKeyManagementParams and SinkIamRoleArn must be given together.');
  }
  const context = key?.AwsKmsEncryptionContext;
  if (context !== undefined && !isEncodedObject(context)) {
    throw new ServiceError('BadRequest', 'AwsKmsEncryptionContext must be a base64-encoded JSON object.');
  }
}

function isEncodedObject(base64: string): boolean {
  try {
    const value: unknown = JSON.parse(Buffer.from(base64, 'base64').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
