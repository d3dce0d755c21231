import { z } from 'zod';
import type { Voice } from './audio.ts';
import { type AzureCallRequest, azureCall } from './azure/azure-call-request.ts';
import { readBodyAs } from './read-body-as.ts';
import { hangUpAfterMs, voice } from './shapes.ts';

/** A call to the number of a SIP media application. */
export interface SmaCallRequest {
  readonly provider: 'chime-sma';
  readonly from: string;
  readonly to: string;
  readonly voice?: Voice;
  /** Who answers the numbers that the Lambda function dials. */
  readonly phones?:
    | readonly {
        readonly number: string;
        readonly voice?: Voice;
        readonly answersAfterMs?: number | undefined;
        readonly refuses?: 'busy' | 'no-answer' | undefined;
      }[]
    | undefined;
  /** Without it the caller hangs up when their WAV file is over; a tone goes on until it is told to end. */
  readonly hangUpAfterMs?: number | undefined;
}

/** People who join a meeting. */
export interface MeetingCallRequest {
  readonly provider: 'chime-meeting';
  /** A meeting made by CreateMeeting; without it a new one. */
  readonly meetingId?: string | undefined;
  readonly attendees: readonly {
    /** An attendee made by CreateAttendee; without it a new one. */
    readonly attendeeId?: string | undefined;
    readonly externalUserId?: string | undefined;
    readonly voice?: Voice;
  }[];
  /** As in {@link SmaCallRequest}; the meeting ends then. */
  readonly hangUpAfterMs?: number | undefined;
}

/** The body of `POST /calls`. */
export type CallRequest = SmaCallRequest | MeetingCallRequest | AzureCallRequest;

/** The body of `POST /calls/{id}/keys`. */
export interface PressRequest {
  /** Of a telephone. */
  readonly keys: string;
  /** Default `LEG-A`, who called. */
  readonly leg?: 'LEG-A' | 'LEG-B' | undefined;
}

const phone = z.string().regex(/^\+?[1-9]\d{1,14}$/, 'must be a phone number such as +15550100');

const smaCall = z.strictObject({
  provider: z.literal('chime-sma'),
  from: phone,
  to: phone,
  voice: voice.optional(),
  phones: z
    .array(
      z.strictObject({
        number: phone,
        voice: voice.optional(),
        answersAfterMs: z.number().int().min(0).optional(),
        refuses: z.enum(['busy', 'no-answer']).optional(),
      }),
    )
    .optional(),
  hangUpAfterMs,
});

const meetingCall = z.strictObject({
  provider: z.literal('chime-meeting'),
  meetingId: z.string().min(1).optional(),
  attendees: z
    .array(
      z.strictObject({
        attendeeId: z.string().min(1).optional(),
        externalUserId: z.string().min(2).max(64).optional(),
        voice: voice.optional(),
      }),
    )
    .min(1),
  hangUpAfterMs,
});

const provider = z.looseObject({ provider: z.enum(['chime-sma', 'chime-meeting', 'azure']) });
const calls: { readonly [P in CallRequest['provider']]: z.ZodType<CallRequest> } = {
  'chime-sma': smaCall,
  'chime-meeting': meetingCall,
  azure: azureCall,
};

/** @throws HttpError 400 that lists everything wrong. */
export function readCallRequest(text: string): CallRequest {
  return readBodyAs(calls[readBodyAs(provider, text).provider], text);
}

const pressRequest = z.strictObject({
  keys: z.string().regex(/^[0-9*#]+$/, 'must hold keys of a telephone: 0-9 * #'),
  leg: z.enum(['LEG-A', 'LEG-B']).optional(),
});

/** @throws HttpError 400 */
export function readPressRequest(text: string): PressRequest {
  return readBodyAs(pressRequest, text);
}
