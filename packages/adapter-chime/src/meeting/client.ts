import { ChimeSDKMediaPipelinesClient } from '@aws-sdk/client-chime-sdk-media-pipelines';
import { ChimeSDKMeetingsClient } from '@aws-sdk/client-chime-sdk-meetings';
import { clientConfig } from '../aws/client-options.ts';
import type { ChimeMeetingConfig } from './config.ts';

/** The SDK clients of one control region: a pipeline is managed where it was created. */
export interface MeetingClients {
  readonly pipelines: ChimeSDKMediaPipelinesClient;
  readonly meetings: ChimeSDKMeetingsClient;
}

/** Clients by control region, made when they are first needed. */
export class MeetingClientPool {
  readonly #config: ChimeMeetingConfig;
  readonly #clients = new Map<string, MeetingClients>();

  constructor(config: ChimeMeetingConfig) {
    this.#config = config;
  }

  in(region: string = this.#config.region): MeetingClients {
    const known = this.#clients.get(region);
    if (known) return known;
    const options = { ...this.#config.client, ...clientConfig(this.#config, region) };
    const made = {
      pipelines: new ChimeSDKMediaPipelinesClient(options),
      meetings: new ChimeSDKMeetingsClient(options),
    };
    this.#clients.set(region, made);
    return made;
  }

  close(): void {
    for (const { pipelines, meetings } of this.#clients.values()) {
      pipelines.destroy();
      meetings.destroy();
    }
    this.#clients.clear();
  }
}
