import { OnRecordError } from '@onrecord/core';
import { parseRecordingName } from '../names/recording-name.ts';

/** Where the server offers a file: a URL of ARI, which only the driver of that server opens, with its credentials. */
export function mediaUri(base: string, name: string): string {
  return `${base}/recordings/stored/${encodeURIComponent(name)}/file`;
}

/**
 * Name of the recording behind a URI of {@link mediaUri}.
 * @throws OnRecordError `unsupported` for anything else: a URL that came from elsewhere is never followed.
 */
export function nameIn(base: string, uri: string): string {
  const prefix = `${base}/recordings/stored/`;
  const [encoded = '', rest] = uri.startsWith(prefix) ? uri.slice(prefix.length).split('/') : [];
  const name = rest === 'file' ? decoded(encoded) : undefined;
  if (name !== undefined && parseRecordingName(name) && uri === mediaUri(base, name)) return name;
  throw new OnRecordError('unsupported', 'This is no recording of ours on this Asterisk.', {
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
