import { type Announcement, OnRecordError } from '@onrecord/core';
import { actionProblems } from './actions/action-rules.ts';
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

/**
 * Speak for text and SSML, PlayAudio for a WAV file `s3://bucket/key`. No key cuts it short: no terminators are set.
 * @throws OnRecordError `invalid-request` for what the service would refuse.
 */
export function announceAction(announcement: Announcement, callId: string, options: AnnounceOptions): SmaAction {
  const action = 'file' in announcement ? play(announcement.file, callId) : speak(announcement, callId, options);
  const problems = actionProblems(action, action.Type).map(({ path, message }) => `${path}: ${message}`);
  if (problems.length === 0) return action;
  throw new OnRecordError(
    'invalid-request',
    ['The service would refuse this announcement.', ...problems].join('\n- '),
    {
      context: { problems },
    },
  );
}

function play(file: string, callId: string): SmaAction {
  const match = /^s3:\/\/([^/]+)\/(.+)$/.exec(file);
  if (!match) {
    throw new OnRecordError('invalid-request', 'A SIP media application plays files from S3 only.', {
      remedy: 'Pass file: "s3://bucket/key".',
    });
  }
  const source = { Type: 'S3', BucketName: match[1], Key: match[2] };
  return { Type: 'PlayAudio', Parameters: { CallId: callId, AudioSource: source } };
}

function speak(
  announcement: Exclude<Announcement, { readonly file: string }>,
  callId: string,
  options: AnnounceOptions,
): SmaAction {
  const ssml = 'ssml' in announcement;
  const voice = (ssml ? undefined : announcement.voice) ?? options.voice;
  const language = (ssml ? undefined : announcement.language) ?? options.language;
  return {
    Type: 'Speak',
    Parameters: {
      Text: ssml ? announcement.ssml : announcement.text,
      CallId: callId,
      ...(options.engine === undefined ? {} : { Engine: options.engine }),
      ...(language === undefined ? {} : { LanguageCode: language }),
      TextType: ssml ? 'ssml' : 'text',
      ...(voice === undefined ? {} : { VoiceId: voice }),
    },
  };
}
