import { openAzure } from './azure.ts';
import { openChimeMeeting } from './chime-meeting.ts';
import { openChimeSma } from './chime-sma.ts';
import type { Scene } from './scene.ts';

/** Every provider of the demo, by the name of its configuration. */
export const providers = {
  'chime-sma': () => openChimeSma(),
  'chime-meeting': openChimeMeeting,
  azure: openAzure,
} as const satisfies Readonly<Record<string, () => Promise<Scene>>>;

export type ProviderName = keyof typeof providers;

export const providerNames = Object.keys(providers) as readonly ProviderName[];
