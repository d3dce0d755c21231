import {
  type ChimeSDKMediaPipelinesClient,
  GetMediaPipelineCommand,
  ListTagsForResourceCommand,
  type MediaPipeline,
  paginateListMediaPipelines,
} from '@aws-sdk/client-chime-sdk-media-pipelines';
import type { PartTarget } from '@onrecord/core';
import { isNotFound } from '../../aws/classify-error.ts';
import { readMeeting } from '../call-ref.ts';
import { sessionTag } from '../capture/tags.ts';
import type { SideKind } from './side-plan.ts';

/** What is read of either pipeline. */
export interface SidePipeline {
  readonly MediaPipelineId?: string | undefined;
  readonly MediaPipelineArn?: string | undefined;
  readonly Status?: string | undefined;
}

/**
 * A pipeline of this session that lives, by its tag: a meeting may have one that somebody else made, and that is nobody's
 * business here. Undefined when there is none.
 */
export async function findSide(
  client: ChimeSDKMediaPipelinesClient,
  part: Pick<PartTarget, 'call' | 'sessionId'>,
  kind: SideKind,
  signal: AbortSignal,
): Promise<SidePipeline | undefined> {
  const { meetingId } = readMeeting(part.call);
  for await (const page of paginateListMediaPipelines({ client }, {})) {
    signal.throwIfAborted();
    for (const { MediaPipelineId } of page.MediaPipelines ?? []) {
      const pipeline = await readPipeline(client, MediaPipelineId, signal);
      const side = pipeline && sideOf(pipeline, kind);
      if (!side || !isAlive(side) || !sourcesOf(pipeline, kind).some((arn) => arn.endsWith(meetingId))) continue;
      if (await isOurs(client, side, part, signal)) return side;
    }
  }
  return undefined;
}

/** A pipeline of whatever type; undefined when the service knows it no more. */
export async function readPipeline(
  client: ChimeSDKMediaPipelinesClient,
  MediaPipelineId: string | undefined,
  signal: AbortSignal,
): Promise<MediaPipeline | undefined> {
  try {
    const command = new GetMediaPipelineCommand({ MediaPipelineId });
    return (await client.send(command, { abortSignal: signal })).MediaPipeline;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

export function sideOf(pipeline: MediaPipeline | undefined, kind: SideKind): SidePipeline | undefined {
  return kind === 'live' ? pipeline?.MediaLiveConnectorPipeline : pipeline?.MediaStreamPipeline;
}

function isAlive({ Status }: SidePipeline): boolean {
  return Status !== 'Stopping' && Status !== 'Stopped' && Status !== 'Failed';
}

function sourcesOf(pipeline: MediaPipeline, kind: SideKind): readonly string[] {
  if (kind === 'streams') return (pipeline.MediaStreamPipeline?.Sources ?? []).map(({ SourceArn = '' }) => SourceArn);
  const sources = pipeline.MediaLiveConnectorPipeline?.Sources ?? [];
  return sources.map((source) => source.ChimeSdkMeetingLiveConnectorConfiguration?.Arn ?? '');
}

async function isOurs(
  client: ChimeSDKMediaPipelinesClient,
  { MediaPipelineArn }: SidePipeline,
  { sessionId }: Pick<PartTarget, 'sessionId'>,
  signal: AbortSignal,
): Promise<boolean> {
  const command = new ListTagsForResourceCommand({ ResourceARN: MediaPipelineArn });
  const { Tags = [] } = await client.send(command, { abortSignal: signal });
  return Tags.some(({ Key, Value }) => Key === sessionTag && Value === sessionId);
}
