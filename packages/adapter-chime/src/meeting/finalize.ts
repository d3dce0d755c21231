import {
  CreateMediaConcatenationPipelineCommand,
  GetMediaPipelineCommand,
} from '@aws-sdk/client-chime-sdk-media-pipelines';
import { type DriverContext, derivedId, type Outcome, type PartTarget, type Seen } from '@onrecord/core';
import { isNotFound } from '../aws/classify-error.ts';
import type { MeetingClients } from './client.ts';
import type { ChimeMeetingConfig, MeetingVideo } from './config.ts';
import { concatenationKey, knownHandle } from './handle.ts';
import { concatenated, concatenationRequest } from './map-concatenation.ts';

/** A failed concatenation is made anew so often in all. */
const maxAttempts = 3;

export interface FinalStep {
  readonly stepId: string;
  readonly token: string;
}

/** Observation of a step of the concatenation, as a report is made of it. */
export type Observe = (name: string, seen: Seen) => NonNullable<Outcome['reports']>[number];

/**
 * Makes the file of a part that is over: creates its concatenation, then waits for its end, which an event tells or the
 * service does when asked. The same facts lead to the same step, and the same attempt carries the same token.
 */
export async function finalize(
  clients: MeetingClients,
  part: PartTarget,
  step: FinalStep,
  config: ChimeMeetingConfig,
  observe: Observe,
  { signal }: DriverContext,
): Promise<Outcome> {
  const handle = knownHandle(part);
  if (!handle) return { kind: 'accepted' };
  const { concatenationId, concatenationAttempt, video } = part.facts ?? {};
  const attempt = typeof concatenationAttempt === 'number' ? concatenationAttempt : 1;
  const picture = video === 'active-speaker' || video === 'composited' ? video : undefined;
  if (typeof concatenationId !== 'string') {
    return create(clients, part, { ...handle, video: picture, token: tokenOf(step, attempt) }, config, observe, signal);
  }
  const status = await statusOf(clients, part, concatenationId, signal);
  switch (status) {
    case 'done':
      return {
        kind: 'done',
        reports: [
          observe(`concatenated/${concatenationId}`, {
            expects: [concatenated(part, concatenationId, picture, config)],
          }),
        ],
      };
    case 'failed': {
      if (attempt >= maxAttempts) {
        return { kind: 'done', reports: [observe('not-concatenated', { facts: { concatenationFailed: true } })] };
      }
      const facts = { concatenationId: null, concatenationAttempt: attempt + 1 };
      return { kind: 'accepted', reports: [observe(`concatenation-failed/${attempt}`, { facts })] };
    }
    default:
      return { kind: 'accepted' };
  }
}

async function create(
  { pipelines }: MeetingClients,
  part: PartTarget,
  source: { readonly pipelineArn: string; readonly video: MeetingVideo | undefined; readonly token: string },
  config: ChimeMeetingConfig,
  observe: Observe,
  signal: AbortSignal,
): Promise<Outcome> {
  const { MediaConcatenationPipeline: made } = await pipelines.send(
    new CreateMediaConcatenationPipelineCommand(concatenationRequest(part, source, config)),
    { abortSignal: signal },
  );
  const concatenationId = made?.MediaPipelineId;
  if (!concatenationId) return { kind: 'accepted' };
  const providerKeys = [concatenationKey(concatenationId)];
  return {
    kind: 'accepted',
    providerKeys,
    reports: [observe(`concatenation/${concatenationId}`, { facts: { concatenationId }, providerKeys })],
  };
}

/** An event may have told it already; a pipeline that is not known any more has done its work. */
async function statusOf(
  { pipelines }: MeetingClients,
  part: PartTarget,
  concatenationId: string,
  signal: AbortSignal,
): Promise<'done' | 'failed' | 'working'> {
  const told = part.facts?.[`concatenation/${concatenationId}`];
  if (told === 'done' || told === 'failed') return told;
  try {
    const { MediaPipeline } = await pipelines.send(new GetMediaPipelineCommand({ MediaPipelineId: concatenationId }), {
      abortSignal: signal,
    });
    const status = MediaPipeline?.MediaConcatenationPipeline?.Status;
    return status === 'Stopped' ? 'done' : status === 'Failed' ? 'failed' : 'working';
  } catch (error) {
    if (isNotFound(error)) return 'done';
    throw error;
  }
}

/** A second attempt with the first one's token would get the failed pipeline back. */
function tokenOf({ token }: FinalStep, attempt: number): string {
  return attempt === 1 ? token : derivedId('concatenation', token, String(attempt));
}
