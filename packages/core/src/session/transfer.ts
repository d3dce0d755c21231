/** How a file breaks off, as it was seen on its way. */
export interface BreakOff {
  /** What is wrong with it, for people. */
  readonly problem: string;
  /** RFC 3339: since when its provider has handed out these very bytes. */
  readonly since: string;
  /** Length and CRC-32 of these bytes: whether a later look saw others. */
  readonly fingerprint: string;
  /** Nobody will complete it any more, so it is taken as it is. */
  readonly final: boolean;
  /** Why no repaired copy could be made of it. */
  readonly unrepairable?: string | undefined;
}

/** Journal of one file on its way to the archive, written before the first byte moves. */
export interface Transfer {
  /** `MediaSighting.key` of the file; a name of our own where it is derived. */
  readonly mediaKey: string;
  /** `empty`: it holds no audio and never will, so there is nothing to store. */
  readonly state: 'pending' | 'running' | 'stored' | 'failed' | 'empty';
  /** Where it is stored, once it is. */
  readonly uri?: string | undefined;
  readonly bytes?: number | undefined;
  /** Lower-case hex. */
  readonly sha256?: string | undefined;
  readonly durationMs?: number | undefined;
  readonly channels?: number | undefined;
  readonly sampleRateHz?: number | undefined;
  /** As the file names it. */
  readonly codec?: string | undefined;
  /** Journal key of the file that this one is made from. */
  readonly derivedFrom?: string | undefined;
  readonly brokenOff?: BreakOff | undefined;
  readonly attempts: number;
  readonly error?: string | undefined;
  readonly nextAttemptAt?: string | undefined;
  readonly verifiedAt?: string | undefined;
}
