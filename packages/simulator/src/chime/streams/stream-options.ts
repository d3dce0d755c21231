/** Times and undocumented behaviour of stream pools and stream pipelines; every default is stated. */
export interface StreamOptions {
  /** From the creation of a pool to ACTIVE, in ms. @default 5_000 */
  readonly poolCreatingMs?: number | undefined;
  /** From the update of a pool to ACTIVE, in ms. @default 5_000 */
  readonly poolUpdatingMs?: number | undefined;
  /** From the deletion of a pool, or the end of the last pipeline that uses it, to its end, in ms. @default 5_000 */
  readonly poolDeletingMs?: number | undefined;
  /** Streams of a pool once it is ACTIVE. @default 40, as the guide prints it */
  readonly poolSize?: number | undefined;
  /**
   * What becomes of the next creation or update of a pool: `temporary` is told, and succeeds as long again later;
   * `permanent` ends in FAILED. @default 'never'
   */
  readonly poolFailure?: 'never' | 'temporary' | 'permanent' | undefined;
  /** The retention of a pool that was created without one, in hours. @default 0, as of a Kinesis video stream */
  readonly defaultRetentionHours?: number | undefined;
  /** A pipeline into a pool that is not ACTIVE or UPDATING: 400, or taken. @default 'refused' */
  readonly inactivePool?: 'refused' | 'taken' | undefined;
  /** Attendees beyond the reserved capacity: no stream for them, or one all the same. @default 'no-stream' */
  readonly beyondCapacity?: 'no-stream' | 'stream' | undefined;
  /** attendeeId and externalUserId in the events of mixed audio, which the guide calls blank. @default 'empty' */
  readonly mixedAttendee?: 'empty' | 'absent' | undefined;
}

export type ResolvedStreamOptions = {
  readonly [Name in keyof StreamOptions]-?: Exclude<StreamOptions[Name], undefined>;
};

export function resolveStreamOptions(options: StreamOptions = {}): ResolvedStreamOptions {
  return {
    poolCreatingMs: options.poolCreatingMs ?? 5_000,
    poolUpdatingMs: options.poolUpdatingMs ?? 5_000,
    poolDeletingMs: options.poolDeletingMs ?? 5_000,
    poolSize: options.poolSize ?? 40,
    poolFailure: options.poolFailure ?? 'never',
    defaultRetentionHours: options.defaultRetentionHours ?? 0,
    inactivePool: options.inactivePool ?? 'refused',
    beyondCapacity: options.beyondCapacity ?? 'no-stream',
    mixedAttendee: options.mixedAttendee ?? 'empty',
  };
}
