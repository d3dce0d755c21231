import { type FileSource, type SsmlSource, type TextSource, VoiceKind } from '@azure/communication-call-automation';
import { type Announcement, OnRecordError } from '@onrecord/core';
import type { AzureConfig } from './config/config.ts';
import { describe, type Problem } from './config/problem.ts';
import { readUrl } from './config/read-url.ts';
import { ssmlProblem } from './ssml.ts';

/** How a call that is known by something else than a leg of ours can be announced on. */
export const howToAnnounce: string =
  'Connect to the call first (connectCall with its serverCallId, and with callIntelligenceOptions.cognitiveServicesEndpoint ' +
  'for anything but files), and announce on the call that the notice call.connected then carries.';

/**
 * What to play. Text and SSML need a call that was placed with a `cognitiveServicesEndpoint`; a file, WAV mono 16 bit
 * 16 kHz or MP3, must be within the service's reach. No length is checked: the service states none.
 *
 * Two fields of the service are never sent. `playSourceCacheId`: for an hour it would play what a file was before.
 * `interruptCallMediaOperation`: a notice waits for the prompts of the application, and cuts none of them off.
 * @throws OnRecordError `invalid-request` for an empty text, SSML that is none, or a file that is no https URL.
 */
export function playSourceOf(announcement: Announcement, config: AzureConfig): FileSource | TextSource | SsmlSource {
  if ('file' in announcement) {
    const problems: Problem[] = [];
    const url = readUrl(announcement.file, 'announcement.file', config, problems);
    if (!url) throw invalid(problems.map(describe).join(' '));
    return { kind: 'fileSource', url: url.href };
  }
  const { customVoiceEndpointId } = config.speech;
  const custom = customVoiceEndpointId === undefined ? {} : { customVoiceEndpointId };
  if ('ssml' in announcement) {
    if (announcement.ssml.trim() === '') throw invalid('announcement.ssml: is empty.');
    const problem = ssmlProblem(announcement.ssml);
    if (problem !== undefined) throw invalid(`announcement.ssml: ${problem}`);
    return { kind: 'ssmlSource', ssmlText: announcement.ssml, ...custom };
  }
  if (announcement.text.trim() === '') throw invalid('announcement.text: is empty.');
  const voice = announcement.voice ?? config.speech.voice;
  return {
    kind: 'textSource',
    text: announcement.text,
    sourceLocale: announcement.language ?? config.speech.language,
    ...(voice === undefined ? { voiceKind: VoiceKind.Female } : { voiceName: voice, ...custom }),
  };
}

const prefix = 'onrecord/';

/** Marks a prompt as an announcement of ours: the application's own prompts must never count as consent. */
export function contextOf(announcementId: string): string {
  return `${prefix}${announcementId}`;
}

/** The announcement that a play event is about, or undefined when the prompt was not ours. */
export function announcementIn(operationContext: string | undefined): string | undefined {
  return operationContext?.startsWith(prefix) ? operationContext.slice(prefix.length) || undefined : undefined;
}

function invalid(message: string): OnRecordError {
  return new OnRecordError('invalid-request', message);
}
