/** Times and undocumented behaviour of meetings; every default is stated. */
export interface MeetingOptions {
  /** A meeting with nobody connected ends after this, in ms. @default 300_000 */
  readonly idleEndMs?: number | undefined;
  /** The longest life of a meeting, in ms. @default 86_400_000 */
  readonly maxAgeMs?: number | undefined;
  /** Whether a pipeline's own attendee keeps a meeting open, as it does in practice. @default true */
  readonly pipelineAttendeeCounts?: boolean | undefined;
  /** Whether a pipeline's own attendee shows in meeting events. @default true */
  readonly pipelineAttendeeEvents?: boolean | undefined;
  /** From the loss of a connection to AttendeeDropped, in ms; the service takes 10 to 15 s. @default 12_000 */
  readonly dropDetectedMs?: number | undefined;
  /** DeleteMeeting sends MeetingEnded at once and again after this, in ms; 'never': once. @default 1_000 */
  readonly endedAgainMs?: number | 'never' | undefined;
  /** The attendee that events of a content share name: the sharer, or with `#content` behind. @default 'plain' */
  readonly contentAttendeeId?: 'plain' | 'suffixed' | undefined;
}

export type ResolvedMeetingOptions = {
  readonly [Name in keyof MeetingOptions]-?: Exclude<MeetingOptions[Name], undefined>;
};

export function resolveMeetingOptions(options: MeetingOptions = {}): ResolvedMeetingOptions {
  return {
    idleEndMs: options.idleEndMs ?? 300_000,
    maxAgeMs: options.maxAgeMs ?? 86_400_000,
    pipelineAttendeeCounts: options.pipelineAttendeeCounts ?? true,
    pipelineAttendeeEvents: options.pipelineAttendeeEvents ?? true,
    dropDetectedMs: options.dropDetectedMs ?? 12_000,
    endedAgainMs: options.endedAgainMs ?? 1_000,
    contentAttendeeId: options.contentAttendeeId ?? 'plain',
  };
}
