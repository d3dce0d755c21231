import { z } from 'zod';
import type { Voice } from './audio.ts';
import { HttpError } from './http-error.ts';

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

/** A call that the application just answered. */
export interface AzureCallRequest {
  readonly provider: 'azure';
  readonly callbackUri: string;
  /** Lets text be spoken. */
  readonly cognitiveServicesEndpoint?: string | undefined;
  readonly participants: readonly {
    readonly name: string;
    readonly address?: string | undefined;
    readonly voice?: Voice;
  }[];
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

const voice = z.union([
  z.strictObject({ wav: z.string().min(1) }),
  z.strictObject({ toneHz: z.number().min(20).max(4_000) }),
]);
const phone = z.string().regex(/^\+?[1-9]\d{1,14}$/, 'must be a phone number such as +15550100');
const hangUpAfterMs = z.number().int().min(0).max(86_400_000).optional();

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

const azureCall = z.strictObject({
  provider: z.literal('azure'),
  callbackUri: z.url({ protocol: /^https?$/ }),
  cognitiveServicesEndpoint: z.url().optional(),
  participants: z
    .array(z.strictObject({ name: z.string().min(1), address: z.string().min(1).optional(), voice: voice.optional() }))
    .min(1),
  hangUpAfterMs,
});

const callRequest = z.discriminatedUnion('provider', [smaCall, meetingCall, azureCall]);

/** @throws HttpError 400 that lists everything wrong. */
export function readCallRequest(text: string): CallRequest {
  return read(callRequest, text);
}

const pressRequest = z.strictObject({
  keys: z.string().regex(/^[0-9*#]+$/, 'must hold keys of a telephone: 0-9 * #'),
  leg: z.enum(['LEG-A', 'LEG-B']).optional(),
});

/** @throws HttpError 400 */
export function readPressRequest(text: string): PressRequest {
  return read(pressRequest, text);
}

function read<T>(shape: z.ZodType<T>, text: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new HttpError(400, 'The body is no JSON.');
  }
  const result = shape.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.') || '(root)'}: ${message}`);
  throw new HttpError(400, problems.join('\n'));
}
