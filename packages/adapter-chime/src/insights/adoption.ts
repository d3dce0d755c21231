import type { Adoption, MediaExpectation } from '@onrecord/core';
import { connectorCall } from './call-ref.ts';
import type { ChimeInsightsConfig } from './config.ts';
import { connectorCallKey } from './handle.ts';
import { tracksOf } from './map-pipeline.ts';
import type { About } from './message.ts';
import { enhancedSuffix } from './recording-key.ts';

/** What is adopted of a Voice Connector call, and where its file is expected. */
export function adoptionOf(
  { voiceConnectorId, transactionId, callId, adopted }: About,
  config: ChimeInsightsConfig,
  startedAt: string | undefined,
): { readonly adoption: Adoption; readonly expects: MediaExpectation } | undefined {
  if (!adopted || voiceConnectorId === undefined || transactionId === undefined) return undefined;
  const { instance, region, bucket, prefix } = config;
  const call = connectorCall(
    { voiceConnectorId, transactionId, ...(callId === undefined ? {} : { callId }) },
    { provider: instance, region },
  );
  const container = config.adopt?.container ?? 'wav';
  const folder = [prefix, voiceConnectorId].filter((segment) => segment !== '').join('/');
  return {
    adoption: {
      providerKey: connectorCallKey(voiceConnectorId, transactionId),
      call,
      output: { media: 'audio', layout: 'separate', container },
      ...(startedAt === undefined ? {} : { startedAt }),
    },
    expects: {
      prefix: `s3://${bucket}/${folder}/${transactionId}_`,
      except: enhancedSuffix,
      role: 'master',
      container,
      tracks: tracksOf(call.key),
    },
  };
}
