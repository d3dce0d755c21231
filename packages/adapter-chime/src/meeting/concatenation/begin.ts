import { CreateMediaConcatenationPipelineCommand } from '@aws-sdk/client-chime-sdk-media-pipelines';
import { derivedId, type ErrorCode, type Outcome, timestamp } from '@onrecord/core';
import { classifyAwsError } from '../../aws/classify-error.ts';
import { type Inventory, streamOf } from '../chunks/inventory.ts';
import type { CaptureHandle } from '../handle.ts';
import { concatenationKey } from '../handle.ts';
import { partPrefix } from '../map-capture.ts';
import { concatenationRequest, destinationOf } from '../map-concatenation.ts';
import { inventoryOfPart, presentIn } from './examine.ts';
import { type FinalWork, later, look, nextAttempt } from './final-work.ts';
import { isOver } from './is-over.ts';
import { isTooOld } from './source-age.ts';
import { standIn } from './stand-in.ts';

/**
 * Has the service join the chunks of a part. While it has too much to do already (ours of this process, or the account's
 * quota), the part waits; a source that is too old for it is joined here.
 */
export async function begin(work: FinalWork, handle: CaptureHandle): Promise<Outcome> {
  const { clients, slots, config, part, facts, observe, context } = work;
  const { signal, clock } = context;
  const seen = await look(work, () =>
    inventoryOfPart(work.bucket, partPrefix(config, part), config.concatenation, signal),
  );
  if (seen.kind === 'later') return seen.outcome;
  const inventory = seen.kind === 'seen' ? seen.value : undefined;
  if (isTooOld(sinceOf(inventory, facts.capturedSinceMs), clock.now())) {
    return standIn(work, `the capture of ${part.partId} is older than the 30 days that the service joins`);
  }
  if (!slots.take(part.correlation, clock.now())) {
    // Who made them may not be who saw their end.
    await slots.freeEnded(clock.now(), signal);
    if (!slots.take(part.correlation, clock.now())) return later();
  }
  const plan = {
    pipelineArn: handle.pipelineArn,
    asked: facts.asked,
    present: inventory && presentIn(inventory),
    token: tokenOf(work),
    destination: destinationOf(part, config, facts.attempt),
  };
  let concatenationId: string | undefined;
  try {
    const { MediaConcatenationPipeline: made } = await clients.pipelines.send(
      new CreateMediaConcatenationPipelineCommand(concatenationRequest(part, plan, config)),
      { abortSignal: signal },
    );
    concatenationId = made?.MediaPipelineId;
  } catch (error) {
    slots.free(part.correlation);
    const { code } = classifyAwsError(error, 'only-with-same-key');
    if (code === 'quota-exceeded') return later();
    if (refusals.has(code)) return again(work, 'refused', code);
    throw error;
  }
  if (!concatenationId) return later();
  const id = concatenationId;
  slots.runs(part.correlation, (cut) => isOver(clients, id, cut));
  const providerKeys = [concatenationKey(concatenationId)];
  const learnt = { concatenationId, concatenationSince: timestamp(clock.now()) };
  return {
    kind: 'accepted',
    providerKeys,
    reports: [observe(`concatenation/${concatenationId}`, { facts: learnt, providerKeys })],
  };
}

/** What the service says of a request that it will not take: a bucket's policy that lets it write and not read is one. */
const refusals: ReadonlySet<ErrorCode> = new Set([
  'invalid-request',
  'permission-denied',
  'not-found',
  'conflict',
  'unsupported',
]);

/**
 * One more attempt, or the end of them.
 *
 * @param code why the service refused it.
 */
export async function again(
  work: FinalWork,
  why: 'failed' | 'refused' | 'stuck',
  code?: ErrorCode | undefined,
): Promise<Outcome> {
  const { slots, config, part, facts, observe } = work;
  slots.free(part.correlation);
  const { attempt } = facts;
  if (attempt >= config.concatenation.attempts) {
    return standIn(
      work,
      `the service made no file of ${part.partId} in ${attempt} attempts (the last one ${what[why]}${code ? `: ${code}` : ''})`,
    );
  }
  return later([observe(`concatenation-${why}/${attempt}`, { facts: nextAttempt(attempt) })]);
}

const what = { failed: 'failed', refused: 'was refused', stuck: 'never ended' } as const;

/** When the capture began, as well as it is known. */
function sinceOf(inventory: Inventory | undefined, createdMs: number | undefined): number | undefined {
  return createdMs ?? (inventory && streamOf(inventory, 'audio')?.firstMs);
}

/** A second attempt with the first one's token would get the failed pipeline back. */
function tokenOf({ step, facts }: FinalWork): string {
  return facts.attempt === 1 ? step.token : derivedId('concatenation', step.token, String(facts.attempt));
}
