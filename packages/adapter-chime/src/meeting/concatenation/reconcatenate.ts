import { CreateMediaConcatenationPipelineCommand } from '@aws-sdk/client-chime-sdk-media-pipelines';
import { newId, OnRecordError, type PartTarget } from '@onrecord/core';
import type { ChunkSource } from '../chunks/chunk-source.ts';
import { streamOf } from '../chunks/inventory.ts';
import type { MeetingClients } from '../client.ts';
import type { ChimeMeetingConfig } from '../config.ts';
import { knownHandle } from '../handle.ts';
import { partPrefix } from '../map-capture.ts';
import { concatenationRequest, destinationOf, masterStream, resultKey } from '../map-concatenation.ts';
import { type Examination, examine, inventoryOfPart, presentIn } from './examine.ts';
import { partFacts } from './facts.ts';
import { refuseOld } from './source-age.ts';

/** A part of a session, as its record holds it: `{ sessionId: record.id, partId: part.id, ...part }`. */
export type CapturedPart = Pick<PartTarget, 'sessionId' | 'partId' | 'call' | 'handle' | 'facts'>;

/** A concatenation that was asked for once more. */
export interface Reconcatenation {
  readonly pipelineId: string;
  /** Where its file will be: an `s3:` URI. */
  readonly uri: string;
  /** Key prefix of everything it makes, without a slash at its end. */
  readonly destination: string;
}

/**
 * Has the service join the chunks of a part once more, into a place of its own. The session's record is not changed.
 *
 * @param options.token idempotency token: the same again gives the same pipeline. @default a new one
 * @throws OnRecordError `invalid-state` for a part without a pipeline, `invalid-request` for one of more than 30 days.
 */
export async function reconcatenate(
  deps: { readonly clients: MeetingClients; readonly bucket: ChunkSource; readonly config: ChimeMeetingConfig },
  part: CapturedPart,
  options: { readonly token?: string | undefined; readonly signal: AbortSignal; readonly nowMs: number },
): Promise<Reconcatenation> {
  const { clients, bucket, config } = deps;
  const { token = newId(), signal, nowMs } = options;
  const handle = knownHandle(part);
  if (!handle) {
    throw new OnRecordError(
      'invalid-state',
      `Part ${part.partId} of session ${part.sessionId} has no capture pipeline.`,
      {
        remedy: 'Pass a part of a session record whose start was answered.',
      },
    );
  }
  const facts = partFacts(part);
  const inventory = await inventoryOfPart(bucket, partPrefix(config, part), config.concatenation, signal);
  refuseOld(facts.capturedSinceMs ?? streamOf(inventory, 'audio')?.firstMs, nowMs);
  const destination = destinationOf(part, config, token);
  const present = presentIn(inventory);
  const request = concatenationRequest(
    part,
    { pipelineArn: handle.pipelineArn, asked: facts.asked, present, token, destination },
    config,
  );
  const { MediaConcatenationPipeline: made } = await clients.pipelines.send(
    new CreateMediaConcatenationPipelineCommand(request),
    { abortSignal: signal },
  );
  if (!made?.MediaPipelineId) {
    throw new OnRecordError('provider-contract', 'The answer names no media concatenation pipeline.', {
      blame: 'provider',
      retry: 'only-with-same-key',
    });
  }
  const key = resultKey(destination, made.MediaPipelineId, masterStream(facts.video));
  return { pipelineId: made.MediaPipelineId, uri: `s3://${config.bucket}/${key}`, destination };
}

/** Compares what a concatenation left at its destination with the chunks of the part. */
export function examinePart(
  deps: { readonly bucket: ChunkSource; readonly config: ChimeMeetingConfig },
  part: CapturedPart,
  options: { readonly destination?: string | undefined; readonly signal: AbortSignal },
): Promise<Examination> {
  const { bucket, config } = deps;
  const { attempt, video } = partFacts(part);
  const destination = options.destination ?? destinationOf(part, config, attempt);
  const where = { prefix: partPrefix(config, part), destination, stream: masterStream(video) };
  return examine(bucket, where, config.concatenation, options.signal);
}
