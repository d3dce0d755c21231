import { type MediaSighting, type Outcome, timestamp } from '@onrecord/core';
import { partPrefix } from '../map-capture.ts';
import { destinationOf, masterAt, masterStream, resultKey, sideFiles } from '../map-concatenation.ts';
import { type LookedCameras, lookAtCameras } from './cameras.ts';
import { type Examination, examine } from './examine.ts';
import type { PartFacts } from './facts.ts';
import { type FinalWork, later, look, nextAttempt, reportNotes } from './final-work.ts';
import { type Note, noteOnAttendees, noteOnResult, notesOnChunks, noteUnmeasured } from './notes.ts';
import { concatenationSettings } from './settings.ts';
import { standIn } from './stand-in.ts';

/**
 * Takes the result of a concatenation that ended well, once it is compared with its chunks. One that is short or missing
 * is made anew, once; then the chunks are joined here.
 */
export async function conclude(work: FinalWork, concatenationId: string): Promise<Outcome> {
  const { bucket, slots, config, part, facts, observe, context } = work;
  const stream = masterStream(facts.video);
  const prefix = partPrefix(config, part);
  const destination = destinationOf(part, config, facts.attempt);
  const { signal } = context;
  const seen = await look(work, async () => {
    const found = await examine(bucket, { prefix, destination, stream }, config.concatenation, signal);
    return { found, cameras: await lookAtCameras(bucket, part.partId, found, config.concatenation, signal) };
  });
  if (seen.kind === 'later') return seen.outcome;
  slots.free(part.correlation);
  if (seen.kind === 'unread') {
    const uri = `s3://${config.bucket}/${resultKey(destination, concatenationId, stream)}`;
    const expected = observe(`concatenated/${concatenationId}`, { expects: [masterAt(part, uri)] });
    return { kind: 'done', reports: [expected, ...reportNotes(observe, [seen.note])] };
  }
  const { found, cameras } = seen.value;
  if (found.verdict === 'missing' || found.verdict === 'short') return lacking(work, concatenationId, found, cameras);
  return taken(work, concatenationId, found, cameras);
}

function taken(work: FinalWork, concatenationId: string, found: Examination, cameras: LookedCameras): Outcome {
  const { config, part, facts, observe } = work;
  const { figures, master, files, inventory } = found;
  const uri = `s3://${config.bucket}/${master?.key}`;
  const media = sideFiles(part, files, master, inventory, config.bucket, cameras.unreadable);
  const notes = [
    ...(figures ? notesOnChunks(part.partId, figures, config.concatenation) : [noteUnmeasured(part.partId, found)]),
    ...notesOnCameras(part.partId, facts, found),
    ...cameras.notes,
  ];
  return {
    kind: 'done',
    reports: [
      observe(`concatenated/${concatenationId}`, {
        expects: [masterAt(part, uri)],
        ...(media.length > 0 ? { media } : {}),
      }),
      ...reportNotes(observe, notes),
    ],
  };
}

function notesOnCameras(partId: string, { asked }: PartFacts, found: Examination): readonly Note[] {
  const settings = concatenationSettings({ asked, present: undefined, messages: true });
  const wanted = [
    ...(settings.Video?.State === 'Enabled' ? ['video'] : []),
    ...(settings.Content?.State === 'Enabled' ? ['content'] : []),
  ];
  const note = noteOnAttendees(partId, found, wanted);
  return note ? [note] : [];
}

async function lacking(
  work: FinalWork,
  concatenationId: string,
  found: Examination,
  cameras: LookedCameras,
): Promise<Outcome> {
  const { config, part, facts, observe, context } = work;
  const { resultWithinMs } = config.concatenation;
  const nowMs = context.clock.now();
  if (found.verdict === 'missing' && nowMs - (facts.doneMs ?? nowMs) < resultWithinMs) {
    const seen = { facts: { concatenationDone: timestamp(nowMs) } };
    return later(facts.doneMs === undefined ? [observe(`concatenation-done/${concatenationId}`, seen)] : []);
  }
  const note = noteOnResult(part.partId, facts.attempt, found);
  const told = reportNotes(observe, [note]);
  if (!facts.repeated) {
    const repeated = { ...nextAttempt(facts.attempt), concatenationRepeated: true };
    return later([...told, observe(`concatenation-repeated/${concatenationId}`, { facts: repeated })]);
  }
  const short =
    found.verdict === 'short' && found.master ? shortFile(found.master, found.durationMs, config.bucket) : undefined;
  const beside = [
    ...(short ? [short] : []),
    ...sideFiles(part, found.files, found.master, found.inventory, config.bucket, cameras.unreadable),
  ];
  const outcome = await standIn(work, `the service's own, made twice, is ${found.verdict}`, beside);
  const onCameras = reportNotes(observe, [...notesOnCameras(part.partId, facts, found), ...cameras.notes]);
  return { ...outcome, reports: [...told, ...onCameras, ...(outcome.reports ?? [])] };
}

/** What the service made is kept beside what is made here. */
function shortFile(
  { key, bytes }: { readonly key: string; readonly bytes: number },
  durationMs: number | undefined,
  bucket: string,
): MediaSighting {
  const uri = `s3://${bucket}/${key}`;
  return {
    key: uri,
    uri,
    role: 'derived',
    container: 'mp4',
    bytes,
    ...(durationMs === undefined ? {} : { durationMs }),
  };
}
