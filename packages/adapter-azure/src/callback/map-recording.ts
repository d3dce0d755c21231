import { type Report, timestamp } from '@onrecord/core';
import { adviceOn } from '../advice.ts';
import type { Told } from '../batch.ts';
import { callFact } from '../event-grid/call-match.ts';
import { handleOf } from '../handle.ts';
import { type Incoming, objectAt, textAt, timeOf } from '../json-reader.ts';
import { callbackClock, seenIn } from '../map-state.ts';
import { idAt } from '../message.ts';
import { recordingKey } from '../provider-keys.ts';
import type { CallbackClaims } from './callback-url.ts';
import { recordingIdIn } from './event-ids.ts';
import { eventIdOf, malformed } from './malformed.ts';
import { resultIn } from './result-information.ts';

/** What is known beside the event itself. */
export interface RecordingSetting {
  readonly claims: CallbackClaims;
  readonly nowMs: number;
}

/**
 * A word that nobody knows proves nothing, and neither does `inactive` of a recording that is not named, since the
 * service cannot be asked by its id whether it means a pause or the end: the recorder asks at once.
 */
export function stateChanged(event: Incoming, setting: RecordingSetting): Told {
  const recordingId = recordingIdIn(event);
  const seen = seenIn(textAt(objectAt(event, 'data'), 'state'));
  const open = seen.capturing === undefined || (seen.capturing === false && recordingId === undefined);
  const told = pushed(event, setting, recordingId);
  const report: Report = {
    ...told,
    ...(open ? { clock: { domain: 'none' } } : {}),
    seen: { ...seen, ...identity(recordingId), ...callFact(idAt(objectAt(event, 'data'), 'serverCallId')) },
    cause: { unattributed: true },
  };
  const { correlation } = setting.claims;
  return { reports: [report], ...(open && correlation ? { ask: [correlation] } : {}) };
}

/** Follows a start that was answered 202: nothing is recorded, and nothing will be. */
export function startFailed(event: Incoming, setting: RecordingSetting): Told {
  const recordingId = recordingIdIn(event);
  const { commandId } = setting.claims;
  const result = resultIn(objectAt(event, 'data'), 'Azure refused the start');
  const judged = adviceOn(result);
  const report: Report = {
    ...pushed(event, setting, recordingId),
    seen: {
      capturing: false,
      ended: true,
      endReason: judged.code === 'permission-denied' ? 'permission-denied' : 'never-started',
      refused: { code: judged.code, message: judged.text },
      ...identity(recordingId),
    },
    cause: commandId === undefined ? { unattributed: true } : { commandId },
  };
  return { reports: [report] };
}

function pushed(event: Incoming, { claims, nowMs }: RecordingSetting, recordingId: string | undefined) {
  const { correlation } = claims;
  if (correlation === undefined && recordingId === undefined) {
    throw malformed(event, 'neither the URL nor the data names a recording');
  }
  const at = timeOf(textAt(event, 'time'));
  return {
    reportId: `azure/${eventIdOf(event)}`,
    subject: correlation === undefined ? { providerKey: recordingKey(recordingId ?? '') } : { correlation },
    clock: at === undefined ? ({ domain: 'none' } as const) : ({ domain: callbackClock, at } as const),
    via: 'push' as const,
    receivedAt: timestamp(nowMs),
  };
}

function identity(recordingId: string | undefined) {
  return recordingId === undefined ? {} : { handle: handleOf(recordingId), providerKeys: [recordingKey(recordingId)] };
}
