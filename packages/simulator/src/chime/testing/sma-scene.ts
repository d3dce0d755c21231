import { readWav, toneLevel, wavBytes } from '@onrecord/core/media';
import { tone, VOICE_RATE } from '../../call/virtual-call.ts';
import { VirtualClock } from '../../clock/virtual-clock.ts';
import { SimulatedS3 } from '../../s3/index.ts';
import type { SimulatedChime } from '../simulated-chime.ts';
import type { SipMediaApplication } from '../sma/sip-media-application.ts';
import type { SmaCall } from '../sma/sma-call.ts';
import type { SmaAction, SmaEvent } from '../sma/sma-event.ts';
import { type ChimeOptions, startChime } from '../start-chime.ts';

export const CALLER = '+15550100';
export const APPLICATION = '+15550199';
export const AGENT = '+15550123';
export const CALLER_HZ = 440;
export const AGENT_HZ = 1_000;
export const SPEECH_HZ = 620;
/** An audio file of one second. */
export const SECOND_WAV = 'second.wav';
/** 17 characters of 60 ms. */
export const SECOND_TEXT = 'about one second.';

/** An application whose Lambda function is the test's own, and an agent who answers after two seconds. */
export interface SmaScene extends AsyncDisposable {
  readonly clock: VirtualClock;
  readonly s3: SimulatedS3;
  readonly chime: SimulatedChime;
  readonly application: SipMediaApplication;
  /** The events of the Lambda function, retries included. */
  readonly events: SmaEvent[];
  /** A caller dials the application; its first event has been answered when this resolves. */
  dial(): Promise<SmaCall>;
}

export type Answer = readonly SmaAction[] | undefined | { readonly raw: unknown };

/** A list is answered as Actions, undefined as an answer without any, `raw` as it is. */
export async function openSmaScene(
  answer: (event: SmaEvent) => Answer | Promise<Answer>,
  options: Partial<ChimeOptions> = {},
): Promise<SmaScene> {
  const clock = new VirtualClock();
  const s3 = await SimulatedS3.start({ clock, buckets: ['recordings'] });
  const chime = await startChime({ clock, s3, ...options });
  const events: SmaEvent[] = [];
  const application = chime.sipMediaApplication(async (event) => {
    events.push(event);
    const answered = await answer(event);
    if (answered && 'raw' in answered) return answered.raw;
    return { SchemaVersion: '1.0', ...(answered ? { Actions: answered } : {}) };
  });
  chime.phone(AGENT, { name: 'agent', source: tone(AGENT_HZ) });
  return {
    clock,
    s3,
    chime,
    application,
    events,
    dial: async () => {
      const call = application.placeInboundCall({ from: CALLER, to: APPLICATION, source: tone(CALLER_HZ) });
      await clock.idle();
      return call;
    },
    [Symbol.asyncDispose]: async () => {
      await chime.close();
      await s3.close();
      clock[Symbol.dispose]();
    },
  };
}

export function legA(event: SmaEvent): string {
  return event.CallDetails.Participants[0]!.CallId;
}

export function action(Type: string, Parameters: Readonly<Record<string, unknown>> = {}): SmaAction {
  return { Type, Parameters };
}

export function speak(event: SmaEvent, Text: string): SmaAction {
  return action('Speak', { CallId: legA(event), Text });
}

export function startRecording(event: SmaEvent, more: Readonly<Record<string, unknown>> = {}): SmaAction {
  return action('StartCallRecording', {
    CallId: legA(event),
    Track: 'BOTH',
    Destination: { Type: 'S3', Location: 'recordings/sessions/one' },
    ...more,
  });
}

export function bridge(): SmaAction {
  return action('CallAndBridge', {
    CallTimeoutSeconds: 30,
    CallerIdNumber: CALLER,
    Endpoints: [{ BridgeEndpointType: 'PSTN', Uri: AGENT }],
  });
}

/** Plays {@link SECOND_WAV}. */
export function playAudio(event: SmaEvent, more: Readonly<Record<string, unknown>> = {}): SmaAction {
  const AudioSource = { Type: 'S3', BucketName: 'recordings', Key: SECOND_WAV };
  return action('PlayAudio', { CallId: legA(event), AudioSource, ...more });
}

export function pause(ms: number): SmaAction {
  return action('Pause', { DurationInMilliseconds: String(ms) });
}

/** One attempt: a prompt of about a second, one second to answer, a short failure prompt. */
export function getDigits(event: SmaEvent): SmaAction {
  return action('SpeakAndGetDigits', {
    CallId: legA(event),
    SpeechParameters: { Text: SECOND_TEXT },
    FailureSpeechParameters: { Text: 'x' },
    RepeatDurationInMilliseconds: 1_000,
  });
}

/**
 * A call whose first event is answered with `first`, CALL_UPDATE_REQUESTED with `update`, anything else with nothing; an
 * audio file of one second is there.
 */
export async function openCall(
  first: (event: SmaEvent) => readonly SmaAction[],
  update: (event: SmaEvent) => Answer = () => undefined,
  options: Partial<ChimeOptions> = {},
): Promise<{ readonly scene: SmaScene; readonly call: SmaCall }> {
  const scene = await openSmaScene((event) => {
    if (event.InvocationEventType === 'NEW_INBOUND_CALL') return first(event);
    return event.InvocationEventType === 'CALL_UPDATE_REQUESTED' ? update(event) : undefined;
  }, options);
  const samples = new Int16Array(8_000).fill(1_000);
  const file = wavBytes({ sampleRate: 8_000, channels: [samples] });
  scene.s3.put('recordings', SECOND_WAV, file, { contentType: 'audio/wav' });
  return { scene, call: await scene.dial() };
}

/** Type and sequence of each event: `1 NEW_INBOUND_CALL`. */
export function summary(events: readonly SmaEvent[]): readonly string[] {
  return events.map(({ Sequence, InvocationEventType, ActionData }) =>
    [Sequence, InvocationEventType, ActionData?.Type ?? ''].join(' ').trim(),
  );
}

/** Level of a tone in a span of one channel of a recording, in dBFS. */
export function levelAt(wav: Uint8Array, channel: number, hertz: number, fromMs: number, toMs: number): number {
  const samples = readWav(wav).channels[channel]!;
  const at = (ms: number) => (ms * VOICE_RATE) / 1000;
  return toneLevel(samples.subarray(at(fromMs), at(toMs)), VOICE_RATE, hertz);
}
