import {
  agentPolicy,
  createDefaultHttpClient,
  createEmptyPipeline,
  type Pipeline,
  type PipelineRequest,
  type PipelineResponse,
  proxyPolicy,
  tlsPolicy,
  userAgentPolicy,
} from '@azure/core-rest-pipeline';
import type { AzureConfig } from './config/config.ts';

/** Sends one request over the same agent, proxy, TLS settings and HTTP client as the SDK. Repeats and follows nothing. */
export interface Transport {
  readonly pipeline: Pipeline;
  send(request: PipelineRequest): Promise<PipelineResponse>;
}

export function createTransport({ client }: Pick<AzureConfig, 'client'>): Transport {
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(userAgentPolicy(client.userAgentOptions));
  // After signing, because that is where a download's URL becomes the one it is really sent to.
  pipeline.addPolicy(proxyPolicy(client.proxyOptions), { afterPhase: 'Sign' });
  if (client.agent) pipeline.addPolicy(agentPolicy(client.agent));
  if (client.tlsOptions) pipeline.addPolicy(tlsPolicy(client.tlsOptions));
  const httpClient = client.httpClient ?? createDefaultHttpClient();
  return { pipeline, send: (request) => pipeline.sendRequest(httpClient, request) };
}
