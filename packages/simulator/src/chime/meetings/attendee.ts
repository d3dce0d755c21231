import { randomUUID } from 'node:crypto';

/** Somebody on the list of a meeting, present or not. */
export interface Attendee {
  readonly attendeeId: string;
  readonly externalUserId: string;
  readonly joinToken: string;
  readonly capabilities: Readonly<Record<string, unknown>>;
  /** True for the attendee as which a media pipeline joins. */
  readonly pipeline: boolean;
}

const ALL = { Audio: 'SendReceive', Video: 'SendReceive', Content: 'SendReceive' };

export function newAttendee(
  externalUserId: string,
  options: { readonly capabilities?: unknown; readonly pipeline?: boolean } = {},
): Attendee {
  return {
    attendeeId: randomUUID(),
    externalUserId,
    joinToken: Buffer.from(randomUUID()).toString('base64url'),
    capabilities: { ...ALL, ...(options.capabilities as object | undefined) },
    pipeline: options.pipeline ?? false,
  };
}

/** An attendee as the API prints it. */
export function attendeeBody(attendee: Attendee): object {
  return {
    ExternalUserId: attendee.externalUserId,
    AttendeeId: attendee.attendeeId,
    JoinToken: attendee.joinToken,
    Capabilities: attendee.capabilities,
  };
}
