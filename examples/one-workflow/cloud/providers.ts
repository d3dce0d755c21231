import { openAsterisk } from './asterisk.ts';
import { openAzure } from './azure.ts';
import { openChimeMeeting } from './chime-meeting.ts';
import { openChimeSma } from './chime-sma.ts';
import type { Scene } from './scene.ts';

/** Every provider of the demo, by the name of its configuration. */
export const providers = {
  'chime-sma': () => openChimeSma(),
  'chime-meeting': openChimeMeeting,
  azure: openAzure,
  asterisk: openAsterisk,
} as const satisfies Readonly<Record<string, () => Promise<Scene>>>;

export type ProviderName = keyof typeof providers;

export const providerNames = Object.keys(providers) as readonly ProviderName[];

/** Those that need nothing but this repository. */
export const simulatedNames: readonly ProviderName[] = providerNames.filter((name) => name !== 'asterisk');
