import { parseCorrelation, type Report } from '@onrecord/core';
import { adopts, type ChimeInsightsConfig } from './config.ts';
import { connectorCallKey, insightsKey } from './handle.ts';
import { correlationName } from './map-pipeline.ts';

/** Members of an event's detail, or of the metadata of a Kinesis record. */
export type Members = Readonly<Record<string, unknown>>;

/** Whom a message is about, and the Voice Connector call if it says so. */
export interface About {
  readonly subject: Report['subject'];
  readonly voiceConnectorId?: string | undefined;
  readonly transactionId?: string | undefined;
  readonly callId?: string | undefined;
  /** A recording that began without us, and is to have a session. */
  readonly adopted: boolean;
}

/**
 * Whose recording a message is about: the correlation that we gave it, or the Voice Connector call whose recordings are
 * adopted, or its pipeline. Undefined for recordings that are none of our business.
 */
export function aboutWhom(
  members: Members,
  config: ChimeInsightsConfig,
  pipelineId: string | undefined,
): About | undefined {
  const correlation = members[correlationName];
  if (typeof correlation === 'string' && parseCorrelation(correlation))
    return { subject: { correlation }, adopted: false };
  const { voiceConnectorId, transactionId, callId, mediaInsightsPipelineConfigurationArn: arn } = members;
  if (typeof voiceConnectorId === 'string' && typeof transactionId === 'string') {
    if (!adopts(config, voiceConnectorId, typeof arn === 'string' ? arn : undefined)) return undefined;
    return {
      subject: { providerKey: connectorCallKey(voiceConnectorId, transactionId) },
      voiceConnectorId,
      transactionId,
      ...(typeof callId === 'string' ? { callId } : {}),
      adopted: true,
    };
  }
  return pipelineId === undefined ? undefined : { subject: { providerKey: insightsKey(pipelineId) }, adopted: false };
}
