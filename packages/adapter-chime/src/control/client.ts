import { ChimeSDKVoiceClient } from '@aws-sdk/client-chime-sdk-voice';
import { clientConfig } from '../aws/client-options.ts';
import type { ChimeSmaOptions } from './config.ts';

/** One client per control region of the calls. */
export class VoiceClients {
  readonly #options: ChimeSmaOptions;
  readonly #clients = new Map<string, ChimeSDKVoiceClient>();

  constructor(options: ChimeSmaOptions) {
    this.#options = options;
  }

  in(region: string = this.#options.region): ChimeSDKVoiceClient {
    const known = this.#clients.get(region);
    if (known) return known;
    const { client = {} } = this.#options;
    const made = new ChimeSDKVoiceClient({ ...client, ...clientConfig(this.#options, region) });
    this.#clients.set(region, made);
    return made;
  }

  close(): void {
    for (const client of this.#clients.values()) client.destroy();
    this.#clients.clear();
  }
}
