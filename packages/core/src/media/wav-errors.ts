import { OnRecordError } from '../errors/index.ts';

/** The bytes are no WAV file, or a broken one. */
export function unreadableWav(reason: string, offset: number): OnRecordError {
  return new OnRecordError('integrity-failed', `This is not a readable WAV file: ${reason} (byte ${offset}).`, {
    remedy: 'Check that the file was downloaded whole and is the audio, not an error page or another container.',
    context: { offset },
  });
}

/** A WAV file, of a kind that is not read. */
export function unsupportedWav(reason: string): OnRecordError {
  return new OnRecordError('unsupported', `This WAV file cannot be read: ${reason}.`, {
    remedy: 'Convert it to 16-bit PCM, for example with: ffmpeg -i in.wav -c:a pcm_s16le out.wav',
  });
}

/** Samples that no WAV file can hold. */
export function unwritableWav(reason: string): OnRecordError {
  return new OnRecordError('invalid-request', `This audio cannot be written as WAV: ${reason}.`);
}
