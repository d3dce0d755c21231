import {
  CreateMediaCapturePipelineCommand,
  DeleteMediaCapturePipelineCommand,
  GetMediaPipelineCommand,
  type MediaCapturePipeline,
} from '@aws-sdk/client-chime-sdk-media-pipelines';
import { GetMeetingCommand } from '@aws-sdk/client-chime-sdk-meetings';
import type { DriverContext, Seen, StartPlan } from '@onrecord/core';
import { isNotFound } from '../../aws/classify-error.ts';
import type { MeetingClients } from '../client.ts';
import type { ChimeMeetingConfig } from '../config.ts';
import { captureRequest, limitedStart } from '../map-capture.ts';
import { seenGone, seenInStatus } from '../map-status.ts';
import { isLimit, limitReached } from './limit-reached.ts';

/** Creates the capture of a start, or finds that an earlier attempt did. */
export async function createCapture(
  clients: MeetingClients,
  plan: StartPlan,
  config: ChimeMeetingConfig,
  { signal, clock }: DriverContext,
): Promise<MediaCapturePipeline | undefined> {
  const command = new CreateMediaCapturePipelineCommand(captureRequest(plan, config));
  try {
    return (await clients.pipelines.send(command, { abortSignal: signal })).MediaCapturePipeline;
  } catch (refusal) {
    if (!isLimit(refusal)) throw refusal;
    return limitReached(clients, limitedStart(plan, config, clock.now()), refusal, signal);
  }
}

/** Deleting is stopping: nothing that was captured goes away. */
export async function stopCapture(
  { pipelines }: MeetingClients,
  pipelineId: string,
  signal: AbortSignal,
): Promise<'stopping' | 'gone'> {
  try {
    await pipelines.send(new DeleteMediaCapturePipelineCommand({ MediaPipelineId: pipelineId }), {
      abortSignal: signal,
    });
    return 'stopping';
  } catch (error) {
    if (isNotFound(error)) return 'gone';
    throw error;
  }
}

/** What the service says of a capture; undefined where that proves nothing. */
export async function captureStatus(
  { pipelines }: MeetingClients,
  pipelineId: string,
  signal: AbortSignal,
): Promise<Seen | undefined> {
  try {
    const command = new GetMediaPipelineCommand({ MediaPipelineId: pipelineId });
    const { MediaPipeline } = await pipelines.send(command, { abortSignal: signal });
    return seenInStatus(MediaPipeline?.MediaCapturePipeline?.Status);
  } catch (error) {
    if (isNotFound(error)) return seenGone;
    throw error;
  }
}

/** Undefined when the service cannot be asked: the reason of an end is worth no failure. */
export async function meetingIsOver(
  { meetings }: MeetingClients,
  meetingId: string,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  try {
    await meetings.send(new GetMeetingCommand({ MeetingId: meetingId }), { abortSignal: signal });
    return false;
  } catch (error) {
    return isNotFound(error) ? true : undefined;
  }
}
