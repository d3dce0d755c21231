import { azureCapabilities } from './acs-standalone.ts';
import { teamsPhoneCapabilities } from './teams-phone.ts';
import type { AzureAttempt } from './undocumented.ts';

/** Which calls a resource has: its own and VoIP (`acs-standalone`), or those of Teams Phone extensibility. */
export const azureProfiles = ['acs-standalone', 'teams-phone'] as const;

export type AzureProfile = (typeof azureProfiles)[number];

type TeamsPhone = typeof teamsPhoneCapabilities;

interface AttemptedOutputs {
  readonly mp3: { readonly media: 'audio'; readonly layout: 'mixed'; readonly container: 'mp3' };
  readonly mp4: { readonly media: 'audio-video'; readonly layout: 'mixed'; readonly container: 'mp4' };
}

const attemptedOutputs: AttemptedOutputs = {
  mp3: { media: 'audio', layout: 'mixed', container: 'mp3' },
  mp4: { media: 'audio-video', layout: 'mixed', container: 'mp4' },
};

/** Teams Phone with what is attempted all the same. */
interface Attempting<A extends AzureAttempt> extends Omit<TeamsPhone, 'calls' | 'outputs' | 'pause'> {
  readonly calls: readonly (TeamsPhone['calls'][number] | 'azure.server-call')[];
  readonly outputs: readonly (TeamsPhone['outputs'][number] | AttemptedOutputs[A & keyof AttemptedOutputs])[];
  readonly pause: Omit<TeamsPhone['pause'], 'startPaused'> & { readonly startPaused: boolean };
}

/** The literal of a profile; under `teams-phone` with whatever the option `attempt` adds. */
export type AzureCapabilities<
  P extends AzureProfile = AzureProfile,
  A extends AzureAttempt = AzureAttempt,
> = P extends 'teams-phone' ? ([A] extends [never] ? TeamsPhone : Attempting<A>) : typeof azureCapabilities;

/**
 * What recording can do under a profile: the literal that types, guards and contract cases follow.
 * @param attempt what is sent although no page says that it works; see {@link unknownUnder}. Nothing of it under
 * `acs-standalone`.
 */
export function capabilitiesFor<P extends AzureProfile, A extends AzureAttempt = never>(
  profile: P,
  attempt?: readonly A[],
): AzureCapabilities<P, A>;
export function capabilitiesFor(
  profile: AzureProfile,
  attempt: readonly AzureAttempt[] = [],
): typeof azureCapabilities | TeamsPhone | Attempting<AzureAttempt> {
  if (profile === 'acs-standalone') return azureCapabilities;
  if (attempt.length === 0) return teamsPhoneCapabilities;
  const { calls, outputs, pause } = teamsPhoneCapabilities;
  return {
    ...teamsPhoneCapabilities,
    calls: [...calls, ...(attempt.includes('serverCallId') ? (['azure.server-call'] as const) : [])],
    outputs: [
      ...outputs,
      ...(attempt.includes('mp3') ? [attemptedOutputs.mp3] : []),
      ...(attempt.includes('mp4') ? [attemptedOutputs.mp4] : []),
    ],
    pause: { ...pause, startPaused: attempt.includes('pauseOnStart') },
  };
}
