import type { FaultPlan } from '../../faults/index.ts';

/**
 * What goes wrong with the files of one recording:
 * - `'last-file-missing'`: the last file is neither stored nor announced, though the announced duration counts it;
 * - `'metadata-missing'`: no metadata file is found where the event says;
 * - `metadataDelayMs`: metadata are found that long after the event only.
 */
export type FileFault = 'last-file-missing' | 'metadata-missing' | { readonly metadataDelayMs: number };

/** A recording whose files are about to be stored. */
export interface FinishedRecording {
  readonly recordingId: string;
  readonly serverCallId: string;
  /** How many there are. */
  readonly files: number;
}

/**
 * Faults of files, matched by the recording's id or a predicate; a recording takes one.
 *
 * @example
 * ```ts
 * azure.fileFaults.next({ fault: 'last-file-missing' });
 * ```
 */
export type FileFaults = FaultPlan<FinishedRecording, FileFault>;

/** When metadata are found after the event, ms; `Infinity` for never. */
export function metadataDelay(fault: FileFault | undefined): number {
  if (fault === 'metadata-missing') return Number.POSITIVE_INFINITY;
  return typeof fault === 'object' ? Math.max(0, fault.metadataDelayMs) : 0;
}
