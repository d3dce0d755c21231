import { type Announcement, OnRecordError } from '@onrecord/core';
import type { SmaAction } from './event/sma-event.ts';

/** How announcements are spoken, where the announcement itself does not say. */
export interface AnnounceOptions {
  /** Amazon Polly voice. Default: the service's, Joanna. */
  readonly voice?: string | undefined;
  /** Only for bilingual voices. */
  readonly language?: string | undefined;
  /** Default: the service's, `standard`. */
  readonly engine?: 'standard' | 'neural' | undefined;
}

/** Longest text of Speak, SSML tags counted (developer guide, "Speak"). */
const maxCharacters = 1_000;

/**
 * Speak for text and SSML, PlayAudio for a WAV file `s3://bucket/key`. No key cuts it short: no terminators are set.
 * @throws OnRecordError `invalid-request` for what the service would refuse.
 */
export function announceAction(announcement: Announcement, callId: string, options: AnnounceOptions): SmaAction {
  if ('file' in announcement) {
    const match = /^s3:\/\/([^/]+)\/(.+)$/.exec(announcement.file);
    if (!match) throw refused('A SIP media application plays files from S3 only.', 'Pass file: "s3://bucket/key".');
    const source = { Type: 'S3', BucketName: match[1], Key: match[2] };
    return { Type: 'PlayAudio', Parameters: { CallId: callId, AudioSource: source } };
  }
  const ssml = 'ssml' in announcement;
  const text = ssml ? announcement.ssml : announcement.text;
  if (text.trim() === '' || text.length > maxCharacters) {
    throw refused(`An announcement has 1 to ${maxCharacters} characters, this one ${text.length}.`, 'Play a file.');
  }
  const voice = (ssml ? undefined : announcement.voice) ?? options.voice;
  const language = (ssml ? undefined : announcement.language) ?? options.language;
  return {
    Type: 'Speak',
    Parameters: {
      Text: text,
      CallId: callId,
      ...(options.engine === undefined ? {} : { Engine: options.engine }),
      ...(language === undefined ? {} : { LanguageCode: language }),
      TextType: ssml ? 'ssml' : 'text',
      ...(voice === undefined ? {} : { VoiceId: voice }),
    },
  };
}

function refused(message: string, remedy: string): OnRecordError {
  return new OnRecordError('invalid-request', message, { remedy });
}
