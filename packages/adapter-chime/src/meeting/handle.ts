import type { MediaCapturePipeline } from '@aws-sdk/client-chime-sdk-media-pipelines';
import { type Json, OnRecordError, type PartTarget } from '@onrecord/core';

/** What names a capture pipeline in later requests. */
export interface CaptureHandle {
  readonly [member: string]: string;
  readonly pipelineId: string;
  readonly pipelineArn: string;
}

/** @throws OnRecordError `provider-contract` when the answer names no pipeline. */
export function handleOf(pipeline: MediaCapturePipeline | undefined): CaptureHandle {
  const { MediaPipelineId: pipelineId, MediaPipelineArn: pipelineArn } = pipeline ?? {};
  if (!pipelineId || !pipelineArn) {
    throw new OnRecordError('provider-contract', 'The answer names no media capture pipeline.', {
      blame: 'provider',
      retry: 'only-with-same-key',
    });
  }
  return { pipelineId, pipelineArn };
}

/** The handle of a part; undefined while its start was not answered. */
export function knownHandle(part: Pick<PartTarget, 'handle'>): CaptureHandle | undefined {
  const handle = part.handle as { readonly pipelineId?: Json; readonly pipelineArn?: Json } | null | undefined;
  const { pipelineId, pipelineArn } = handle ?? {};
  return typeof pipelineId === 'string' && typeof pipelineArn === 'string' ? { pipelineId, pipelineArn } : undefined;
}

/**
 * Provider keys. Capture and concatenation pipelines send the same events, without their type: each has a key of its own
 * kind, and an event is offered under both.
 */
export const captureKey = (pipelineId: string): string => `chime-capture/${pipelineId}`;
export const concatenationKey = (pipelineId: string): string => `chime-concatenation/${pipelineId}`;
