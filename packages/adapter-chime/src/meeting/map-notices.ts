import type { CallNotice } from '@onrecord/core';
import { chimeMeetingCall } from './call-ref.ts';
import type { EventBridgeEvent } from './event-bridge-event.ts';

/** Event types of meetings that say nothing about who is there or whether there is a call. */
const uninteresting =
  /^chime:(Attendee(Added|Deleted|Authorized|VideoStarted|VideoStopped|Content\w+|CapabilitiesUpdated)|Transcription\w+)$/;

/**
 * The notices of a `Chime Meeting State Change`; undefined for an unknown type. MeetingEnded comes twice after
 * DeleteMeeting, and the same event may come by EventBridge, SQS and SNS: the ids of the notices are made from the
 * meeting, so a repetition is the same notice.
 */
export function meetingNotices(event: EventBridgeEvent, provider: string): readonly CallNotice[] | undefined {
  const { eventType, meetingId, externalMeetingId, timestamp } = event.detail;
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
  const base = { call, ...(at === undefined ? {} : { at }) };
  const id = `chime-meeting/${meetingId}`;
  switch (eventType) {
    case 'chime:MeetingStarted':
      return [{ ...base, type: 'call.connected', noticeId: `${id}/started`, answered: true }];
    case 'chime:MeetingEnded':
      return [{ ...base, type: 'call.ended', noticeId: `${id}/ended` }];
    case 'chime:AttendeeJoined':
    case 'chime:AttendeeLeft':
    case 'chime:AttendeeDropped': {
      const participant = personOf(event);
      if (participant === undefined) return [];
      const joined = eventType === 'chime:AttendeeJoined';
      const noticeId = `${id}/${participant}/${joined ? 'joined' : 'left'}/${String(timestamp ?? at)}`;
      return [{ ...base, type: joined ? 'call.participant-joined' : 'call.participant-left', noticeId, participant }];
    }
    default:
      return uninteresting.test(eventType) ? [] : undefined;
  }
}

/** The attendee, unless it is a pipeline's own seat or a content share. `aws:` is reserved for the service. */
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
