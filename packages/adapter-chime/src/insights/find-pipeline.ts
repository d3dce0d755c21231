import { paginateListMediaPipelines } from '@aws-sdk/client-chime-sdk-media-pipelines';
import { askPipeline } from './ask-pipeline.ts';
import type { InsightsClients } from './client.ts';
import type { InsightsHandle } from './handle.ts';
import { correlationName } from './map-pipeline.ts';

/**
 * The pipeline that carries this correlation. A list names only ids, of pipelines of every type, so each is asked for;
 * there are at most a hundred in a region.
 */
export async function findPipeline(
  clients: InsightsClients,
  correlation: string,
  signal: AbortSignal,
): Promise<InsightsHandle | undefined> {
  for await (const page of paginateListMediaPipelines({ client: clients.pipelines }, {})) {
    signal.throwIfAborted();
    for (const { MediaPipelineId: pipelineId, MediaPipelineArn: pipelineArn } of page.MediaPipelines ?? []) {
      if (pipelineId === undefined || pipelineArn === undefined) continue;
      const state = await askPipeline(clients, pipelineId, signal);
      if (state !== 'gone' && state.metadata[correlationName] === correlation) return { pipelineId, pipelineArn };
    }
  }
  return undefined;
}
