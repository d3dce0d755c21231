/**
 * Type tests, compiled by `npm run test:types`: what does not compile here must not compile, or the unused
 * `@ts-expect-error` is the failure.
 */
import { type Capabilities, createRecorder } from '@onrecord/core';
import {
  type AzureCallAutomationDriver,
  type AzureOptions,
  azure,
  azureCapabilities,
  azureServerCall,
  capabilitiesFor,
  teamsPhoneCapabilities,
} from '../index.ts';

type Equal<Left, Right> = [Left] extends [Right] ? ([Right] extends [Left] ? true : false) : false;
function holds<T extends true>(): T | undefined {
  return undefined;
}

// Each literal is a whole set of capabilities.
export const literals: readonly Capabilities[] = [azureCapabilities, teamsPhoneCapabilities];

const standalone = capabilitiesFor('acs-standalone');
const teamsPhone = capabilitiesFor('teams-phone');
holds<Equal<typeof standalone, typeof azureCapabilities>>();
holds<Equal<typeof teamsPhone, typeof teamsPhoneCapabilities>>();

const call = azureServerCall({ callConnectionId: 'c', serverCallId: 's' });
const mp3 = { media: 'audio', layout: 'mixed', container: 'mp3' } as const;
const mp4 = { media: 'audio-video', layout: 'mixed', container: 'mp4' } as const;
const wav = { media: 'audio', layout: 'separate', container: 'wav' } as const;

export async function standaloneRecordsEverything(options: AzureOptions): Promise<void> {
  const recorder = createRecorder(azure({ ...options, profile: 'acs-standalone', attempt: undefined }));
  const session = await recorder.start({ call, output: mp4 });
  await session.pause();
  await recorder.announce(call, { text: 'This call is recorded.' });
  // @ts-expect-error nothing is thrown away by Call Automation
  await session.discard();
}

export async function withoutAProfileItIsStandalone(connectionString: string): Promise<void> {
  const driver = azure({ connectionString });
  holds<Equal<typeof driver.capabilities, typeof azureCapabilities>>();
  await createRecorder(driver).start({ call, output: mp3 });
}

export async function teamsPhoneRecordsWhatIsDocumented(connectionString: string): Promise<void> {
  const recorder = createRecorder(azure({ connectionString, profile: 'teams-phone' }));
  const session = await recorder.start({ call, output: wav });
  await session.pause();
  await session.resume();
  await recorder.announce(call, { text: 'This call is recorded.' });
  // @ts-expect-error MP3 is not documented under Teams Phone
  await recorder.start({ call, output: mp3 });
  // @ts-expect-error nor is video
  await recorder.start({ call, output: mp4 });
  // @ts-expect-error and nothing is thrown away
  await session.discard();
}

export async function whatIsAttemptedCompiles(connectionString: string): Promise<void> {
  const driver = azure({ connectionString, profile: 'teams-phone', attempt: ['mp3', 'pauseOnStart'] });
  const recorder = createRecorder(driver);
  await recorder.start({ call, output: mp3, startPaused: true });
  // @ts-expect-error only what is named is attempted
  await recorder.start({ call, output: mp4 });
}

export function namesOfProfilesAndAttempts(connectionString: string): void {
  // @ts-expect-error there is no such profile
  azure({ connectionString, profile: 'teams' });
  // @ts-expect-error nothing of that name can be attempted
  azure({ connectionString, profile: 'teams-phone', attempt: ['wav'] });
}

/** A driver of any profile, as a configuration gives it. */
export function ofAConfiguration(options: AzureOptions): AzureCallAutomationDriver {
  return azure(options);
}
