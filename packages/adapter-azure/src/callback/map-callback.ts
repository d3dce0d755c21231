import { type CallNotice, OnRecordError, type Report, timestamp } from '@onrecord/core';
import { azureServerCall } from '../call-ref.ts';
import { byStatus, bySubCode } from '../error-table.ts';
import { handleOf } from '../handle.ts';
import { amountAt, type Incoming, objectAt, objectsAt, textAt, timeOf } from '../json-reader.ts';
import { announcementIn } from '../map-announcement.ts';
import { callbackClock, seenIn } from '../map-state.ts';
import { recordingKey } from '../provider-keys.ts';
import { withoutSecrets } from '../without-secrets.ts';
import type { CallbackClaims } from './callback-url.ts';

/** What is known beside the event itself. */
export interface CallbackSetting {
  readonly claims: CallbackClaims;
  readonly nowMs: number;
}

/** What one callback event says; undefined when it says nothing that the recorder wants to know. */
export type Mapped = { readonly reports: readonly Report[] } | { readonly calls: readonly CallNotice[] } | undefined;

/** @throws OnRecordError `invalid-request` when the event lacks what its type requires. */
export function mapCallback(type: string, event: Incoming, setting: CallbackSetting): Mapped {
  switch (type) {
    case 'Microsoft.Communication.RecordingStateChanged':
      return { reports: [stateReport(event, setting)] };
    case 'Microsoft.Communication.StartRecordingFailed':
      return { reports: [failedStartReport(event, setting)] };
    case 'Microsoft.Communication.CallConnected':
      return { calls: [{ type: 'call.connected', answered: true, ...noticeBase(event) }] };
    case 'Microsoft.Communication.CallDisconnected':
      return { calls: [{ type: 'call.ended', ...noticeBase(event) }] };
    case 'Microsoft.Communication.ParticipantsUpdated':
      return { calls: joinedNotices(event) };
    case 'Microsoft.Communication.PlayCompleted':
    case 'Microsoft.Communication.PlayFailed':
    case 'Microsoft.Communication.PlayCanceled':
      return announcementNotice(type, event);
    default:
      return undefined;
  }
}

function stateReport(event: Incoming, setting: CallbackSetting): Report {
  const data = objectAt(event, 'data');
  const recordingId = textAt(data, 'recordingId');
  return {
    ...pushed(event, setting, recordingId),
    seen: { ...seenIn(textAt(data, 'state')), ...identity(recordingId) },
    cause: { unattributed: true },
  };
}

/** Follows a start that was answered 202: nothing is recorded, and nothing will be. */
function failedStartReport(event: Incoming, setting: CallbackSetting): Report {
  const data = objectAt(event, 'data');
  const recordingId = textAt(data, 'recordingId');
  const { commandId } = setting.claims;
  const result = resultOf(data);
  const judged = bySubCode(result.subCode ?? '') ?? byStatus(result.code ?? 500);
  return {
    ...pushed(event, setting, recordingId),
    seen: {
      capturing: false,
      ended: true,
      endReason: judged.code === 'permission-denied' ? 'permission-denied' : 'never-started',
      refused: { code: judged.code, message: result.text },
      ...identity(recordingId),
    },
    cause: commandId === undefined ? { unattributed: true } : { commandId },
  };
}

function pushed(event: Incoming, { claims, nowMs }: CallbackSetting, recordingId: string | undefined) {
  const { correlation } = claims;
  if (correlation === undefined && recordingId === undefined) {
    throw malformed(event, 'neither the URL nor the data names a recording');
  }
  const at = timeOf(textAt(event, 'time'));
  return {
    reportId: `azure/${eventId(event)}`,
    subject: correlation === undefined ? { providerKey: recordingKey(recordingId ?? '') } : { correlation },
    clock: at === undefined ? ({ domain: 'none' } as const) : ({ domain: callbackClock, at } as const),
    via: 'push' as const,
    receivedAt: timestamp(nowMs),
  };
}

function identity(recordingId: string | undefined) {
  return recordingId === undefined ? {} : { handle: handleOf(recordingId), providerKeys: [recordingKey(recordingId)] };
}

function noticeBase(event: Incoming) {
  const data = objectAt(event, 'data');
  if (!textAt(data, 'callConnectionId')) throw malformed(event, 'its data has no callConnectionId');
  const at = timeOf(textAt(event, 'time'));
  return {
    noticeId: `azure/${eventId(event)}`,
    call: azureServerCall({ data }),
    ...(at === undefined ? {} : { at }),
  };
}

/**
 * The event lists everybody each time. A message alone cannot tell who is new, so each person gets a notice whose id
 * is the same in every list, and counts once; who left cannot be told at all.
 */
function joinedNotices(event: Incoming): readonly CallNotice[] {
  const base = noticeBase(event);
  return objectsAt(objectAt(event, 'data'), 'participants').flatMap((entry) => {
    const participant = textAt(objectAt(entry, 'identifier'), 'rawId');
    if (participant === undefined) return [];
    const noticeId = `azure/${base.call.key}/joined/${participant}`;
    return [{ type: 'call.participant-joined' as const, ...base, noticeId, participant }];
  });
}

function announcementNotice(type: string, event: Incoming): Mapped {
  const data = objectAt(event, 'data');
  const announcementId = announcementIn(textAt(data, 'operationContext'));
  if (announcementId === undefined) return undefined;
  const base = { ...noticeBase(event), announcementId };
  if (type.endsWith('.PlayCompleted')) return { calls: [{ type: 'call.announced', ...base }] };
  const fallback = type.endsWith('.PlayCanceled') ? 'The announcement was cancelled' : 'The announcement failed';
  return { calls: [{ type: 'call.announcement-failed', ...base, reason: resultOf(data, fallback).text }] };
}

function resultOf(data: Incoming, fallback = 'Azure refused the start') {
  const result = objectAt(data, 'resultInformation');
  const code = amountAt(result, 'code');
  const subCode = amountAt(result, 'subCode')?.toString();
  const said = withoutSecrets(textAt(result, 'message') ?? fallback);
  const codes = [code, subCode].filter((part) => part !== undefined).join('/');
  return { code, subCode, text: codes === '' ? said : `${codes} ${said}` };
}

function eventId(event: Incoming): string {
  const id = textAt(event, 'id');
  if (id === undefined) throw malformed(event, 'it has no id');
  return id;
}

function malformed(event: Incoming, what: string): OnRecordError {
  return new OnRecordError('invalid-request', `The callback event ${textAt(event, 'type')} is malformed: ${what}.`, {
    blame: 'provider',
  });
}
