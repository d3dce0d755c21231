import { type ActionContext, type ActionKind, type ActionOutcome, failure, SUCCESS } from '../action.ts';
import { LegRecording, type RecordingTrack } from '../leg-recording.ts';
import { checkParameters } from '../parameters/parameter-rule.ts';
import { START_CALL_RECORDING } from '../parameters/tables.ts';
import { parseLocation } from '../recording-key.ts';

/** Once per leg. The key of the file is known now; the object exists when the recording has ended. */
export const startCallRecording: ActionKind = {
  byCallIdOnly: true,
  run: async (context) => {
    const { engine, clock, options, leg, parameters } = context;
    const refusal = checkParameters(START_CALL_RECORDING, parameters);
    if (refusal) return refusal;
    const { Location } = parameters['Destination'] as Readonly<Record<string, unknown>>;
    const destination = parseLocation(Location);
    if (!destination) return failure('InvalidActionParameter', 'Destination parameter is invalid');
    if (leg.recording) return { ok: false, error: options.secondStart };
    if (leg.status !== 'Connected') return { ok: false, error: options.notRecording };
    if (!engine.recordings.mayWrite(destination.bucket)) {
      return failure('NoAccessToDestination', 'Error while accessing destination');
    }
    await takeEffect(context);
    leg.recording = new LegRecording(leg.audio, parameters['Track'] as RecordingTrack, clock.now(), options.pauseTone);
    const started = { leg: leg.startedAt, call: engine.call.startedAt, recording: clock.now() };
    const time = started[options.recordingKeyTime] + options.recordingKeyZone * 60_000;
    const key = engine.recordings.open(leg, destination, time, options.shortestRecordingMs);
    return {
      ok: true,
      extra: { CallRecordingDestination: { Type: 'S3', Location: `${destination.bucket}/${key}` } },
    };
  },
};

export const stopCallRecording: ActionKind = {
  byCallIdOnly: true,
  run: async (context) => {
    const again = context.leg.recording?.stoppedAt !== undefined;
    if (again && context.options.redundantStop === 'successful') return SUCCESS;
    return withRecording(context, async () => {
      context.engine.recordings.finish(context.leg);
      return SUCCESS;
    });
  },
};

export const pauseCallRecording: ActionKind = {
  byCallIdOnly: true,
  run: (context) =>
    withRecording(context, async (recording) => {
      if (recording.paused) return redundant(context);
      recording.pause(context.clock.now());
      return SUCCESS;
    }),
};

/** The tone of the resumption is played before the recording goes on, so the action takes as long as the tone. */
export const resumeCallRecording: ActionKind = {
  byCallIdOnly: true,
  run: (context) =>
    withRecording(context, async (recording) => {
      const { clock, options, signal } = context;
      if (!recording.paused) return redundant(context);
      recording.announceResume(clock.now());
      await clock.delay(options.pauseTone.durationMs, { signal });
      recording.resume(clock.now());
      return SUCCESS;
    }),
};

async function withRecording(
  context: ActionContext,
  run: (recording: LegRecording) => Promise<ActionOutcome>,
): Promise<ActionOutcome> {
  const { recording } = context.leg;
  if (!recording || recording.stoppedAt !== undefined) return { ok: false, error: context.options.notRecording };
  await takeEffect(context);
  return run(recording);
}

async function takeEffect({ clock, options, signal }: ActionContext): Promise<void> {
  if (options.recordingActionMs > 0) await clock.delay(options.recordingActionMs, { signal });
}

function redundant({ options }: ActionContext): ActionOutcome {
  return options.redundantPause === 'successful' ? SUCCESS : { ok: false, error: options.notRecording };
}
