import { randomUUID } from 'node:crypto';
import { VirtualCall } from '../../call/virtual-call.ts';
import type { ChimeEnvironment } from '../environment.ts';
import type { RequestInput } from '../wire/request-input.ts';
import type { OperationHandler } from '../wire/server.ts';
import { ServiceError } from '../wire/service-error.ts';
import { type Attendee, attendeeBody } from './attendee.ts';
import { type MeetingOptions, type ResolvedMeetingOptions, resolveMeetingOptions } from './meeting-options.ts';
import { NotificationTargets } from './notification-targets.ts';
import { SimulatedMeeting } from './simulated-meeting.ts';

/** At most so many attendees are on the list of a meeting, unless it was created with a lower number. */
const MAX_ATTENDEES = 250;

export interface NewMeeting {
  /** The conversation; omitted, a new one. */
  readonly call?: VirtualCall | undefined;
  /** @default a UUID */
  readonly externalMeetingId?: string | undefined;
  /** @default the control region */
  readonly mediaRegion?: string | undefined;
  /** ARNs of queues, topics and functions that hear of it beside the event bus. */
  readonly notify?: readonly string[] | undefined;
  /** The meeting that this one is a replica of. */
  readonly primary?: SimulatedMeeting | undefined;
}

/** The meetings of one account and region, and the API to them. */
export class MeetingsService {
  readonly #environment: ChimeEnvironment;
  readonly #options: ResolvedMeetingOptions;
  readonly #meetings = new Map<string, SimulatedMeeting>();
  /** What was created under each ClientRequestToken. */
  readonly #replays = new Map<string, { readonly request: string; readonly meetingId: string }>();
  readonly #created = new Map<string, RequestInput>();
  /** Where meetings with a NotificationsConfiguration tell their events as well. */
  readonly notifications: NotificationTargets;

  constructor(environment: ChimeEnvironment, options: MeetingOptions | undefined) {
    this.#environment = environment;
    this.#options = resolveMeetingOptions(options);
    this.notifications = new NotificationTargets(environment.region);
  }

  create(description: NewMeeting = {}): SimulatedMeeting {
    const meeting = new SimulatedMeeting(
      {
        call: description.call ?? new VirtualCall(this.#environment.clock),
        externalMeetingId: description.externalMeetingId ?? randomUUID(),
        mediaRegion: description.mediaRegion ?? this.#environment.region,
        notify: description.notify,
        primary: description.primary,
      },
      this.#environment,
      this.#options,
      this.notifications,
    );
    this.#meetings.set(meeting.meetingId, meeting);
    return meeting;
  }

  /** A meeting that is not over. */
  find(meetingId: string): SimulatedMeeting | undefined {
    const meeting = this.#meetings.get(meetingId);
    return meeting?.ended.aborted ? undefined : meeting;
  }

  readonly handlers: Readonly<Record<string, OperationHandler>> = {
    CreateMeeting: async (input) => ({ Meeting: this.#body(this.#createOnce(input)) }),
    GetMeeting: async (input) => ({ Meeting: this.#body(this.#get(input)) }),
    DeleteMeeting: async (input) => {
      this.#get(input).end(true);
      return undefined;
    },
    CreateAttendee: async (input) => ({ Attendee: attendeeBody(this.#add(input)) }),
    ListAttendees: async (input) => ({ Attendees: this.#get(input).attendees.map(attendeeBody) }),
    DeleteAttendee: async (input) => {
      if (this.#get(input).remove(String(input['AttendeeId']))) return undefined;
      throw new ServiceError('NotFound', 'The attendee was not found.');
    },
  };

  /** The same token gives the same meeting; with another request it is a conflict. */
  #createOnce(input: RequestInput): SimulatedMeeting {
    const { ClientRequestToken, ...rest } = input;
    const token = String(ClientRequestToken);
    const request = JSON.stringify(rest);
    const replay = this.#replays.get(token);
    const earlier = replay && this.find(replay.meetingId);
    if (earlier) {
      if (replay.request === request) return earlier;
      throw new ServiceError('Conflict', 'The ClientRequestToken was used with other parameters.');
    }
    const meeting = this.create({
      externalMeetingId: String(input['ExternalMeetingId']),
      mediaRegion: String(input['MediaRegion']),
      notify: this.notifications.read(input['NotificationsConfiguration']),
      primary: this.#primary(input['PrimaryMeetingId']),
    });
    this.#replays.set(token, { request, meetingId: meeting.meetingId });
    this.#created.set(meeting.meetingId, input);
    return meeting;
  }

  #primary(meetingId: unknown): SimulatedMeeting | undefined {
    if (typeof meetingId !== 'string') return undefined;
    const meeting = this.find(meetingId);
    if (!meeting) throw new ServiceError('BadRequest', `The primary meeting ${meetingId} does not exist.`);
    return meeting;
  }

  #get(input: RequestInput): SimulatedMeeting {
    const meeting = this.find(String(input['MeetingId']));
    if (!meeting) throw new ServiceError('NotFound', 'The meeting was not found.');
    return meeting;
  }

  #add(input: RequestInput): Attendee {
    const meeting = this.#get(input);
    const externalUserId = String(input['ExternalUserId']);
    if (externalUserId.toLowerCase().startsWith('aws:')) {
      throw new ServiceError('BadRequest', 'ExternalUserId values that begin with "aws:" are reserved.');
    }
    if (meeting.attendees.length >= this.#limitOf(meeting)) {
      throw new ServiceError('LimitExceeded', 'The meeting has the maximum number of attendees.');
    }
    return meeting.add(externalUserId, { capabilities: input['Capabilities'] });
  }

  #limitOf(meeting: SimulatedMeeting): number {
    const features = this.#created.get(meeting.meetingId)?.['MeetingFeatures'] as
      | { readonly Attendee?: { readonly MaxCount?: number } }
      | undefined;
    return features?.Attendee?.MaxCount ?? MAX_ATTENDEES;
  }

  #body(meeting: SimulatedMeeting): object {
    const created = this.#created.get(meeting.meetingId) ?? {};
    const host = `https://${meeting.meetingId}.${meeting.mediaRegion}.chime.invalid`;
    const echoed = ['MeetingHostId', 'MeetingFeatures', 'PrimaryMeetingId', 'TenantIds'] as const;
    return {
      MeetingId: meeting.meetingId,
      ExternalMeetingId: meeting.externalMeetingId,
      MediaRegion: meeting.mediaRegion,
      MediaPlacement: {
        AudioHostUrl: `${host}/audio`,
        AudioFallbackUrl: `${host}/audio-fallback`,
        SignalingUrl: `${host}/signaling`,
        EventIngestionUrl: `${host}/events`,
      },
      ...Object.fromEntries(echoed.filter((name) => name in created).map((name) => [name, created[name]])),
      MeetingArn: meeting.arn,
    };
  }
}
