import type { AzureBehaviour } from '../behaviour.ts';
import { utcTime } from '../events/wire-time.ts';
import type { Capture } from './capture.ts';
import { type Chunk, chunkDuration } from './chunk.ts';
import type { Recording } from './recording.ts';

/** Where one file of a recording is, as its event tells. */
export interface FileLocations {
  readonly documentId: string;
  readonly index: number;
  readonly endReason: Chunk['endReason'];
  readonly contentLocation: string;
  readonly metadataLocation: string;
  /** Of a file in the customer's own container, it may be absent. */
  readonly deleteLocation?: string;
}

export interface FileEventFacts {
  readonly recording: Recording;
  readonly captures: readonly Capture[];
  readonly chunks: readonly Chunk[];
  readonly locations: readonly FileLocations[];
  readonly storageType: string;
}

/** `data` of the events that announce the files of a recording: one for all of them, or one for each. */
export function fileEvents(
  facts: FileEventFacts,
  behaviour: AzureBehaviour,
): readonly Readonly<Record<string, unknown>>[] {
  const { recording, captures, chunks, locations, storageType } = facts;
  const { order } = recording;
  const kinds = {
    recordingContentType: capitalised(order.content),
    recordingChannelType: capitalised(order.channels),
    recordingFormatType: capitalised(order.format),
    recordingId: recording.id,
    storageType,
  };
  const data = {
    recordingStartTime: utcTime(captures[0]?.startedAt ?? 0),
    recordingDurationMs: Math.round(chunks.reduce((sum, chunk) => sum + chunkDuration(chunk, behaviour.durations), 0)),
    ...(behaviour.fileEventFields === 'current' && kinds),
    sessionEndReason: captures.at(-1)?.endReason,
  };
  const ordered = behaviour.fileOrder === 'ascending' ? locations : locations.toReversed();
  const events = behaviour.fileEvents === 'one' ? [ordered] : ordered.map((location) => [location]);
  return events.map((recordingChunks) => ({ recordingStorageInfo: { recordingChunks }, ...data }));
}

/** The subject of those events: the only place where the call's id stands. */
export function fileEventSubject({ call, id }: Recording, form: AzureBehaviour['subject']): string {
  const base = `/recording/call/${call.correlationId}`;
  switch (form) {
    case 'call':
      return base;
    case 'recording':
      return `${base}/recordingId/${id}`;
    case 'server-call':
      return `${base}/serverCallId/${call.serverCallId}`;
    case 'server-call-and-recording':
      return `${base}/serverCallId/${call.serverCallId}/recordingId/${id}`;
  }
}

/** Event Grid spells the values of the API with a capital letter. */
function capitalised(value: string): string {
  return value.charAt(0).toUpperCase() + value.slice(1);
}
