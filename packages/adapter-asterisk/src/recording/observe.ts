import type { EndReason, PartTarget, Seen } from '@onrecord/core';
import { type Target, targetOf } from '../call-ref.ts';
import { isObject, objectAt, textAt, timeOf } from '../json-reader.ts';
import { endAbsent } from './absent.ts';
import { fixedFiles } from './files.ts';
import { fileFacts, handleOf, knownLabels, type PartHandle } from './handle.ts';
import { labelsOf, lookUntil, removeListeners, statesOf } from './live.ts';
import { isOver, membersOf } from './members.ts';
import { type StoredFile, sightingsOf, storedFile, withAudio } from './sighting.ts';
import { withStored } from './stored-labels.ts';
import { nextTake } from './takes.ts';
import { ask, type Work } from './work.ts';

/**
 * What the server shows of a part: whether it captures; or that it is over, with its files. Nothing where that cannot be
 * told: a mute is not shown, and a part whose participants change is neither running nor over for a moment.
 */
export async function observe(
  work: Work,
  part: PartTarget,
  /** `stopped`: whoever is still on the call is not to be recorded any more. */
  { stopped = false }: { readonly stopped?: boolean } = {},
): Promise<Seen> {
  const handle = handleOf(part);
  const labels = await labelsOf(work, part);
  const states = await statesOf(work, part, handle, labels);
  const left = await endAbsent(work, part, handle, [...states.keys()]);
  if (left.length > 0)
    return running(
      part,
      left.map((label) => states.get(label) ?? 'gone'),
    );
  return (await untouched(work, part, handle, labels)) ?? finished(work, part, handle, labels, stopped);
}

function running({ pauseEffect }: PartTarget, live: readonly string[]): Seen {
  if (live.every((state) => state === 'paused')) return { capturing: false };
  return live.includes('recording') && pauseEffect !== 'silence' ? { capturing: true } : {};
}

/** A part that began paused and was never resumed has left nothing: it waits, or its call is over. */
async function untouched(
  work: Work,
  part: PartTarget,
  handle: PartHandle,
  labels: readonly string[],
): Promise<Seen | undefined> {
  if (!handle.startedPaused || knownLabels(part).length > 0) return undefined;
  const stored = await Promise.all(labels.map((label) => storedFile(work, part, handle, label)));
  if (stored.some((file) => file !== undefined)) return undefined;
  const over = await isOver(work, targetOf(part.call));
  return over ? { capturing: false, ended: true, endReason: 'call-ended' } : { capturing: false };
}

/** No file of the part runs: it is over, unless somebody is on the call who is still to be followed. */
async function finished(
  work: Work,
  part: PartTarget,
  handle: PartHandle,
  labels: readonly string[],
  stopped: boolean,
): Promise<Seen> {
  const target = targetOf(part.call);
  const all = await withStored(work, part, handle, labels);
  // Begun between two looks: an unfinished file is served like any other.
  const fresh = all.filter((label) => !labels.includes(label));
  if ((await statesOf(work, part, handle, fresh)).size > 0) return {};
  const stored = await Promise.all(all.map((label) => storedFile(work, part, handle, label)));
  const files = withAudio(stored);
  if (!stopped && !fixedFiles(part) && (await awaitsFile(work, target, handle, all))) return {};
  const told = await endReasonOf(work, part, handle, files);
  // What is not there may have been discarded; what is there and empty was to be a recording.
  const isLost = files.length === 0 && stored.some((file) => file !== undefined);
  const endReason = isLost ? (told === 'provider-error' ? 'lost' : 'storage-error') : told;
  if (endReason !== 'call-ended') await removeListeners(work, part, all);
  return {
    capturing: false,
    ended: true,
    ...(endReason === undefined ? {} : { endReason }),
    ...(files.length === 0 ? {} : { media: sightingsOf(part, handle, files) }),
    ...emptiness(all, stored),
  };
}

/** Says of which files there is nothing, for whoever looks into the record. */
function emptiness(labels: readonly string[], stored: readonly (StoredFile | undefined)[]): Pick<Seen, 'facts'> {
  const empty = labels.filter((_, index) => stored[index]?.isEmpty !== false);
  return empty.length === 0 ? {} : { facts: Object.fromEntries(empty.map((label) => [`empty/${label}`, true])) };
}

/** Whether somebody is on the call who is to be recorded and is not: nobody followed them so far. */
async function awaitsFile(work: Work, target: Target, handle: PartHandle, labels: readonly string[]): Promise<boolean> {
  const members = (await membersOf(work, target)) ?? [];
  return members.some((channel) => nextTake(handle, channel, labels) !== undefined);
}

/**
 * Why the part is over, as far as the server shows it. Where the call goes on it was a silence or a key, if the start
 * asked for that, which leave no trace; else a command, or something that has to alarm: a full disk ends a recording so.
 */
async function endReasonOf(
  work: Work,
  part: PartTarget,
  handle: PartHandle,
  files: readonly StoredFile[],
): Promise<EndReason | undefined> {
  const labels = knownOrFound(part, files);
  if (labels.some((label) => fileFacts(part, label).failure !== undefined)) return 'provider-error';
  if (await restartedSince(work, part, labels)) return 'provider-error';
  if (files.some((file) => reachedLimit(part, handle, file))) return 'limit-reached';
  if (await endsNow(work, part)) return 'call-ended';
  // A silence cannot be told from a stop that is on its way, and weighs more than that.
  if (handle.maxSilenceSeconds !== undefined) return undefined;
  return handle.terminateOn === undefined ? 'unknown' : 'requested';
}

/** A hang-up ends the listeners some moments before their channel is gone; longer than this it is no hang-up. */
const hangUpMs = 1_000;

function endsNow(work: Work, { call }: PartTarget): Promise<boolean> {
  return lookUntil(
    work,
    () => isOver(work, targetOf(call)),
    (over) => over,
    hangUpMs,
  );
}

function knownOrFound(part: PartTarget, files: readonly StoredFile[]): readonly string[] {
  return [...new Set([...knownLabels(part), ...files.map(({ label }) => label)])];
}

/** By the length of the file; of Opus, whose end is not read, by the server's own times of its beginning and end. */
function reachedLimit(part: PartTarget, { maxDurationSeconds }: PartHandle, file: StoredFile): boolean {
  if (maxDurationSeconds === undefined) return false;
  const { startedAt, finishedAt } = fileFacts(part, file.label);
  const elapsedMs = Date.parse(finishedAt ?? '') - Date.parse(startedAt ?? '');
  return (file.durationMs ?? elapsedMs) >= maxDurationSeconds * 1_000;
}

/** A server that began after the recording did has lost it. Both times are of its own clock. */
async function restartedSince(work: Work, part: PartTarget, labels: readonly string[]): Promise<boolean> {
  const started = labels
    .map((label) => Date.parse(fileFacts(part, label).startedAt ?? ''))
    .filter((at) => !Number.isNaN(at));
  if (started.length === 0) return false;
  const info = await ask(work, 'GET', ['asterisk', 'info']);
  const up = isObject(info) ? timeOf(textAt(objectAt(info, 'status'), 'startup_time')) : undefined;
  return up !== undefined && Date.parse(up) > Math.max(...started);
}
