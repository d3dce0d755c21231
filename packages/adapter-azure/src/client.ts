import { CallAutomationClient, type CallMedia, type CallRecording } from '@azure/communication-call-automation';
import type { AzureConfig } from './config/config.ts';
import { type ContentClient, createContentClient } from './content/content-client.ts';

/** The SDK clients beneath the driver: the escape hatch. */
export interface AzureNative {
  readonly client: CallAutomationClient;
  readonly recording: CallRecording;
}

/** Everything that speaks to the service. */
export interface AzureClients extends AzureNative {
  readonly content: ContentClient;
  /** For questions on whose answer somebody waits: the SDK does not repeat them. */
  readonly askOnce: CallRecording;
  /** Media commands of one of our legs. They carry no idempotency token, so the SDK must never repeat them. */
  media(callConnectionId: string): CallMedia;
}

export function createClients(config: AzureConfig): AzureClients {
  const { endpoint, credential } = config;
  // The SDK writes into the options that it is given.
  const clientWith = (options: AzureConfig['client']) =>
    new CallAutomationClient(endpoint.origin, credential, { ...options });
  const client = clientWith(config.client);
  const unrepeated = clientWith({ ...config.client, retryOptions: { maxRetries: 0 } });
  return {
    client,
    recording: client.getCallRecording(),
    content: createContentClient(config),
    askOnce: unrepeated.getCallRecording(),
    media: (callConnectionId) => unrepeated.getCallConnection(callConnectionId).getCallMedia(),
  };
}
