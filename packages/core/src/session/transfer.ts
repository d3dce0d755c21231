/** Journal of one file on its way to the archive, written before the first byte moves. */
export interface Transfer {
  /** `MediaSighting.key` of the file. */
  readonly mediaKey: string;
  readonly state: 'pending' | 'running' | 'stored' | 'failed';
  /** Where it is stored, once it is. */
  readonly uri?: string | undefined;
  readonly bytes?: number | undefined;
  /** Lower-case hex. */
  readonly sha256?: string | undefined;
  readonly durationMs?: number | undefined;
  readonly channels?: number | undefined;
  readonly sampleRateHz?: number | undefined;
  readonly attempts: number;
  readonly error?: string | undefined;
  readonly nextAttemptAt?: string | undefined;
  readonly verifiedAt?: string | undefined;
}
