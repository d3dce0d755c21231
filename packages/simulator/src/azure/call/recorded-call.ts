import type { VirtualCall } from '../../call/virtual-call.ts';
import type { Overlay } from '../media/captured-audio.ts';
import type { CallProfile } from './call-profile.ts';
import type { RecordingAnnouncement } from './teams-phone.ts';

/** What a recording needs of the call that it records: a connection of ours, or a call without one. */
export interface RecordedCall {
  readonly call: VirtualCall;
  readonly profile: CallProfile;
  readonly serverCallId: string;
  readonly correlationId: string;
  /** What everyone was played. */
  readonly overlays: readonly Overlay[];
  /** The ids that events about the recording carry. */
  ids(): Readonly<Record<string, string>>;
  rawIdOf(address: string): string;
  /** Calls `listener` when the call is over, before our legs are told. */
  whenOver(listener: () => void): void;
  /** Calls `listener` when our leg, or any of ours, leaves while the call goes on, before the application is told. */
  whenLeft(listener: () => void): void;
  announceRecording(about: RecordingAnnouncement['about']): void;
}
