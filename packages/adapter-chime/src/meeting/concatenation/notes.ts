import type { Anomaly } from '@onrecord/core';
import type { ChunkFigures, Examination } from './examine.ts';
import type { ConcatenationSettings } from './options.ts';

/** Something about a part's media that an operator should see, with its figures and without anybody's name. */
export interface Note {
  readonly name: string;
  readonly code: Anomaly['code'];
  readonly message: string;
}

/** What the chunks themselves lack: no concatenation can mend that. */
export function notesOnChunks(
  partId: string,
  figures: ChunkFigures,
  { shortByMs }: ConcatenationSettings,
): readonly Note[] {
  const { gapCount, missingMs, empty, endedMs, toMs, chunks } = figures;
  const notes: Note[] = [];
  if (gapCount > 0) {
    const message = `Between the ${chunks} chunks of ${partId} there are ${gapCount} gaps of ${missingMs} ms in all.`;
    notes.push({ name: 'gaps', code: 'duration-mismatch', message });
  }
  if (empty > 0) {
    notes.push({ name: 'empty', code: 'broken-off', message: `${empty} chunks of ${partId} hold nothing.` });
  }
  if (endedMs === undefined) {
    const message = `The meeting events of ${partId} have no CaptureEnded: whether its last chunk is there cannot be told.`;
    notes.push({ name: 'no-end', code: 'broken-off', message });
  } else if (endedMs - toMs > shortByMs) {
    const message = `The capture of ${partId} ended ${endedMs - toMs} ms after its last chunk: the end was never written.`;
    notes.push({ name: 'no-last-chunk', code: 'broken-off', message });
  }
  return notes;
}

/** What is wrong with a result. */
export function noteOnResult(
  partId: string,
  attempt: number,
  examined: Pick<Examination, 'verdict' | 'figures' | 'durationMs' | 'lacksPicture'>,
): Note {
  const { verdict, figures, durationMs, lacksPicture } = examined;
  if (verdict === 'short' && lacksPicture) {
    const message = `Concatenation ${attempt} of ${partId} has no picture, and its chunks have one.`;
    return { name: `no-picture/${attempt}`, code: 'contradiction', message };
  }
  const expected = figures ? `${figures.expectedMs} ms in ${figures.chunks} chunks` : 'chunks that cannot be counted';
  const message =
    verdict === 'short'
      ? `Concatenation ${attempt} of ${partId} is short: ${durationMs} ms of ${expected}.`
      : `Concatenation ${attempt} of ${partId} ended well and left no file behind, of ${expected}.`;
  return {
    name: `${verdict}/${attempt}`,
    code: verdict === 'short' ? 'duration-mismatch' : 'contradiction',
    message,
  };
}

/** A result that nothing can be said of: its chunks were deleted, or are called in a way that is not known here. */
export function noteUnmeasured(partId: string, { inventory, durationMs }: Examination): Note {
  const { count } = inventory.unknown;
  const message =
    `The file of ${partId} lasts ${durationMs} ms and is not compared with its chunks: none was found, ` +
    `and ${count} other objects.`;
  return { name: 'unmeasured', code: 'broken-off', message };
}

/** Cameras and shares of which there are chunks and no file. */
export function noteOnAttendees(
  partId: string,
  { inventory, files }: Examination,
  wanted: readonly string[],
): Note | undefined {
  const streams = inventory.streams.filter(({ stream, chunks }) => wanted.includes(stream) && chunks > 0);
  const absent = streams.filter(
    ({ stream, attendeeId }) => !files.some((file) => file.kind === stream && file.attendeeId === attendeeId),
  );
  if (absent.length === 0) return undefined;
  const message = `Of ${streams.length} cameras and shares of ${partId}, ${absent.length} have chunks and no file.`;
  return { name: 'cameras', code: 'contradiction', message };
}
