import { OnRecordError } from '@onrecord/core';
import { parseRecordingName } from '../names/recording-name.ts';

const prefix = 'asterisk:/recordings/stored/';

/**
 * What a stored recording is called in a record. It names no host, so that files are still found when the server gets
 * another address; only the driver of its provider instance opens it.
 */
export function mediaUri(name: string): string {
  return `${prefix}${encodeURIComponent(name)}`;
}

/**
 * Name of the recording behind a URI of {@link mediaUri}.
 * @throws OnRecordError `unsupported` for anything else: nothing that came from elsewhere is followed.
 */
export function nameIn(uri: string): string {
  const name = uri.startsWith(prefix) ? decoded(uri.slice(prefix.length)) : undefined;
  if (name !== undefined && parseRecordingName(name) && uri === mediaUri(name)) return name;
  throw new OnRecordError('unsupported', 'This is no recording of ours on an Asterisk.', {
    remedy: 'Open it through the provider instance that made it.',
  });
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
