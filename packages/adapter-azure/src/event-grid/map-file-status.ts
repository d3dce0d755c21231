import { type EndReason, OnRecordError, type Report, timestamp } from '@onrecord/core';
import { azureCapabilities } from '../capabilities.ts';
import { type FileFact, factsOf } from '../file-facts.ts';
import { handleOf } from '../handle.ts';
import { amountAt, type Incoming, objectAt, objectsAt, textAt, timeOf } from '../json-reader.ts';
import { idAt } from '../message.ts';
import { callKey, recordingKey } from '../provider-keys.ts';
import { callSubject, spanFacts } from './call-match.ts';
import { keyOf, placesOf, type ToldFile } from './file-places.ts';
import { readFileSubject } from './file-subject.ts';
import { sightingsOf } from './sightings.ts';

/** What is known beside the event itself. */
export interface FileSetting {
  readonly nowMs: number;
  /** Where recordings are asked to be written to. */
  readonly container: URL | undefined;
}

/**
 * The report of `Microsoft.Communication.RecordingFileStatusUpdated`: a recording is over and these are its files. The
 * event is the only way to learn their addresses. One event holds all chunks; several events about one recording add up.
 * An address that may not be followed is the anomaly `invalid-answer`, and keeps none of the others.
 *
 * @throws OnRecordError `invalid-request` when it names no recording, or no file of it.
 */
export function fileStatusReport(event: Incoming, setting: FileSetting): Report {
  const { nowMs, container } = setting;
  const data = objectAt(event, 'data');
  const at = timeOf(textAt(event, 'eventTime') ?? textAt(event, 'time'));
  // The service's clock may be ahead of ours, but its files do not live longer for that.
  const seenAtMs = Math.min(nowMs, at === undefined ? nowMs : Date.parse(at));
  const files = objectsAt(objectAt(data, 'recordingStorageInfo'), 'recordingChunks').map((file) => {
    return { file, places: placesOf(file, container) };
  });
  const media = files.flatMap((file) => sightingsOf(file, { data, count: files.length, seenAtMs }));
  const refused = files.flatMap(({ places }) => places.refused);
  if (media.length === 0 && refused.length === 0) throw malformed('it names no file');
  const over = isOver(data, files);
  const recordingId = recordingIdIn(event);
  return {
    reportId: `azure/${eventId(event)}`,
    subject: subjectOf(event) ?? unnamed(),
    seen: {
      ...(over ? { capturing: false, ended: true, ...endReasonOf(data) } : {}),
      ...(media.length > 0 ? { media } : {}),
      ...(recordingId === undefined ? {} : { handle: handleOf(recordingId) }),
      facts: {
        ...factsOf(inTime(files, nowMs - seenAtMs).flatMap(factOf), isLast(files, over)),
        ...(recordingId === undefined ? spanFacts(event) : {}),
      },
      ...(refused.length > 0 ? { anomaly: { code: 'invalid-answer', message: refusal(refused, container) } } : {}),
    },
    cause: { unattributed: true },
    clock: at === undefined ? { domain: 'none' } : { domain: 'provider:azure-event-grid', at },
    via: 'push',
    receivedAt: timestamp(nowMs),
  };
}

/** Whose recording the event is about. Without a recording's id it is kept under its call until its time tells (`isAbout`). */
export function subjectOf(event: Incoming): Report['subject'] | undefined {
  const recordingId = recordingIdIn(event);
  if (recordingId !== undefined) return { providerKey: recordingKey(recordingId) };
  const { serverCallId, callId } = readFileSubject(idAt(event, 'subject'));
  if (serverCallId !== undefined) return callSubject(serverCallId, event);
  return callId === undefined ? undefined : { providerKey: callKey('call', callId) };
}

/** It stands in the data today; in older events only in the subject, if at all. */
function recordingIdIn(event: Incoming): string | undefined {
  return idAt(objectAt(event, 'data'), 'recordingId') ?? readFileSubject(idAt(event, 'subject')).recordingId;
}

/** Those that can still be there: of a file that the service has deleted there is nothing to be read. */
function inTime(files: readonly ToldFile[], ageMs: number): readonly ToldFile[] {
  return files.filter(({ places }) => ageMs < azureCapabilities.hostedForMs || places.content?.hosted === false);
}

function factOf({ file, places: { content, metadata } }: ToldFile): readonly FileFact[] {
  return content && metadata
    ? [{ key: keyOf(file, content), content: content.uri, metadata: metadata.uri, index: amountAt(file, 'index') }]
    : [];
}

/** Whether the event says that the recording is over: a chunk that is full is followed by another one. */
function isOver(data: Incoming, files: readonly ToldFile[]): boolean {
  return files.some(endsSession) || textAt(data, 'sessionEndReason') !== undefined;
}

/** Whether no file can follow these. Where each has an event of its own, all of them say that the session ended. */
function isLast(files: readonly ToldFile[], over: boolean): boolean {
  return files.some(endsSession) || (over && files.every(({ file }) => textAt(file, 'endReason') === undefined));
}

function endsSession({ file }: ToldFile): boolean {
  return textAt(file, 'endReason')?.toLowerCase() === 'sessionended';
}

/** The set of reasons is open; this one has a name of ours. */
function endReasonOf(data: Incoming): { readonly endReason?: EndReason } {
  return textAt(data, 'sessionEndReason')?.toLowerCase() === 'callended' ? { endReason: 'call-ended' } : {};
}

const mostQuoted = 3;

function refusal(refused: readonly string[], container: URL | undefined): string {
  const quoted = refused.slice(0, mostQuoted).join(', ');
  const rest = refused.length > mostQuoted ? ` and ${refused.length - mostQuoted} more` : '';
  const where = container
    ? 'neither to a storage host of Azure nor below recordingStorage'
    : 'to no storage host of Azure';
  return `A file event has addresses that are not followed, because they lead ${where}: ${quoted}${rest}.`;
}

function eventId(event: Incoming): string {
  const id = idAt(event, 'id');
  if (id === undefined) throw malformed('it has no id that can be kept');
  return id;
}

function unnamed(): never {
  throw malformed('neither its data nor its subject names a recording');
}

function malformed(what: string): OnRecordError {
  return new OnRecordError('invalid-request', `A RecordingFileStatusUpdated event is malformed: ${what}.`, {
    blame: 'provider',
  });
}
