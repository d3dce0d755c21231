import { type CallRef, OnRecordError } from '@onrecord/core';

/** What addresses a meeting. */
export interface ChimeMeetingData {
  readonly [member: string]: string | undefined;
  readonly meetingId: string;
  readonly meetingArn?: string | undefined;
  readonly externalMeetingId?: string | undefined;
}

export interface ChimeMeetingCall extends CallRef<'chime.meeting'> {
  readonly data: ChimeMeetingData;
}

/** Name of the provider instance where nobody gave one: the driver's type, as with a recorder. */
export const defaultMeetingProvider = 'chime-meeting';

/**
 * The reference of a meeting, from what CreateMeeting or GetMeeting answered.
 *
 * @throws OnRecordError `invalid-request` without MeetingId.
 * @example
 * ```ts
 * const { Meeting } = await meetings.send(new CreateMeetingCommand({ … }));
 * const call = chimeMeetingCall(Meeting);
 * ```
 */
export function chimeMeetingCall(
  meeting:
    | {
        readonly MeetingId?: string | undefined;
        readonly MeetingArn?: string | undefined;
        readonly ExternalMeetingId?: string | undefined;
      }
    | undefined,
  options: { readonly provider?: string | undefined; readonly region?: string | undefined } = {},
): ChimeMeetingCall {
  const { MeetingId: meetingId, MeetingArn: meetingArn, ExternalMeetingId: externalMeetingId } = meeting ?? {};
  if (!meetingId) {
    throw new OnRecordError('invalid-request', 'A meeting without MeetingId cannot be recorded.', {
      remedy: 'Pass the Meeting of the answer of CreateMeeting or GetMeeting.',
    });
  }
  const region = options.region ?? regionOf(meetingArn);
  return {
    kind: 'chime.meeting',
    provider: options.provider ?? defaultMeetingProvider,
    key: meetingId,
    ...(region === undefined ? {} : { region }),
    data: {
      meetingId,
      ...(meetingArn === undefined ? {} : { meetingArn }),
      ...(externalMeetingId === undefined ? {} : { externalMeetingId }),
    },
  };
}

/** The control region, which some meeting ARNs leave empty. */
function regionOf(arn: string | undefined): string | undefined {
  return /^arn:[\w-]+:chime:([a-z0-9-]+):/.exec(arn ?? '')?.[1];
}

/** @throws OnRecordError `unsupported` for another kind of call, `invalid-request` for an incomplete one. */
export function readMeeting(call: CallRef): ChimeMeetingData {
  if (call.kind !== 'chime.meeting') {
    throw new OnRecordError('unsupported', `Media capture records Chime meetings, not ${call.kind}.`, {
      remedy: 'Pass a call of kind chime.meeting, as call notices and chimeMeetingCall(meeting) give it.',
    });
  }
  const { meetingId, meetingArn } = call.data;
  if (typeof meetingId !== 'string') {
    throw new OnRecordError('invalid-request', `The call ${call.key} lacks its meetingId.`, {
      remedy: 'Take the reference from a call notice or from chimeMeetingCall(meeting).',
    });
  }
  return { meetingId, ...(typeof meetingArn === 'string' ? { meetingArn } : {}) };
}

const eitherForm = /^arn:aws[\w-]*:chime:[a-z0-9-]*:\d{12}:meeting[:/]([-\w]+)$/;

/**
 * The ARN that a pipeline takes as its source. Real answers and samples print it without region and with a colon; the
 * form with region and slash is accepted as well, and echoed where the call brought it.
 * @throws OnRecordError `invalid-request` for an ARN of something else or of another meeting, and when neither the call
 * nor the options know the account.
 */
export function meetingArn({ meetingArn: known, meetingId }: ChimeMeetingData, accountId: string | undefined): string {
  if (known !== undefined) {
    const [, named] = eitherForm.exec(known) ?? [];
    if (named === meetingId) return known;
    const what = named === undefined ? 'is no ARN of a meeting' : `is the ARN of another meeting than ${meetingId}`;
    throw new OnRecordError('invalid-request', `meetingArn: ${known} ${what}.`, {
      remedy: 'Make the reference from the answer of CreateMeeting: chimeMeetingCall(Meeting).',
    });
  }
  if (accountId !== undefined) return `arn:aws:chime::${accountId}:meeting:${meetingId}`;
  throw new OnRecordError('invalid-request', `The ARN of meeting ${meetingId} is not known.`, {
    remedy: 'Make the reference from the answer of CreateMeeting, or configure accountId.',
  });
}
