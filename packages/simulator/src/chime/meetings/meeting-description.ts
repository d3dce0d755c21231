import type { VirtualCall } from '../../call/virtual-call.ts';
import type { SimulatedMeeting } from './simulated-meeting.ts';

/** What a meeting is made of. */
export interface MeetingDescription {
  readonly call: VirtualCall;
  readonly externalMeetingId: string;
  readonly mediaRegion: string;
  /** Queues, topics and functions that hear of it beside the event bus. */
  readonly notify?: readonly string[] | undefined;
  /** The meeting that this one is a replica of: it ends with it, and not for being empty. */
  readonly primary?: SimulatedMeeting | undefined;
}
