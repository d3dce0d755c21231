import { OnRecordError } from '../errors/index.ts';

/** The bytes are no Ogg file, or a damaged one. */
export function unreadableOgg(reason: string, offset: number): OnRecordError {
  return new OnRecordError('integrity-failed', `This is not a readable Ogg file: ${reason} (byte ${offset}).`, {
    remedy: 'Check that the file was downloaded whole and is the audio, not an error page or another container.',
    context: { offset },
  });
}

/** An Ogg file, of a kind that is not read. */
export function unsupportedOgg(reason: string, offset: number): OnRecordError {
  return new OnRecordError('unsupported', `This Ogg file cannot be read: ${reason} (byte ${offset}).`, {
    remedy: 'Convert it to one Opus stream, for example with: ffmpeg -i in.ogg -map 0:a:0 -c:a libopus out.ogg',
    context: { offset },
  });
}
