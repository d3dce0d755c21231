import { requestedRawId } from '../call/identifier.ts';
import { isRecord } from '../schema/shape.ts';
import { ApiError, invalid } from '../server/api-error.ts';

/** What a start asks for, defaults filled in. */
export interface RecordingOrder {
  readonly callbackUri: string | undefined;
  readonly content: 'audio' | 'audioVideo';
  readonly channels: 'mixed' | 'unmixed';
  readonly format: 'wav' | 'mp3' | 'mp4';
  /** Raw ids in the order of their channels. */
  readonly ordering: readonly string[];
  readonly affinity: readonly { readonly rawId: string; readonly channel: number | undefined }[];
  readonly pauseOnStart: boolean;
  /** Container that the files are asked to be exported to. */
  readonly containerUrl: string | undefined;
}

/**
 * The combinations that the service records (concept page "Call Recording overview"). The first one that fits what a
 * request names fills in what it leaves out; what the service itself fills in is not documented.
 */
const combinations: readonly (readonly ['audio' | 'audioVideo', 'mixed' | 'unmixed', 'wav' | 'mp3' | 'mp4'])[] = [
  ['audioVideo', 'mixed', 'mp4'],
  ['audio', 'mixed', 'wav'],
  ['audio', 'unmixed', 'wav'],
  ['audio', 'mixed', 'mp3'],
];

/** Reads a start request whose fields were checked. @throws ApiError 400/8523 for a combination that is not recorded. */
export function recordingOrder(body: Readonly<Record<string, unknown>>): RecordingOrder {
  const { recordingContentType, recordingChannelType, recordingFormatType, recordingStateCallbackUri } = body;
  const asked = [recordingContentType, recordingChannelType, recordingFormatType];
  const combination = combinations.find((legal) => legal.every((part, index) => (asked[index] ?? part) === part));
  if (!combination) {
    const names = asked.map((part) => part ?? 'unset').join(', ');
    throw invalid(`The combination of content, channel and format type (${names}) is not supported.`);
  }
  const [content, channels, format] = combination;
  const unmixed = channels === 'unmixed';
  const ordering = list(body['audioChannelParticipantOrdering']).map(rawId);
  const affinity = list(body['channelAffinity']).map(affinityOf);
  const pinned = affinity.flatMap(({ channel }) => (channel === undefined ? [] : [channel]));
  if (new Set(pinned).size < pinned.length) throw invalid('channelAffinity gives one channel to two participants.');
  if (!unmixed && ordering.length + affinity.length > 0) {
    throw invalid('Participants can be given channels in unmixed recordings only.');
  }
  if (ordering.length > 5) throw invalid('audioChannelParticipantOrdering names more than 5 participants.');
  return {
    callbackUri: typeof recordingStateCallbackUri === 'string' ? recordingStateCallbackUri : undefined,
    content,
    channels,
    format,
    ordering,
    affinity,
    pauseOnStart: body['pauseOnStart'] === true,
    containerUrl: containerUrl(body['externalStorage']),
  };
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function rawId(identifier: unknown): string {
  const id = requestedRawId(identifier);
  if (id === undefined) throw invalid('A participant without rawId and without the member of its kind.');
  return id;
}

function affinityOf(entry: unknown): { readonly rawId: string; readonly channel: number | undefined } {
  const { participant, channel } = isRecord(entry) ? entry : {};
  return { rawId: rawId(participant), channel: typeof channel === 'number' ? channel : undefined };
}

function containerUrl(storage: unknown): string | undefined {
  if (!isRecord(storage) || storage['recordingStorageKind'] !== 'azureBlobStorage') return undefined;
  const url = storage['recordingDestinationContainerUrl'];
  if (typeof url !== 'string' || !URL.canParse(url)) {
    throw new ApiError(400, '8523', 'recordingDestinationContainerUrl must be the URL of a container.');
  }
  return url;
}
