import { Encoder } from '@evan/opus';
import { bytesFromSamples, interleave, wavBytes } from '@onrecord/core/media';
import { VOICE_RATE } from '../../call/virtual-call.ts';
import { OPUS_CLOCK, opusHead } from '../../media/opus.ts';
import { oggFile } from './ogg-file.ts';

/** OPUS_GET_LOOKAHEAD, the encoder's delay in samples at its own rate. */
const GET_LOOKAHEAD = 4027;
const PACKETS_PER_SECOND = 50;

/** The two streams of a call side by side, as S3RecordingSink writes them: WAV with PCM, or Ogg with Opus. */
export function recordingFile(
  channels: readonly [Int16Array, Int16Array],
  format: 'Wav' | 'Opus',
  sampleRate: 8000 | 16_000 = VOICE_RATE,
): Uint8Array {
  const frames = Math.max(...channels.map(({ length }) => length));
  const even = channels.map((samples) => {
    const padded = new Int16Array(frames);
    padded.set(samples);
    return padded;
  });
  return format === 'Wav' ? wavBytes({ sampleRate, channels: even }) : opusFile(even, frames, sampleRate);
}

function opusFile(channels: readonly Int16Array[], frames: number, sampleRate: 8000 | 16_000): Uint8Array {
  const encoder = new Encoder({ channels: 2, sample_rate: sampleRate, application: 'audio' });
  encoder.bitrate = 64_000;
  const delay = encoder.ctl(GET_LOOKAHEAD);
  const length = sampleRate / PACKETS_PER_SECOND;
  const packets: Uint8Array[] = [];
  for (let from = 0; from < frames + delay; from += length) {
    const frame = channels.map((samples) => {
      const piece = new Int16Array(length);
      piece.set(samples.subarray(from, from + length));
      return piece;
    });
    packets.push(encoder.encode(bytesFromSamples(interleave(frame))).slice());
  }
  const ratio = OPUS_CLOCK / sampleRate;
  return oggFile({
    head: opusHead(2, delay * ratio, sampleRate),
    packets,
    packetFrames: OPUS_CLOCK / PACKETS_PER_SECOND,
    lastGranule: (frames + delay) * ratio,
  });
}

/** Twice the rate, by drawing straight lines: what the enhanced copy sounds like is not documented. */
export function enhanced(samples: Int16Array): Int16Array {
  const out = new Int16Array(samples.length * 2);
  for (const [index, sample] of samples.entries()) {
    out[index * 2] = sample;
    out[index * 2 + 1] = Math.round((sample + (samples[index + 1] ?? sample)) / 2);
  }
  return out;
}
