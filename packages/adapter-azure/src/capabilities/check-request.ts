import type { StartRecordingOptions } from '@azure/communication-call-automation';
import { OnRecordError } from '@onrecord/core';
import type { AzureProfile } from './profile.ts';
import { type AzureAttempt, unknownUnder } from './undocumented.ts';

/**
 * Refuses what no page says to work under the profile, unless it is to be attempted. Looks at the request itself, so that
 * nothing undocumented leaves by another way than an option's.
 * @throws OnRecordError `unsupported` that names all of it.
 */
export function checkRequest(
  request: StartRecordingOptions,
  { profile, attempt }: { readonly profile: AzureProfile; readonly attempt: readonly AzureAttempt[] },
): void {
  if (profile === 'acs-standalone') return;
  const { callLocator } = request;
  if (callLocator && callLocator.kind !== 'serverCallLocator') {
    throw new OnRecordError('unsupported', `A ${callLocator.kind} names no call of Teams Phone extensibility.`, {
      remedy: "Start by call connection, or use the profile 'acs-standalone' until 30 September 2028.",
    });
  }
  checkAttempts(attemptsIn(request), { profile, attempt });
}

/** @throws OnRecordError `unsupported` that names all of it that no page says to work under the profile. */
export function checkAttempts(
  asked: readonly AzureAttempt[],
  { profile, attempt }: { readonly profile: AzureProfile; readonly attempt: readonly AzureAttempt[] },
): void {
  const refused = profile === 'acs-standalone' ? [] : asked.filter((what) => !attempt.includes(what));
  if (refused.length > 0) throw undocumented(refused);
}

/** What a start may be told why it is refused, by name of the option `attempt`. */
export function whyRefused(what: AzureAttempt): string {
  const { why, source } = unknownUnder('teams-phone').find((unknown) => unknown.what === what) ?? {};
  return `${what} is not documented under Teams Phone. ${why} (${source})`;
}

/** What to do about it. */
export function howToAttempt(refused: readonly AzureAttempt[]): string {
  const names = refused.map((what) => `'${what}'`).join(', ');
  return `attempt: [${names}] in the options of the provider sends it all the same.`;
}

/** `channelAffinity` is the name of what may have been asked for by another one. */
const withoutPins =
  'It is how reference, of the call or of the start, and channels are sent: without them the metadata file tells whose ' +
  'voice is where.';

function undocumented(refused: readonly AzureAttempt[]): OnRecordError {
  return new OnRecordError('unsupported', refused.map(whyRefused).join('\n'), {
    remedy: refused.includes('channelAffinity') ? `${howToAttempt(refused)} ${withoutPins}` : howToAttempt(refused),
    context: { profile: 'teams-phone', undocumented: refused },
  });
}

function attemptsIn(request: StartRecordingOptions): readonly AzureAttempt[] {
  const { callLocator, recordingFormat, recordingContent, pauseOnStart, channelAffinity } = request;
  const asked: { readonly [K in AzureAttempt]: boolean } = {
    serverCallId: callLocator !== undefined,
    mp3: recordingFormat === 'mp3',
    mp4: recordingFormat === 'mp4' || recordingContent === 'audioVideo',
    pauseOnStart: pauseOnStart === true,
    channelAffinity: (channelAffinity?.length ?? 0) > 0,
    audioChannelParticipantOrdering: (request.audioChannelParticipantOrdering?.length ?? 0) > 0,
  };
  return (Object.keys(asked) as AzureAttempt[]).filter((what) => asked[what]);
}
