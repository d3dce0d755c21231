import { type Json, OnRecordError, type PartTarget } from '@onrecord/core';

/** What names a media insights pipeline in later requests. */
export interface InsightsHandle {
  readonly [member: string]: string;
  readonly pipelineId: string;
  readonly pipelineArn: string;
}

/** @throws OnRecordError `provider-contract` when the answer names no pipeline. */
export function handleOf(
  pipeline:
    | { readonly MediaPipelineId?: string | undefined; readonly MediaPipelineArn?: string | undefined }
    | undefined,
): InsightsHandle {
  const { MediaPipelineId: pipelineId, MediaPipelineArn: pipelineArn } = pipeline ?? {};
  if (!pipelineId || !pipelineArn) {
    throw new OnRecordError('provider-contract', 'The answer names no media insights pipeline.', {
      blame: 'provider',
      retry: 'only-with-same-key',
    });
  }
  return { pipelineId, pipelineArn };
}

/** From the ARN in an event; undefined for anything else. */
export function handleFromArn(pipelineArn: unknown): InsightsHandle | undefined {
  const [, pipelineId] =
    /^arn:[\w-]+:chime:[a-z0-9-]*:\d{12}:media-pipeline\/([\w-]+)$/.exec(String(pipelineArn)) ?? [];
  return pipelineId === undefined ? undefined : { pipelineId, pipelineArn: String(pipelineArn) };
}

/** The handle of a part; undefined while nobody knows its pipeline. */
export function knownHandle(part: Pick<PartTarget, 'handle'>): InsightsHandle | undefined {
  const handle = part.handle as { readonly pipelineId?: Json; readonly pipelineArn?: Json } | null | undefined;
  const { pipelineId, pipelineArn } = handle ?? {};
  return typeof pipelineId === 'string' && typeof pipelineArn === 'string' ? { pipelineId, pipelineArn } : undefined;
}

/** Provider key of a pipeline. */
export const insightsKey = (pipelineId: string): string => `chime-insights/${pipelineId}`;

/** Provider key of a Voice Connector call: one pipeline is created for each transaction. */
export const connectorCallKey = (voiceConnectorId: string, transactionId: string): string =>
  `chime-voice-connector/${voiceConnectorId}/${transactionId}`;
