import type { Container, PauseSighting } from '@onrecord/core';
import { type Incoming, objectAt, objectsAt, textAt } from '../json-reader.ts';
import { instantIn, mergedPauses, sensibleMs } from './pauses.ts';

/** Somebody who is named by the metadata file of a chunk. */
export interface Voice {
  /** Raw id. @personal */
  readonly participant: string;
  /** Of an unmixed file; undefined in a mixed one, and for whoever has none to himself. */
  readonly channel: number | undefined;
}

/** What the metadata file of one chunk tells. */
export interface ChunkMetadata {
  readonly index: number | undefined;
  /** Epoch milliseconds of the first sample. */
  readonly startedAt: number | undefined;
  readonly layout: 'mixed' | 'unmixed' | undefined;
  readonly container: Container | undefined;
  readonly channels: number | undefined;
  /** Only where there was no pause: whether the service counts pauses in is not documented. */
  readonly durationMs: number | undefined;
  readonly voices: readonly Voice[];
  /** In wall time, in order and apart; undefined where the file says nothing of pauses, or not all of it can be read. */
  readonly pauses: readonly PauseSighting[] | undefined;
  /** What contradicts itself, in sentences without personal data. */
  readonly problems: readonly string[];
}

/** Channels of an unmixed file. */
const channelLimit = 5;

/** A call has at most 350 participants, who may come and go. */
const voiceLimit = 2_000;

const containers: readonly Container[] = ['wav', 'mp3', 'mp4'];

/**
 * Reads a metadata file, taking nothing in it for granted. What was recorded is told by the values under `recordingInfo`,
 * not by their keys: in recorded traffic `contentType` and `channelType` each stand under the other's name.
 */
export function readMetadata(file: Incoming): ChunkMetadata {
  const info = objectAt(file, 'recordingInfo');
  const words = ['contentType', 'channelType'].map((key) => textAt(info, key)?.toLowerCase());
  const format = textAt(info, 'format')?.toLowerCase();
  const told = pausesIn(file);
  const pauses = told === 'unreadable' ? undefined : told;
  const index = wholeIn(file['chunkIndex']);
  const stated = wholeIn(objectAt(info, 'audioConfiguration')['channels']);
  const entries = objectsAt(file, 'participants').slice(0, voiceLimit);
  const named = entries.map(({ channel }) => channel).filter((channel) => channel !== undefined && channel !== null);
  const outside = named.filter((channel) => channelIn(channel) === undefined);
  const highest = Math.max(-1, ...named.flatMap((channel) => channelIn(channel) ?? []));
  const contradicted = stated !== undefined && highest >= stated;
  return {
    index: index !== undefined && index < 100_000 ? index : undefined,
    startedAt: instantIn(textAt(file, 'chunkStartTime')),
    layout: words.includes('unmixed') ? 'unmixed' : words.includes('mixed') ? 'mixed' : undefined,
    container: containers.find((container) => container === format),
    channels: stated !== undefined && stated >= 1 && stated <= channelLimit && !contradicted ? stated : undefined,
    durationMs: pauses?.length === 0 ? sensibleMs(amountIn(file['chunkDuration'])) : undefined,
    voices: voicesIn(entries),
    pauses,
    problems: [
      ...(told === 'unreadable'
        ? ['A metadata file lists a pause without a beginning or a length that can be: none of its pauses is counted.']
        : []),
      ...(outside.length > 0 ? ['A metadata file puts a participant on a channel that no file of Azure has.'] : []),
      ...(contradicted
        ? [`A metadata file puts a participant on channel ${highest} of a file that it gives ${stated} channels.`]
        : []),
    ],
  };
}

/** What is told takes the place of what commands proved, so some of the pauses are as good as none. */
function pausesIn(file: Incoming): readonly PauseSighting[] | 'unreadable' | undefined {
  const intervals = file['pauseResumeIntervals'];
  if (!Array.isArray(intervals)) return undefined;
  const told = objectsAt(file, 'pauseResumeIntervals').flatMap((interval) => {
    const from = instantIn(textAt(interval, 'startTime'));
    const durationMs = sensibleMs(amountIn(interval['duration']));
    return from === undefined || durationMs === undefined ? [] : [{ from, durationMs }];
  });
  return told.length < intervals.length ? 'unreadable' : mergedPauses(told);
}

function voicesIn(entries: readonly Incoming[]): readonly Voice[] {
  const voices = new Map<string, Voice>();
  for (const entry of entries) {
    const participant = textAt(entry, 'participantId');
    if (participant === undefined) continue;
    const channel = channelIn(entry['channel']);
    voices.set(`${channel} ${participant}`, { participant, channel });
  }
  return [...voices.values()];
}

function channelIn(value: unknown): number | undefined {
  const channel = wholeIn(value);
  return channel !== undefined && channel < channelLimit ? channel : undefined;
}

function wholeIn(value: unknown): number | undefined {
  const amount = amountIn(value);
  return Number.isSafeInteger(amount) ? amount : undefined;
}

/** A number, 0 or more; some samples write one as text. */
function amountIn(value: unknown): number | undefined {
  const amount = typeof value === 'string' && /^\d{1,15}(\.\d+)?$/.test(value) ? Number(value) : value;
  return typeof amount === 'number' && Number.isFinite(amount) && amount >= 0 ? amount : undefined;
}
