import { ChimeSDKMediaPipelinesClient } from '@aws-sdk/client-chime-sdk-media-pipelines';
import { ChimeSDKMeetingsClient } from '@aws-sdk/client-chime-sdk-meetings';
import { ChimeSDKVoiceClient } from '@aws-sdk/client-chime-sdk-voice';
import type { SimulatedChime } from '../simulated-chime.ts';

/** The vendor's own clients, untouched, told where the simulator is. */
export interface Clients extends Disposable {
  readonly voice: ChimeSDKVoiceClient;
  readonly meetings: ChimeSDKMeetingsClient;
  readonly pipelines: ChimeSDKMediaPipelinesClient;
}

export function openClients(chime: SimulatedChime, more: { readonly maxAttempts?: number } = {}): Clients {
  const config = { ...chime.clientConfig(), maxAttempts: 1, ...more };
  const voice = new ChimeSDKVoiceClient(config);
  const meetings = new ChimeSDKMeetingsClient(config);
  const pipelines = new ChimeSDKMediaPipelinesClient(config);
  return {
    voice,
    meetings,
    pipelines,
    [Symbol.dispose]: () => {
      for (const client of [voice, meetings, pipelines]) client.destroy();
    },
  };
}
