import type { RecordingTrack } from './leg-recording.ts';

/** What names the file of a message. */
export interface MessageName {
  /** Empty where the destination has none: the file is then in the root of the bucket. */
  readonly prefix: string;
  /** When the recording began, epoch ms. */
  readonly startedAt: number;
  readonly transactionId: string;
  readonly callId: string;
}

/** What the documentation leaves open about RecordAudio; every default is stated. */
export interface RecordAudioOptions {
  /**
   * What an absent SilenceDurationInSeconds means. The action's page says both that silence then ends nothing and that
   * the default is 200; the table of errors says that neither it nor SilenceThreshold may be empty.
   * @default 'disabled'
   */
  readonly omittedSilence?: 'disabled' | '200-seconds' | 'rejected' | undefined;
  /** What an absent DurationInSeconds means; the same two pages differ. @default 'unlimited' */
  readonly omittedDuration?: 'unlimited' | 'rejected' | undefined;
  /** The sound pressure, in dB, that full scale stands for: it relates SilenceThreshold to samples. @default 90 */
  readonly fullScaleDecibels?: number | undefined;
  /** What the file holds. @default 'INCOMING': one channel, what the participant says */
  readonly track?: RecordingTrack | undefined;
  /** Time from the end of the recording to its object in S3, which the report waits for, in ms. @default 500 */
  readonly uploadMs?: number | undefined;
  /** What becomes of the recording when the participant hangs up. @default 'delivered' */
  readonly hungUp?: 'delivered' | 'discarded' | undefined;
  /**
   * What is reported then, after the HANGUP: the page says that the end of a recording is reported, whatever ended it.
   * ACTION_FAILED instead where the recording was discarded.
   * @default 'ACTION_SUCCESSFUL'
   */
  readonly hungUpReport?: 'ACTION_SUCCESSFUL' | 'ACTION_FAILED' | 'nothing' | undefined;
  /** What becomes of the recording when new actions interrupt it; ACTION_INTERRUPTED names no file. @default 'discarded' */
  readonly interrupted?: 'delivered' | 'discarded' | undefined;
  /** The key of the file. @default `<prefix>/<UTC time of the start>_<transactionId>_<callId>.wav` */
  readonly key?: ((name: MessageName) => string) | undefined;
}

export type ResolvedRecordAudioOptions = {
  readonly [Name in keyof RecordAudioOptions]-?: Exclude<RecordAudioOptions[Name], undefined>;
};

export function resolveRecordAudioOptions(options: RecordAudioOptions = {}): ResolvedRecordAudioOptions {
  return {
    omittedSilence: options.omittedSilence ?? 'disabled',
    omittedDuration: options.omittedDuration ?? 'unlimited',
    fullScaleDecibels: options.fullScaleDecibels ?? 90,
    track: options.track ?? 'INCOMING',
    uploadMs: options.uploadMs ?? 500,
    hungUp: options.hungUp ?? 'delivered',
    hungUpReport: options.hungUpReport ?? 'ACTION_SUCCESSFUL',
    interrupted: options.interrupted ?? 'discarded',
    key: options.key ?? messageKey,
  };
}

function messageKey({ prefix, startedAt, transactionId, callId }: MessageName): string {
  const stamp = new Date(startedAt).toISOString().slice(0, -1).replaceAll(/[T:.]/g, '-');
  const folder = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
  return `${folder}${stamp}_${transactionId}_${callId}.wav`;
}
