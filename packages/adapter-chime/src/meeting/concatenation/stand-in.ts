import type { Json, MediaSighting, Outcome, Seen } from '@onrecord/core';
import { chunkUri, type JoinedStream } from '../chunks/chunk-uri.ts';
import { streamOf } from '../chunks/inventory.ts';
import { nothingSurveyed, surveyChunks } from '../chunks/survey.ts';
import { partPrefix } from '../map-capture.ts';
import { destinationOf, everyone, masterAt, masterStream, resultKey } from '../map-concatenation.ts';
import { figuresOf, inventoryOfPart } from './examine.ts';
import { type FinalWork, later, look, reportNotes } from './final-work.ts';
import { type Note, notesOnChunks } from './notes.ts';

/** Chunks that are looked into in one step, which must end before its request is given up. */
const chunksPerStep = 240;

/**
 * Where the service made no file, or a short one, the chunks are joined here. Says so at once, and lists what the service
 * did make; {@link joinHere} goes on.
 *
 * @param why a clause for the anomaly that tells of it.
 * @param beside what the service did make.
 */
export async function standIn(work: FinalWork, why: string, beside: readonly MediaSighting[] = []): Promise<Outcome> {
  const { config, part, facts, observe, bucket, slots, context } = work;
  slots.free(part.correlation);
  const seen = await look(work, async () => {
    const prefix = partPrefix(config, part);
    const inventory = await inventoryOfPart(bucket, prefix, config.concatenation, context.signal);
    const wanted = masterStream(facts.video);
    return [wanted, 'audio' as const].find((stream) => streamOf(inventory, stream));
  });
  if (seen.kind === 'later') return seen.outcome;
  const media = beside.length > 0 ? { media: beside } : {};
  if (seen.kind === 'unread' || !seen.value) {
    const told = seen.kind === 'unread' ? [seen.note] : [];
    const message = `There is no file of ${part.partId}: ${why}, and there are no chunks to join.`;
    const notes = [...told, { name: 'no-file', code: 'contradiction' as const, message }];
    return noFile(work, notes, media);
  }
  const message = `The file of ${part.partId} is joined of its chunks by OnRecord: ${why}.`;
  const notes = [{ name: 'joined-here', code: 'contradiction' as const, message }];
  // What is beside it must not pass for the recording meanwhile.
  const expects = [masterAt(part, chunkUri(config.bucket, partPrefix(config, part), seen.value))];
  return later([
    observe('joins-here', { facts: { joinedHere: seen.value }, expects, ...media }),
    ...reportNotes(observe, notes),
  ]);
}

/**
 * Looks into every chunk, some in each step, then gives the part a file that is made while it is read. Nothing is written
 * before, and nothing of the capture is deleted.
 */
export async function joinHere(work: FinalWork, stream: JoinedStream): Promise<Outcome> {
  const { config, part, facts, observe, bucket, context } = work;
  const { signal } = context;
  const prefix = partPrefix(config, part);
  const before = facts.survey ?? nothingSurveyed;
  const seen = await look(work, async () => {
    const limit = chunksPerStep;
    const { survey, done } = await surveyChunks(bucket, `${prefix}/${stream}/`, before, { limit, signal });
    if (!done) return { survey, done, figures: undefined };
    const inventory = await inventoryOfPart(bucket, prefix, config.concatenation, signal);
    return { survey, done, figures: await figuresOf(bucket, inventory, stream, config.concatenation, signal) };
  });
  if (seen.kind === 'later') return seen.outcome;
  if (seen.kind === 'unread') return noFile(work, [seen.note]);
  const { survey, done, figures } = seen.value;
  if (!done) {
    const told: Json = { ...survey };
    return later([observe(`surveyed/${survey.chunks}`, { facts: { survey: told } })]);
  }
  if (!figures) {
    const message = `The chunks of ${part.partId} were deleted before they could be joined.`;
    return noFile(work, [{ name: 'no-chunks', code: 'contradiction', message }]);
  }
  const uri = chunkUri(config.bucket, prefix, stream);
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
  const notes = [
    ...(survey.unreadable > figures.empty ? [unreadable(part.partId, survey)] : []),
    ...notesOnChunks(part.partId, figures, config.concatenation),
  ];
  return { kind: 'done', reports: [observe('joined-here', { media: [file] }), ...reportNotes(observe, notes)] };
}

/** The part still waits for its file, where the service was to put it: it is missing, whatever else there is. */
function noFile(work: FinalWork, notes: readonly Note[], also: Pick<Seen, 'media'> = {}): Outcome {
  const { config, part, facts, observe } = work;
  const id = facts.concatenationId ?? part.correlation;
  const key = resultKey(destinationOf(part, config, facts.attempt), id, masterStream(facts.video));
  const expects = [masterAt(part, `s3://${config.bucket}/${key}`)];
  const failed = observe('not-concatenated', { facts: { concatenationFailed: true }, expects, ...also });
  return { kind: 'done', reports: [failed, ...reportNotes(observe, notes)] };
}

function unreadable(partId: string, { chunks, unreadable, audioMs }: NonNullable<FinalWork['facts']['survey']>) {
  const message = `Of ${chunks} chunks of ${partId}, ${unreadable} cannot be read; the others hold ${audioMs} ms.`;
  return { name: 'unreadable', code: 'broken-off' as const, message };
}
