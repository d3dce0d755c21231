import type { MediaSighting, Outcome } from '@onrecord/core';
import { chunkUri } from '../chunks/chunk-uri.ts';
import { streamOf } from '../chunks/inventory.ts';
import { partPrefix } from '../map-capture.ts';
import { everyone, masterStream } from '../map-concatenation.ts';
import { figuresOf, inventoryOfPart } from './examine.ts';
import { type FinalWork, look, reportNotes } from './final-work.ts';
import { notesOnChunks } from './notes.ts';

/**
 * Where the service made no file, or a short one, the chunks are joined here: the part gets a file that is made while it
 * is read. Nothing is written before, and nothing of the capture is deleted.
 *
 * @param why a clause for the anomaly that tells of it.
 * @param beside what the service did make, which is listed as well.
 */
export async function standIn(work: FinalWork, why: string, beside: readonly MediaSighting[] = []): Promise<Outcome> {
  const { config, part, facts, observe, bucket, slots, context } = work;
  const { signal } = context;
  const prefix = partPrefix(config, part);
  slots.free(part.correlation);
  const seen = await look(work, async () => {
    const inventory = await inventoryOfPart(bucket, prefix, config.concatenation, signal);
    const wanted = masterStream(facts.video);
    const stream = streamOf(inventory, wanted) ? wanted : 'audio';
    return figuresOf(bucket, inventory, stream, config.concatenation, signal);
  });
  if (seen.kind === 'later') return seen.outcome;
  if (seen.kind === 'unread' || !seen.value) {
    const told = seen.kind === 'unread' ? [seen.note] : [];
    const message = `There is no file of ${part.partId}: ${why}, and there are no chunks to join.`;
    const notes = [...told, { name: 'no-file', code: 'contradiction' as const, message }];
    return {
      kind: 'done',
      reports: [observe('not-concatenated', { facts: { concatenationFailed: true } }), ...reportNotes(observe, notes)],
    };
  }
  const figures = seen.value;
  const uri = chunkUri(config.bucket, prefix, figures.stream);
  const message = `The file of ${part.partId} is joined of ${figures.chunks} chunks (${figures.expectedMs} ms) by OnRecord: ${why}.`;
  const notes = [{ name: 'joined-here', code: 'contradiction' as const, message }];
  const file: MediaSighting = {
    key: uri,
    uri,
    role: 'master',
    container: 'mp4',
    mediaType: 'video/mp4',
    tracks: [everyone(part)],
    access: { prefix, video: facts.video !== undefined, fromMs: figures.fromMs, toMs: figures.toMs },
    final: true,
  };
  return {
    kind: 'done',
    reports: [
      observe('joined-here', { facts: { joinedHere: true }, media: [file, ...beside] }),
      ...reportNotes(observe, [...notes, ...notesOnChunks(part.partId, figures, config.concatenation)]),
    ],
  };
}
