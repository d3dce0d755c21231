import { systemClock } from '@onrecord/core';
import type { ChunkSource } from '../chunks/chunk-source.ts';
import type { Inventory } from '../chunks/inventory.ts';
import { type Remuxed, remuxChunks } from '../chunks/remux.ts';
import type { MeetingClients } from '../client.ts';
import type { ChimeMeetingConfig } from '../config.ts';
import { partPrefix } from '../map-capture.ts';
import { masterStream } from '../map-concatenation.ts';
import { snapMs } from '../open-chunks.ts';
import { type Examination, inventoryOfPart } from './examine.ts';
import { partFacts } from './facts.ts';
import { type CapturedPart, examinePart, type Reconcatenation, reconcatenate } from './reconcatenate.ts';

interface Abortable {
  readonly signal?: AbortSignal | undefined;
}

/**
 * What can be done with the chunks of a part at any later time, as long as they lie in the bucket. None of it changes a
 * session's record, and nothing here deletes a chunk.
 */
export interface MeetingChunks {
  /** What lies under the part's prefix, in one pass over its listing. */
  inventory(part: CapturedPart, options?: Abortable): Promise<Inventory>;
  /** Compares what a concatenation left (by default the last one of the record) with the chunks. */
  examine(
    part: CapturedPart,
    options?: Abortable & { readonly destination?: string | undefined },
  ): Promise<Examination>;
  /**
   * Has the service join the chunks once more, into a place of its own. Its end is told by `MediaPipelineDeleted`.
   *
   * @throws OnRecordError `invalid-state` for a part without a pipeline, `invalid-request` for one of more than 30 days.
   */
  reconcatenate(
    part: CapturedPart,
    options?: Abortable & { readonly token?: string | undefined; readonly nowMs?: number | undefined },
  ): Promise<Reconcatenation>;
  /**
   * Joins the chunks here, without coding anything anew; knows no age.
   *
   * @throws OnRecordError `integrity-failed` when not one chunk can be read.
   */
  remux(
    part: CapturedPart,
    options?: Abortable & { readonly onDone?: ((done: Remuxed) => void) | undefined },
  ): AsyncIterable<Uint8Array>;
}

export function meetingChunks(deps: {
  readonly clients: (region?: string) => MeetingClients;
  readonly bucket: ChunkSource;
  readonly config: ChimeMeetingConfig;
}): MeetingChunks {
  const { clients, bucket, config } = deps;
  const forever = () => new AbortController().signal;
  return {
    inventory: (part, { signal = forever() } = {}) =>
      inventoryOfPart(bucket, partPrefix(config, part), config.concatenation, signal),
    examine: (part, { signal = forever(), destination } = {}) =>
      examinePart({ bucket, config }, part, { signal, destination }),
    reconcatenate: (part, { signal = forever(), token, nowMs = systemClock.now() } = {}) =>
      reconcatenate({ clients: clients(part.call.region), bucket, config }, part, { signal, token, nowMs }),
    remux(part, { signal = forever(), onDone } = {}) {
      const { video } = partFacts(part);
      const folder = `${partPrefix(config, part)}/${masterStream(video)}/`;
      return remuxChunks(bucket, folder, { signal, video: video !== undefined, snapMs, onDone });
    },
  };
}
