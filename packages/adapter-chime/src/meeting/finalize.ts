import { DeleteMediaPipelineCommand, GetMediaPipelineCommand } from '@aws-sdk/client-chime-sdk-media-pipelines';
import type { Outcome } from '@onrecord/core';
import { isNotFound } from '../aws/classify-error.ts';
import { again, begin } from './concatenation/begin.ts';
import { conclude } from './concatenation/conclude.ts';
import { partFacts } from './concatenation/facts.ts';
import type { FinalWork } from './concatenation/final-work.ts';
import { later } from './concatenation/final-work.ts';
import { joinHere } from './concatenation/stand-in.ts';
import { knownHandle } from './handle.ts';

/**
 * Makes the file of a part that is over: has the service join its chunks, waits for the end of that, which an event tells
 * or the service does when asked, and compares the result with the chunks. The same facts lead to the same step, and the
 * same attempt carries the same token.
 */
export async function finalize(given: Omit<FinalWork, 'facts'>): Promise<Outcome> {
  const work: FinalWork = { ...given, facts: partFacts(given.part) };
  const handle = knownHandle(work.part);
  if (!handle) return later();
  const { concatenationId, joinedHere } = work.facts;
  if (joinedHere !== undefined) return joinHere(work, joinedHere);
  if (concatenationId === undefined) return begin(work, handle);
  switch (await statusOf(work, concatenationId)) {
    case 'done':
      return conclude(work, concatenationId);
    case 'failed':
      return again(work, 'failed');
    case 'working':
      return later();
    case 'stuck':
      await giveUp(work, concatenationId);
      return again(work, 'stuck');
  }
}

/** An event may have told it already; a pipeline that is not known any more has done its work. */
async function statusOf(
  { clients, part, facts, config, context }: FinalWork,
  concatenationId: string,
): Promise<'done' | 'failed' | 'working' | 'stuck'> {
  const told = part.facts?.[`concatenation/${concatenationId}`];
  if (told === 'done' || told === 'failed') return told;
  const { sinceMs } = facts;
  const overdue = sinceMs !== undefined && context.clock.now() - sinceMs >= config.concatenation.giveUpAfterMs;
  try {
    const { MediaPipeline } = await clients.pipelines.send(
      new GetMediaPipelineCommand({ MediaPipelineId: concatenationId }),
      { abortSignal: context.signal },
    );
    const status = MediaPipeline?.MediaConcatenationPipeline?.Status;
    if (status === 'Stopped') return 'done';
    if (status === 'Failed') return 'failed';
    return overdue ? 'stuck' : 'working';
  } catch (error) {
    if (isNotFound(error)) return 'done';
    // Who may not ask would wait for ever.
    if (overdue && !context.signal.aborted) return 'stuck';
    throw error;
  }
}

/** It counts among the active pipelines as long as it lives. That it cannot be ended changes nothing. */
async function giveUp({ clients, context }: FinalWork, concatenationId: string): Promise<void> {
  try {
    await clients.pipelines.send(new DeleteMediaPipelineCommand({ MediaPipelineId: concatenationId }), {
      abortSignal: context.signal,
    });
  } catch {
    context.signal.throwIfAborted();
  }
}
