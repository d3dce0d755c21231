import type { CallNotice } from '@onrecord/core';
import { type ChimeMeetingCall, chimeMeetingCall } from './call-ref.ts';
import type { EventBridgeEvent } from './event-bridge-event.ts';

/** A `Chime Meeting State Change`, read. */
export interface MeetingEvent {
  readonly call: ChimeMeetingCall;
  readonly eventType: string;
  readonly attendeeId: string | undefined;
  /** The attendee, unless it is a pipeline's own seat or a content share. */
  readonly person: string | undefined;
  /** Epoch ms of the service's clock; undefined where the event tells no time. */
  readonly at: number | undefined;
}

/** Event types that say nothing about who is there or whether there is a call. */
const uninteresting: readonly string[] = [
  'AttendeeAdded',
  'AttendeeDeleted',
  'AttendeeAuthorized',
  'AttendeeVideoStarted',
  'AttendeeVideoStopped',
  'AttendeeContentJoined',
  'AttendeeContentLeft',
  'AttendeeContentDropped',
  'AttendeeContentVideoStarted',
  'AttendeeContentVideoStopped',
  'AttendeeCapabilitiesUpdated',
  'TranscriptionStarted',
  'TranscriptionStopped',
  'TranscriptionInterrupted',
  'TranscriptionResumed',
  'TranscriptionFailed',
].map((name) => `chime:${name}`);

/** @returns undefined for an event that names no meeting or no type */
export function readMeetingEvent(event: EventBridgeEvent, provider: string): MeetingEvent | undefined {
  const { eventType, meetingId, externalMeetingId, attendeeId } = event.detail;
  if (typeof eventType !== 'string' || typeof meetingId !== 'string') return undefined;
  const call = chimeMeetingCall(
    {
      MeetingId: meetingId,
      MeetingArn: `arn:aws:chime::${event.account}:meeting:${meetingId}`,
      ...(typeof externalMeetingId === 'string' ? { ExternalMeetingId: externalMeetingId } : {}),
    },
    { provider, region: event.region },
  );
  const at = timeOf(event);
  return {
    call,
    eventType,
    attendeeId: typeof attendeeId === 'string' ? attendeeId : undefined,
    person: personOf(event),
    at: at === undefined ? undefined : Date.parse(at),
  };
}

/**
 * The notices that an event gives by itself; undefined for an unknown type. MeetingEnded comes twice after DeleteMeeting,
 * and the same event may come by EventBridge, SQS and SNS: the ids of the notices are made from the meeting, so a
 * repetition is the same notice. MeetingStarted may be lost: who joins is in a meeting that has started.
 */
export function toldNotices({ call, eventType, person, at }: MeetingEvent): readonly CallNotice[] | undefined {
  const base = { call, ...(at === undefined ? {} : { at: new Date(at).toISOString() }) };
  const id = `chime-meeting/${call.key}`;
  const started: CallNotice = { ...base, type: 'call.connected', noticeId: `${id}/started`, answered: true };
  switch (eventType) {
    case 'chime:MeetingStarted':
      return [started];
    case 'chime:MeetingEnded':
      return [{ ...base, type: 'call.ended', noticeId: `${id}/ended` }];
    case 'chime:AttendeeJoined':
    case 'chime:AttendeeLeft':
    case 'chime:AttendeeDropped': {
      if (person === undefined) return [];
      const joined = eventType === 'chime:AttendeeJoined';
      const noticeId = `${id}/${person}/${joined ? 'joined' : 'left'}/${String(at)}`;
      const type = joined ? 'call.participant-joined' : 'call.participant-left';
      return [...(joined ? [started] : []), { ...base, type, noticeId, participant: person }];
    }
    default:
      return uninteresting.includes(eventType) ? [] : undefined;
  }
}

/** `aws:` is reserved for the service; older pipelines join without it. */
function personOf({ detail }: EventBridgeEvent): string | undefined {
  const { attendeeId, externalUserId } = detail;
  const ghost = typeof externalUserId === 'string' && /^(aws:|MediaPipeline-)/.test(externalUserId);
  if (typeof attendeeId !== 'string' || ghost || attendeeId.endsWith('#content')) return undefined;
  return attendeeId;
}

/** Milliseconds of the service where they are plausible, else the envelope's whole seconds; RFC 3339. */
export function timeOf({ detail, time }: EventBridgeEvent): string | undefined {
  const { timestamp } = detail;
  const plausible = typeof timestamp === 'number' && timestamp > Date.UTC(2020, 0) && timestamp < Date.UTC(2100, 0);
  if (plausible) return new Date(timestamp).toISOString();
  const parsed = Date.parse(time ?? '');
  return Number.isNaN(parsed) ? undefined : new Date(parsed).toISOString();
}
