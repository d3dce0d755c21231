import { GetMediaPipelineCommand } from '@aws-sdk/client-chime-sdk-media-pipelines';
import { isNotFound } from '../../aws/classify-error.ts';
import type { MeetingClients } from '../client.ts';

/** Whether a concatenation counts no more among the active pipelines; one that is not known any more does not. */
export async function isOver(
  { pipelines }: MeetingClients,
  concatenationId: string,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const command = new GetMediaPipelineCommand({ MediaPipelineId: concatenationId });
    const { MediaPipeline } = await pipelines.send(command, { abortSignal: signal });
    const status = MediaPipeline?.MediaConcatenationPipeline?.Status;
    return status === 'Stopped' || status === 'Failed';
  } catch (error) {
    if (isNotFound(error)) return true;
    throw error;
  }
}
