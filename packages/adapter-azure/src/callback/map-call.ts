import type { CallNotice } from '@onrecord/core';
import { adviceOn } from '../advice.ts';
import type { Told } from '../batch.ts';
import type { AzureCallRef } from '../call-ref.ts';
import { amountAt, type Incoming, objectAt, objectsAt, textAt, timeOf } from '../json-reader.ts';
import { announcementIn } from '../map-announcement.ts';
import type { TypedEvent } from '../message.ts';
import { callIn } from './event-ids.ts';
import { eventIdOf, malformed } from './malformed.ts';
import { personIn } from './person.ts';
import type { Presence } from './presence.ts';
import { resultIn } from './result-information.ts';

interface NoticeBase {
  readonly noticeId: string;
  readonly call: AzureCallRef;
  readonly at?: string | undefined;
}

export function connected(event: Incoming): Told {
  return { calls: [{ type: 'call.connected', answered: true, ...noticeBase(event) }] };
}

/** Our leg is down: the last event of it, whatever becomes of the others. */
export function disconnected(event: Incoming, presence: Presence): Told {
  const base = noticeBase(event);
  presence.close(base.call.key);
  return { calls: [{ type: 'call.ended', ...base }] };
}

/** An attempt to create, answer or connect came to nothing; it may have had no leg to be named by. */
export function attemptFailed(event: Incoming): Told | undefined {
  return callIn(event) && { calls: [{ type: 'call.ended', ...noticeBase(event) }] };
}

/**
 * The event lists everybody each time: who is new and who is gone follows from the lists before it. Without a list, which
 * is optional by description, it says nothing: it would else have everybody leave.
 */
export function participantsUpdated(event: Incoming, presence: Presence): Told | undefined {
  const base = noticeBase(event);
  const data = objectAt(event, 'data');
  if (!Array.isArray(data['participants'])) return undefined;
  const changes = presence.update(base.call.key, {
    eventId: base.noticeId,
    sequence: amountAt(data, 'sequenceNumber'),
    people: objectsAt(data, 'participants').flatMap((entry) => personIn(objectAt(entry, 'identifier')) ?? []),
  });
  return {
    calls: changes.map(({ type, id, person }): CallNotice => {
      return { type, ...base, noticeId: `azure/${base.call.key}/${id}`, participant: person };
    }),
  };
}

/** Undefined for a prompt of the application's own: it must never count as consent. */
export function announcement({ type, event }: TypedEvent): Told | undefined {
  const data = objectAt(event, 'data');
  const announcementId = announcementIn(textAt(data, 'operationContext'));
  if (announcementId === undefined) return undefined;
  const notice = noticeBase(event);
  // Whoever keeps the id of the notice as consent has the event and the announcement.
  const base = { ...notice, noticeId: `${notice.noticeId}/${announcementId}`, announcementId };
  if (type.endsWith('.PlayCompleted')) return { calls: [{ type: 'call.announced', ...base }] };
  const fallback = type.endsWith('.PlayCanceled') ? 'The announcement was cancelled' : 'The announcement failed';
  return { calls: [{ type: 'call.announcement-failed', ...base, reason: adviceOn(resultIn(data, fallback)).text }] };
}

function noticeBase(event: Incoming): NoticeBase {
  const call = callIn(event);
  if (!call) throw malformed(event, 'it has no callConnectionId');
  const at = timeOf(textAt(event, 'time'));
  return { noticeId: `azure/${eventIdOf(event)}`, call, ...(at === undefined ? {} : { at }) };
}
