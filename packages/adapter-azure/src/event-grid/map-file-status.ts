import { type EndReason, type MediaSighting, OnRecordError, type Report, timestamp } from '@onrecord/core';
import { azureCapabilities } from '../capabilities.ts';
import { type FileFact, factsOf } from '../file-facts.ts';
import { handleOf } from '../handle.ts';
import { amountAt, type Incoming, objectAt, objectsAt, textAt, timeOf } from '../json-reader.ts';
import { callKey, recordingKey } from '../provider-keys.ts';
import { readFileSubject } from './file-subject.ts';

const containers = { wav: 'audio/wav', mp3: 'audio/mpeg', mp4: 'video/mp4' } as const;

/**
 * The report of `Microsoft.Communication.RecordingFileStatusUpdated`: a recording is over and these are its files. The
 * event is the only way to learn their addresses. One event holds all chunks; several events about one recording add up.
 *
 * @throws OnRecordError `invalid-request` when it names no recording, or no file of it.
 */
export function fileStatusReport(event: Incoming, nowMs: number): Report {
  const data = objectAt(event, 'data');
  const at = timeOf(textAt(event, 'eventTime') ?? textAt(event, 'time'));
  const files = objectsAt(objectAt(data, 'recordingStorageInfo'), 'recordingChunks');
  const media = files.flatMap((file) => sightingsOf(file, data, files.length, Date.parse(at ?? timestamp(nowMs))));
  if (media.length === 0) throw malformed('it names no file');
  const over = isOver(data, files);
  const recordingId = textAt(data, 'recordingId') ?? readFileSubject(textAt(event, 'subject')).recordingId;
  return {
    reportId: `azure/${eventId(event)}`,
    subject: { providerKey: keyOf(event, recordingId) },
    seen: {
      ...(over ? { capturing: false, ended: true, ...endReasonOf(data) } : {}),
      media,
      ...(recordingId === undefined ? {} : { handle: handleOf(recordingId) }),
      facts: factsOf(files.flatMap(factOf), over),
    },
    cause: { unattributed: true },
    clock: at === undefined ? { domain: 'none' } : { domain: 'provider:azure-event-grid', at },
    via: 'push',
    receivedAt: timestamp(nowMs),
  };
}

function factOf(file: Incoming): readonly FileFact[] {
  const content = textAt(file, 'contentLocation');
  const metadata = textAt(file, 'metadataLocation');
  return content && metadata ? [{ key: documentIdOf(file, content), content, metadata }] : [];
}

function sightingsOf(file: Incoming, data: Incoming, count: number, seenAtMs: number): readonly MediaSighting[] {
  const uri = textAt(file, 'contentLocation');
  if (uri === undefined) return [];
  const key = documentIdOf(file, uri);
  const index = amountAt(file, 'index');
  const durationMs = count === 1 ? amountAt(data, 'recordingDurationMs') : undefined;
  const deleteLocation = textAt(file, 'deleteLocation');
  const metadata = textAt(file, 'metadataLocation');
  const common = {
    ...(index === undefined ? {} : { index }),
    expiresAt: timestamp(seenAtMs + azureCapabilities.hostedForMs),
  };
  return [
    {
      key,
      uri,
      role: 'master',
      ...formatOf(data),
      ...(durationMs === undefined ? {} : { durationMs }),
      ...(deleteLocation === undefined ? {} : { access: { deleteLocation } }),
      ...common,
    },
    ...(metadata === undefined
      ? []
      : [
          {
            key: `${key}/metadata`,
            uri: metadata,
            role: 'metadata' as const,
            mediaType: 'application/json',
            ...common,
          },
        ]),
  ];
}

function documentIdOf(file: Incoming, contentLocation: string): string {
  return textAt(file, 'documentId') ?? contentLocation;
}

/** Written `Wav` here and `wav` elsewhere; absent from older events. */
function formatOf(data: Incoming): Pick<MediaSighting, 'container' | 'mediaType'> {
  const word = textAt(data, 'recordingFormatType')?.toLowerCase() ?? '';
  if (!Object.hasOwn(containers, word)) return {};
  const container = word as keyof typeof containers;
  return { container, mediaType: containers[container] };
}

/** Whether the event says that the recording is over: a chunk that is full is followed by another one. */
function isOver(data: Incoming, files: readonly Incoming[]): boolean {
  const ended = files.some((file) => textAt(file, 'endReason')?.toLowerCase() === 'sessionended');
  return ended || textAt(data, 'sessionEndReason') !== undefined;
}

/** The set of reasons is open; this one has a name of ours. */
function endReasonOf(data: Incoming): { readonly endReason?: EndReason } {
  return textAt(data, 'sessionEndReason')?.toLowerCase() === 'callended' ? { endReason: 'call-ended' } : {};
}

function keyOf(event: Incoming, recordingId: string | undefined): string {
  if (recordingId !== undefined) return recordingKey(recordingId);
  const { serverCallId, callId } = readFileSubject(textAt(event, 'subject'));
  if (serverCallId !== undefined) return callKey('server-call', serverCallId);
  if (callId !== undefined) return callKey('call', callId);
  throw malformed('neither its data nor its subject names a recording');
}

function eventId(event: Incoming): string {
  const id = textAt(event, 'id');
  if (id === undefined) throw malformed('it has no id');
  return id;
}

function malformed(what: string): OnRecordError {
  return new OnRecordError('invalid-request', `A RecordingFileStatusUpdated event is malformed: ${what}.`, {
    blame: 'provider',
  });
}
