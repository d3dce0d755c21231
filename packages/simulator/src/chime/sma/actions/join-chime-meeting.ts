import { type ActionKind, failure, SUCCESS } from '../action.ts';
import { meetingSeat } from '../meeting-seat.ts';
import { checkParameters, matches, type ParameterTable } from '../parameters/parameter-rule.ts';

const INVALID = 'JoinToken parameter value is invalid.';

/** Meetings of the `chime-sdk-meetings` API, the only ones here, need their id beside the token. */
const PARAMETERS: ParameterTable = [
  { name: 'JoinToken', required: true, accepts: matches(/./), message: INVALID },
  { name: 'MeetingId', required: true, accepts: matches(/./), message: INVALID },
  { name: 'ParticipantTag', accepts: matches(/^LEG-A$/), message: INVALID },
];

/** Takes a caller into a meeting as one of its attendees; the meeting is LEG-B. Not on a bridged call. */
export const joinChimeMeeting: ActionKind = {
  answers: true,
  needsMedia: true,
  run: async ({ engine, clock, leg, options, parameters, signal }) => {
    const refusal = checkParameters(PARAMETERS, parameters);
    if (refusal) return refusal;
    // The words are those of another action on the wrong kind of call.
    if (engine.bridged) return failure('InvalidActionParameter', 'Action is not valid on call.');
    await clock.delay(options.meetingJoinMs, { signal });
    const meeting = engine.findMeeting(String(parameters['MeetingId']));
    const attendee = meeting?.attendees.find(({ joinToken }) => joinToken === parameters['JoinToken']);
    if (!meeting || !attendee) return failure('InvalidActionParameter', INVALID);
    const other = engine.newLeg({
      tag: 'LEG-B',
      to: 'SMA',
      from: leg.direction === 'Inbound' ? leg.to : leg.from,
      direction: 'Outbound',
      voice: attendee.externalUserId,
      kind: 'meeting',
      farEnd: meetingSeat(meeting, attendee, leg.audio, clock),
    });
    engine.bridge(leg, other);
    const goodbye = meeting.activity.happenings.watch(({ type, ...who }) => {
      const gone = type === 'AttendeeLeft' && 'attendeeId' in who && who.attendeeId === attendee.attendeeId;
      if (gone) engine.hangUp(other);
    });
    other.ended.addEventListener('abort', goodbye, { once: true });
    meeting.ended.addEventListener('abort', () => engine.hangUp(other), { once: true, signal: other.ended });
    return SUCCESS;
  },
};
