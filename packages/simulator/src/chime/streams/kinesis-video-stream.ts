/** One stretch of audio in a stream. Times are epoch ms; `to` and the last fragment are absent while it lasts. */
export interface StreamSession {
  readonly mediaPipelineId: string;
  /** Undefined for mixed audio. */
  readonly attendeeId: string | undefined;
  readonly from: number;
  readonly startFragmentNumber: string;
  readonly to?: number | undefined;
  readonly endFragmentNumber?: string | undefined;
}

/** A Kinesis video stream of a pool: where it is, how long it keeps its data, and what was written into it. */
export interface KinesisVideoStream {
  readonly name: string;
  readonly arn: string;
  readonly poolName: string;
  /** Hours for which each fragment is kept. */
  readonly retentionHours: number;
  readonly sessions: readonly StreamSession[];
}

/** Fragment numbers are decimal texts of 47 digits: far beyond what a number holds. */
const FIRST_FRAGMENT = 91_343_852_333_181_000_000n * 10n ** 27n;

/** The number of the fragment that was written then. */
export function fragmentAt(at: number): string {
  return String(FIRST_FRAGMENT + BigInt(at));
}
