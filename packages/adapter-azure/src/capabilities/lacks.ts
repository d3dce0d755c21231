import type { CallKind, DriverLacks, StartWish } from '@onrecord/core';
import { howToAttempt, whyRefused } from './check-request.ts';
import type { AzureProfile } from './profile.ts';
import type { AzureAttempt } from './undocumented.ts';

const notOfTeamsPhone: readonly CallKind[] = ['azure.group-call', 'azure.room'];
const whyNotOfTeamsPhone =
  'At least one phone number takes part in every call of Teams Phone extensibility; group calls and rooms are of ' +
  "standalone resources (profile: 'acs-standalone'), and end on 30 September 2028.";

/** What a driver says of a start that its profile does not offer. */
export function lacksUnder(profile: AzureProfile): DriverLacks | undefined {
  if (profile === 'acs-standalone') return undefined;
  return {
    start: (wish) => {
      if ('call' in wish && notOfTeamsPhone.includes(wish.call)) return whyNotOfTeamsPhone;
      const what = attemptFor(wish);
      return what && `${whyRefused(what)} ${howToAttempt([what])}`;
    },
  };
}

function attemptFor(wish: StartWish): AzureAttempt | undefined {
  if ('startPaused' in wish) return 'pauseOnStart';
  if ('call' in wish) return wish.call === 'azure.server-call' ? 'serverCallId' : undefined;
  const { media, layout, container } = wish.output;
  if (layout !== 'mixed') return undefined;
  if (media === 'audio' && container === 'mp3') return 'mp3';
  return media === 'audio-video' && container === 'mp4' ? 'mp4' : undefined;
}
