import { ChimeSDKMediaPipelinesClient } from '@aws-sdk/client-chime-sdk-media-pipelines';
import { ChimeSDKVoiceClient } from '@aws-sdk/client-chime-sdk-voice';
import { type AwsOptions, clientConfig } from '../aws/client-options.ts';

/** The SDK clients of the region of call analytics. */
export interface InsightsClients {
  readonly pipelines: ChimeSDKMediaPipelinesClient;
  readonly voice: ChimeSDKVoiceClient;
}

/** Made when they are first needed. */
export class InsightsClientPool {
  readonly #options: AwsOptions & { readonly client: object };
  #clients: InsightsClients | undefined;

  constructor(options: AwsOptions & { readonly client: object }) {
    this.#options = options;
  }

  get(): InsightsClients {
    const options = { ...this.#options.client, ...clientConfig(this.#options, this.#options.region) };
    this.#clients ??= {
      pipelines: new ChimeSDKMediaPipelinesClient(options),
      voice: new ChimeSDKVoiceClient(options),
    };
    return this.#clients;
  }

  close(): void {
    this.#clients?.pipelines.destroy();
    this.#clients?.voice.destroy();
    this.#clients = undefined;
  }
}
