import {
  GetMediaCapturePipelineCommand,
  type MediaCapturePipeline,
  paginateListMediaCapturePipelines,
} from '@aws-sdk/client-chime-sdk-media-pipelines';
import { isNotFound } from '../aws/classify-error.ts';
import type { MeetingClients } from './client.ts';

/**
 * The capture pipelines of a region that are not over. A list names only ids, so each pipeline is asked for; there are at
 * most a hundred of them in a region.
 */
export async function* captures(
  { pipelines }: MeetingClients,
  signal: AbortSignal,
): AsyncGenerator<MediaCapturePipeline> {
  const pages = paginateListMediaCapturePipelines({ client: pipelines }, {});
  for await (const page of pages) {
    signal.throwIfAborted();
    for (const { MediaPipelineId } of page.MediaCapturePipelines ?? []) {
      const { MediaCapturePipeline: found } = await pipelines
        .send(new GetMediaCapturePipelineCommand({ MediaPipelineId }), { abortSignal: signal })
        .catch((error: unknown) => {
          if (isNotFound(error)) return { MediaCapturePipeline: undefined };
          throw error;
        });
      if (found) yield found;
    }
  }
}

/** The pipeline that writes to this sink. */
export async function findCapture(
  clients: MeetingClients,
  sinkArn: string,
  signal: AbortSignal,
): Promise<MediaCapturePipeline | undefined> {
  for await (const found of captures(clients, signal)) {
    if (found.SinkArn === sinkArn) return found;
  }
  return undefined;
}
