import { type ActionContext, type ActionKind, type ActionOutcome, failure, numeric } from '../action.ts';
import { LegRecording } from '../leg-recording.ts';
import { checkParameters } from '../parameters/parameter-rule.ts';
import { RECORD_AUDIO, SILENCE_THRESHOLD } from '../parameters/record-audio.ts';
import { SilenceWatch, silenceDecibels } from '../silence-watch.ts';

interface MessageRules {
  /** Infinity where nothing limits it. */
  readonly durationMs: number;
  /** Undefined where silence does not end the recording. */
  readonly silence: { readonly ms: number; readonly threshold: number } | undefined;
  readonly terminators: readonly string[];
  readonly bucket: string;
  readonly prefix: string;
}

/** How long one wait may be; a longer one is made of several. */
const LONGEST_WAIT_MS = 3_600_000;

/**
 * Records what a participant says until a key, silence or the greatest duration ends it. The file is in S3 when the end
 * is reported. Answers an inbound leg; interruptible.
 */
export const recordAudio: ActionKind = {
  interruptible: true,
  answers: true,
  needsMedia: true,
  unknownLeg: 'CallId or ParticipantTag parameter for action is invalid.',
  run: async (context) => {
    const { clock, leg, options, engine } = context;
    const rules = readRules(context);
    if ('refusal' in rules) return rules.refusal;
    const { recordAudio: knobs } = options;
    const startedAt = clock.now();
    const recording = new LegRecording(leg.audio, knobs.track, startedAt, options.pauseTone);
    const { transactionId } = engine;
    const key = knobs.key({ prefix: rules.prefix, startedAt, transactionId, callId: leg.callId });
    const upload = () => {
      recording.stop(clock.now());
      return engine.recordings.uploadMessage(recording, rules.bucket, key, knobs.uploadMs);
    };
    let terminator: string | undefined;
    try {
      terminator = await recordUntilEnd(context, rules, startedAt);
    } catch (reason) {
      if (!leg.ended.aborted) {
        if (knobs.interrupted === 'delivered') void upload();
        throw reason;
      }
      if (knobs.hungUp === 'discarded' || !(await upload())) return { ...uploadFailed(), ...hungUp(context) };
      return { ok: true, extra: destination(rules.bucket, key), ...hungUp(context) };
    }
    if (!(await upload())) return uploadFailed();
    const used = terminator === undefined ? {} : { RecordingTerminatorUsed: terminator };
    return { ok: true, extra: { ...destination(rules.bucket, key), ...used } };
  },
};

/** The key that ended it, undefined for silence and duration. @throws the signal's reason. */
async function recordUntilEnd(
  { clock, leg, options, signal }: ActionContext,
  { durationMs, silence, terminators }: MessageRules,
  startedAt: number,
): Promise<string | undefined> {
  const reader = leg.keypad.open();
  const loudest = silence && silenceDecibels(silence.threshold) - options.recordAudio.fullScaleDecibels;
  const watch = silence && new SilenceWatch(leg.audio, startedAt, silence.ms, loudest ?? 0);
  try {
    for (;;) {
      const now = clock.now();
      const end = Math.min(startedAt + durationMs, watch?.silentAt(now) ?? Number.POSITIVE_INFINITY);
      if (now >= end) return undefined;
      const key = await reader.next(Math.min(LONGEST_WAIT_MS, end - now), signal);
      if (key !== undefined && terminators.includes(key)) return key;
    }
  } finally {
    reader.close();
  }
}

function readRules({ parameters, options }: ActionContext): MessageRules | { readonly refusal: ActionOutcome } {
  const { omittedSilence, omittedDuration } = options.recordAudio;
  const strict = [
    ...(omittedDuration === 'rejected' ? ['DurationInSeconds'] : []),
    ...(omittedSilence === 'rejected' ? ['SilenceDurationInSeconds', 'SilenceThreshold'] : []),
  ];
  const missing = strict.find((name) => (parameters[name] ?? undefined) === undefined);
  if (missing) return { refusal: failure('InvalidActionParameter', `${missing} parameter value is invalid.`) };
  const silenceSeconds =
    numeric(parameters['SilenceDurationInSeconds']) ?? (omittedSilence === '200-seconds' ? 200 : undefined);
  const table = silenceSeconds === undefined ? RECORD_AUDIO : [...RECORD_AUDIO, ...SILENCE_THRESHOLD];
  const refusal = checkParameters(table, parameters);
  if (refusal) return { refusal };
  const { BucketName, Prefix } = parameters['RecordingDestination'] as Readonly<Record<string, string | null>>;
  return {
    durationMs: (numeric(parameters['DurationInSeconds']) ?? Number.POSITIVE_INFINITY) * 1_000,
    silence:
      silenceSeconds === undefined
        ? undefined
        : { ms: silenceSeconds * 1_000, threshold: numeric(parameters['SilenceThreshold']) ?? 200 },
    terminators: parameters['RecordingTerminators'] as readonly string[],
    bucket: String(BucketName),
    prefix: Prefix ?? '',
  };
}

function destination(BucketName: string, Key: string): Readonly<Record<string, unknown>> {
  return { RecordingDestination: { Type: 'S3', BucketName, Key } };
}

function uploadFailed(): Extract<ActionOutcome, { ok: false }> {
  return {
    ok: false,
    error: {
      type: 'InvalidActionParameter',
      message: 'Error occurred while uploading recording to S3 bucket.',
    },
  };
}

function hungUp({ options }: ActionContext): Pick<ActionOutcome, 'legEnded'> {
  return { legEnded: options.recordAudio.hungUpReport };
}
