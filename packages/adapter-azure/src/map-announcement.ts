import { type FileSource, type SsmlSource, type TextSource, VoiceKind } from '@azure/communication-call-automation';
import { type Announcement, OnRecordError, unknownMembers } from '@onrecord/core';
import type { AzureConfig } from './config/config.ts';
import { describe, type Problem } from './config/problem.ts';
import { readUrl } from './config/read-url.ts';
import { type Incoming, isObject } from './json-reader.ts';
import { ssmlProblem } from './ssml.ts';

const path = 'announcement';

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
 * @throws OnRecordError `invalid-request` that lists every problem: two sources at once, an empty text, SSML that is none,
 * a file that is no https URL, a member that there is not.
 */
export function playSourceOf(announcement: Announcement, config: AzureConfig): FileSource | TextSource | SsmlSource {
  const problems: Problem[] = [];
  const source = readSource(announcement, config, problems);
  if (source && problems.length === 0) return source;
  throw new OnRecordError('invalid-request', problems.map(describe).join('\n'));
}

const sources = ['text', 'ssml', 'file'] as const;

/** Whatever it holds: it may come from a configuration. */
function readSource(
  given: unknown,
  config: AzureConfig,
  problems: Problem[],
): FileSource | TextSource | SsmlSource | undefined {
  const announcement = isObject(given) ? given : {};
  problems.push(...unknownMembers(announcement, [...sources, 'language', 'voice'], path));
  const [source, ...more] = sources.filter((name) => announcement[name] !== undefined);
  if (source === undefined || more.length > 0) {
    problems.push({ path, message: 'Must have one of text, ssml and file.' });
    return undefined;
  }
  if (source === 'file') {
    const url = readUrl(announcement['file'], `${path}.file`, config, problems);
    return url && { kind: 'fileSource', url: url.href };
  }
  const [words, language, voice] = [source, 'language', 'voice'].map((name) => wordsAt(announcement, name, problems));
  if (words === undefined) return undefined;
  const { customVoiceEndpointId } = config.speech;
  const custom = customVoiceEndpointId === undefined ? {} : { customVoiceEndpointId };
  if (source === 'ssml') {
    const message = ssmlProblem(words);
    if (message !== undefined) problems.push({ path: `${path}.ssml`, message });
    return { kind: 'ssmlSource', ssmlText: words, ...custom };
  }
  const voiceName = voice ?? config.speech.voice;
  return {
    kind: 'textSource',
    text: words,
    sourceLocale: language ?? config.speech.language,
    ...(voiceName === undefined ? { voiceKind: VoiceKind.Female } : { voiceName, ...custom }),
  };
}

/** The member, which is text where it is there. */
function wordsAt(announcement: Incoming, name: string, problems: Problem[]): string | undefined {
  const words = announcement[name];
  if (words === undefined || (typeof words === 'string' && words.trim() !== '')) return words;
  problems.push({ path: `${path}.${name}`, message: typeof words === 'string' ? 'is empty.' : 'Must be text.' });
  return undefined;
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
