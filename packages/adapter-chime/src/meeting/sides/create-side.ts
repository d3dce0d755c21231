import {
  CreateMediaLiveConnectorPipelineCommand,
  CreateMediaStreamPipelineCommand,
  GetMediaPipelineKinesisVideoStreamPoolCommand,
} from '@aws-sdk/client-chime-sdk-media-pipelines';
import { OnRecordError, type PartTarget } from '@onrecord/core';
import { classifyAwsError, isNotFound } from '../../aws/classify-error.ts';
import { meetingArn, readMeeting } from '../call-ref.ts';
import { findSide, type SidePipeline } from './find-side.ts';
import type { SideKind, SidePlan, StreamPlan } from './side-plan.ts';
import { liveRequest, sideToken, streamRequest } from './side-requests.ts';
import type { SideWork } from './side-work.ts';

/** A side output that was begun. */
export interface Begun {
  readonly pipelineId: string;
  /** Hours, by type of stream. */
  readonly retentionHours?: { readonly [type: string]: number } | undefined;
}

/**
 * Creates the pipeline of a side output, or finds the one that an earlier attempt created and whose answer was lost.
 * @throws what the SDK throws; OnRecordError where the configuration or a pool does not allow it
 */
export async function createSide(
  part: PartTarget,
  plan: SidePlan,
  kind: SideKind,
  work: SideWork,
  signal: AbortSignal,
): Promise<Begun> {
  const arn = meetingArn(readMeeting(part.call), work.accountId);
  const token = sideToken(plan.token, kind);
  const send = kind === 'live' ? createLive : createStreams;
  const { create, ...rest } = await send(part, plan, { arn, token }, work, signal);
  const made = await create().catch(async (error: unknown) => {
    const limited = classifyAwsError(error, 'safe').code === 'quota-exceeded';
    const found = limited ? await findSide(work.client, part, kind, signal) : undefined;
    if (found) return found;
    throw error;
  });
  const pipelineId = made?.MediaPipelineId;
  if (!pipelineId) throw new OnRecordError('provider-contract', 'The answer names no pipeline.', { retry: 'safe' });
  return { pipelineId, ...rest };
}

interface Source {
  readonly arn: string;
  readonly token: string;
}
interface Creation extends Omit<Begun, 'pipelineId'> {
  readonly create: () => Promise<SidePipeline | undefined>;
}

async function createLive(
  part: PartTarget,
  plan: SidePlan,
  { arn, token }: Source,
  { client, config }: SideWork,
  abortSignal: AbortSignal,
): Promise<Creation> {
  const output = Object.hasOwn(config.live, plan.live ?? '') ? config.live[plan.live ?? ''] : undefined;
  if (!output) throw new OnRecordError('invalid-request', 'It is not in sides.live of the options of this process.');
  const command = new CreateMediaLiveConnectorPipelineCommand(liveRequest(part, arn, token, output));
  return {
    create: async () => (await client.send(command, { abortSignal })).MediaLiveConnectorPipeline,
  };
}

async function createStreams(
  part: PartTarget,
  { streams = [] }: SidePlan,
  { arn, token }: Source,
  work: SideWork,
  abortSignal: AbortSignal,
): Promise<Creation> {
  const opened = await Promise.all(streams.map((stream) => openPool(stream, work, abortSignal)));
  const command = new CreateMediaStreamPipelineCommand(streamRequest(part, arn, token, opened));
  const known = opened.flatMap(({ type, retentionHours }) =>
    retentionHours === undefined ? [] : [[type, retentionHours] as const],
  );
  return {
    create: async () => (await work.client.send(command, { abortSignal })).MediaStreamPipeline,
    retentionHours: Object.fromEntries(known),
  };
}

/** A stream output and the pool that it goes into. */
interface OpenedPool extends Pick<StreamPlan, 'pool' | 'type' | 'capacity'> {
  readonly poolArn: string;
  readonly retentionHours: number | undefined;
}

async function openPool(stream: StreamPlan, { client }: SideWork, abortSignal: AbortSignal): Promise<OpenedPool> {
  const command = new GetMediaPipelineKinesisVideoStreamPoolCommand({ Identifier: stream.pool });
  const answer = await client.send(command, { abortSignal }).catch((error: unknown) => {
    if (isNotFound(error)) throw new OnRecordError('not-found', `There is no pool ${stream.pool}.`);
    throw error;
  });
  const { PoolArn, PoolStatus, StreamConfiguration } = answer.KinesisVideoStreamPoolConfiguration ?? {};
  if (!PoolArn || PoolStatus === 'CREATING') {
    throw new OnRecordError('unavailable', `The pool ${stream.pool} is not ready.`, { retry: 'safe' });
  }
  if (PoolStatus === 'DELETING' || PoolStatus === 'FAILED') {
    throw new OnRecordError('invalid-state', `The pool ${stream.pool} is ${PoolStatus}.`);
  }
  const { pool, type, capacity } = stream;
  return { pool, type, capacity, poolArn: PoolArn, retentionHours: StreamConfiguration?.DataRetentionInHours };
}
