import type { Json, Parsed } from '@onrecord/core';
import { objectAt, textAt } from '../json-reader.ts';
import { parseRecordingName } from '../names/recording-name.ts';
import { fact } from '../recording/handle.ts';
import type { AriEvent } from './read-event.ts';

/** Clock of the server, which stamps its events. */
export const serverClock = 'provider:asterisk';

/**
 * What a recording event tells: when, and why it failed. Whether the part captures or is over is asked at once, because
 * one file says little of the others, and `done` is also said of files that were never written.
 */
export function mapRecording(
  { type, at, body }: AriEvent,
  folder: string,
  receivedAt: string,
): Pick<Parsed, 'reports' | 'ask'> | undefined {
  const recording = objectAt(body, 'recording');
  const name = parseRecordingName(textAt(recording, 'name') ?? '');
  if (name?.folder !== folder) return undefined;
  const { correlation, label } = name;
  const told: { [name: string]: Json } = {};
  const time = at ?? receivedAt;
  if (type === 'RecordingStarted') told[fact.started(label)] = time;
  else told[fact.finished(label)] = time;
  if (type === 'RecordingFailed') told[fact.failed(label)] = textAt(recording, 'cause') ?? 'no cause given';
  const report = {
    // The server says some events twice: the same words are one observation.
    reportId: `asterisk/${type}/${correlation}/${label}/${at ?? ''}`,
    subject: { correlation },
    seen: { facts: told },
    cause: { unattributed: true },
    clock: { domain: serverClock, ...(at === undefined ? {} : { at }) },
    via: 'push',
    receivedAt,
  } as const;
  return { reports: [report], ask: [correlation] };
}
