import { GetMediaPipelineCommand, type MediaInsightsPipeline } from '@aws-sdk/client-chime-sdk-media-pipelines';
import { isNotFound } from '../aws/classify-error.ts';
import type { InsightsClients } from './client.ts';
import type { ElementStatus } from './map-elements.ts';

/** What GetMediaPipeline tells of a pipeline. */
export interface PipelineState {
  readonly status: string | undefined;
  readonly elements: readonly ElementStatus[];
  /** RFC 3339. */
  readonly createdAt: string | undefined;
  /** RFC 3339: end of the fragments that are to be recorded. */
  readonly until: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  readonly arn: string | undefined;
}

/** `gone` when the service does not know the pipeline any more. @throws what the SDK throws otherwise. */
export async function askPipeline(
  { pipelines }: InsightsClients,
  pipelineId: string,
  signal: AbortSignal,
): Promise<PipelineState | 'gone'> {
  try {
    const { MediaPipeline } = await pipelines.send(new GetMediaPipelineCommand({ MediaPipelineId: pipelineId }), {
      abortSignal: signal,
    });
    return stateOf(MediaPipeline?.MediaInsightsPipeline);
  } catch (error) {
    if (isNotFound(error)) return 'gone';
    throw error;
  }
}

function stateOf(pipeline: MediaInsightsPipeline | undefined): PipelineState {
  const range = pipeline?.KinesisVideoStreamRecordingSourceRuntimeConfiguration?.FragmentSelector?.TimestampRange;
  return {
    status: pipeline?.Status,
    elements: (pipeline?.ElementStatuses ?? []).map(({ Type = '', Status = '' }) => ({ type: Type, status: Status })),
    createdAt: pipeline?.CreatedTimestamp?.toISOString(),
    until: range?.EndTimestamp?.toISOString(),
    metadata: pipeline?.MediaInsightsRuntimeMetadata ?? {},
    arn: pipeline?.MediaPipelineArn,
  };
}

/** Whether the service says that a pipeline is in no state for the request: it is stopping, or has stopped. */
export function isConflict(error: unknown): boolean {
  const known = error as { readonly $metadata?: { readonly httpStatusCode?: number } } | null;
  return known?.$metadata?.httpStatusCode === 409;
}
