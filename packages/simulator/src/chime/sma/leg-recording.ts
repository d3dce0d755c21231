import { bytesFromSamples, interleave, WAV_HEADER_BYTES, wavHeader } from '@onrecord/core/media';
import { type AudioSource, tone, VOICE_RATE } from '../../call/virtual-call.ts';
import type { LegAudio } from './leg-audio.ts';

export type RecordingTrack = 'BOTH' | 'INCOMING' | 'OUTGOING';

/** The sound that marks a pause and a resumption in the file. */
export interface PauseTone {
  /** @default 2_400, apart from voices and keys */
  readonly frequencyHz: number;
  /** @default 200 */
  readonly durationMs: number;
  /** Share of full scale. @default 0.1 */
  readonly amplitude: number;
  /** Distance between repetitions while paused, in ms; undefined: once, at the beginning. @default undefined */
  readonly everyMs?: number | undefined;
}

interface PauseSpan {
  readonly fromMs: number;
  toMs: number | undefined;
}

/** How much of the call is rendered at a time. */
const BLOCK_MS = 10_000;

/**
 * The recording of one leg: which wall time it covers, and where it was paused. The file is rendered from the call when
 * it is wanted: 8 kHz, 16 bit, left incoming and right outgoing, or one channel. A pause is silence of the same length,
 * marked by tones; so the duration of the file is that of the recorded span.
 */
export class LegRecording {
  readonly track: RecordingTrack;
  readonly startedAt: number;
  readonly #audio: LegAudio;
  readonly #tone: PauseTone;
  readonly #pauses: PauseSpan[] = [];
  readonly #resumeTones: number[] = [];
  #stoppedAt: number | undefined;

  constructor(audio: LegAudio, track: RecordingTrack, startedAt: number, pauseTone: PauseTone) {
    this.#audio = audio;
    this.track = track;
    this.startedAt = startedAt;
    this.#tone = pauseTone;
  }

  get paused(): boolean {
    return this.#pauses.at(-1)?.toMs === undefined && this.#pauses.length > 0;
  }

  get stoppedAt(): number | undefined {
    return this.#stoppedAt;
  }

  get durationMs(): number {
    return (this.#stoppedAt ?? this.startedAt) - this.startedAt;
  }

  pause(atMs: number): void {
    if (!this.paused) this.#pauses.push({ fromMs: atMs, toMs: undefined });
  }

  /** Marks the resumption by its tone, from now on. */
  announceResume(atMs: number): void {
    this.#resumeTones.push(atMs);
  }

  resume(atMs: number): void {
    const open = this.#pauses.at(-1);
    if (open) open.toMs ??= atMs;
  }

  stop(atMs: number): void {
    this.#stoppedAt ??= atMs;
  }

  /** The WAV file. */
  render(): Uint8Array {
    const end = this.#stoppedAt ?? this.startedAt;
    const channelCount = this.track === 'BOTH' ? 2 : 1;
    const frames = Math.round((this.durationMs * VOICE_RATE) / 1000);
    const file = new Uint8Array(WAV_HEADER_BYTES + frames * channelCount * 2);
    file.set(wavHeader({ sampleRate: VOICE_RATE, channelCount }, frames));
    let at = WAV_HEADER_BYTES;
    for (let from = this.startedAt; from < end; from += BLOCK_MS) {
      const block = bytesFromSamples(interleave(this.#channels(from, Math.min(end, from + BLOCK_MS))));
      const rest = block.subarray(0, file.length - at);
      file.set(rest, at);
      at += rest.length;
    }
    return file;
  }

  #channels(fromMs: number, toMs: number): readonly Int16Array[] {
    const channels: Int16Array[] = [];
    if (this.track !== 'OUTGOING') channels.push(this.#audio.incoming(fromMs, toMs));
    if (this.track !== 'INCOMING') channels.push(this.#audio.outgoing(fromMs, toMs));
    for (const samples of channels) {
      for (const pause of this.#pauses) lay(samples, fromMs, pause.fromMs, pause.toMs ?? toMs, () => 0);
      for (const beginning of this.#toneTimes(toMs)) {
        const end = Math.min(beginning.toMs, toMs);
        lay(samples, fromMs, beginning.fromMs, end, tone(this.#tone.frequencyHz, this.#tone.amplitude));
      }
    }
    return channels;
  }

  #toneTimes(untilMs: number): readonly { readonly fromMs: number; readonly toMs: number }[] {
    const { durationMs, everyMs } = this.#tone;
    const spans: { fromMs: number; toMs: number }[] = [];
    for (const { fromMs, toMs = untilMs } of this.#pauses) {
      for (let at = fromMs; at < toMs; at += everyMs ?? Number.POSITIVE_INFINITY) {
        spans.push({ fromMs: at, toMs: Math.min(toMs, at + durationMs) });
      }
    }
    for (const at of this.#resumeTones) spans.push({ fromMs: at, toMs: at + durationMs });
    return spans;
  }
}

/** Replaces the samples of a span; `fromMs` is the time of `samples[0]`. */
function lay(samples: Int16Array, fromMs: number, spanFrom: number, spanTo: number, source: AudioSource): void {
  const begin = Math.round(((spanFrom - fromMs) * VOICE_RATE) / 1000);
  const end = Math.min(samples.length, Math.round(((spanTo - fromMs) * VOICE_RATE) / 1000));
  for (let index = Math.max(0, begin); index < end; index++) samples[index] = source(index - begin);
}
