/** What the header of a WAV file says. Only 16-bit PCM is read and written. */
export interface WavFormat {
  /** Frames a second. */
  readonly sampleRate: number;
  /** Samples in a frame. */
  readonly channelCount: number;
}

/**
 * How the samples that arrived compare with the header: `complete` as announced, `truncated` fewer than announced or
 * a part of a frame at the end, `undeclared` the header announced no length (size 0xFFFFFFFF, or 0 with samples behind
 * it: what writers to a pipe and recorders that were killed leave) and everything up to the end was read,
 * `understated` more came than it announced, and only what it announces was read: {@link repairWav} saves the rest.
 */
export type WavIntegrity = 'complete' | 'truncated' | 'undeclared' | 'understated';

/** What a reader knows once the last byte has been seen. */
export interface WavSummary extends WavFormat {
  readonly frames: number;
  readonly durationMs: number;
  readonly integrity: WavIntegrity;
}

/** The size that writers of unknown length put into a header. */
export const UNKNOWN_SIZE = 0xffff_ffff;
