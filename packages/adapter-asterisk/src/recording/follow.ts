import type { PartTarget, Report } from '@onrecord/core';
import { targetOf } from '../call-ref.ts';
import { fixedFiles, participantFile } from './files.ts';
import { handleOf, knownLabels } from './handle.ts';
import { labelsOf, liveState, nameOf } from './live.ts';
import { membersOf } from './members.ts';
import { looked } from './report.ts';
import { beginFiles } from './start.ts';
import { ask, type Work } from './work.ts';

/**
 * Begins a file for whoever is on the call and has none. Not while a file of the part is paused: then the resume is what
 * calls for it. A file that begins while a pause takes effect is paused with the others.
 */
export async function followPart(work: Work, part: PartTarget): Promise<readonly Report[]> {
  if (fixedFiles(part)) return [];
  const handle = handleOf(part);
  if (handle.startedPaused && knownLabels(part).length === 0) return [];
  const labels = await labelsOf(work, part);
  const members = (await membersOf(work, targetOf(part.call))) ?? [];
  const files = members.map(participantFile).filter(({ label }) => !labels.includes(label));
  if (files.length === 0 || (await anyPaused(work, part, labels))) return [];
  const { facts } = await beginFiles(work, part, handle, files);
  if (await anyPaused(work, part, labels)) {
    await Promise.all(
      files.map(({ label }) => ask(work, 'POST', ['recordings', 'live', nameOf(part, handle, label), 'pause'])),
    );
  }
  const reportId = `asterisk/follow/${part.correlation}/${files.map(({ label }) => label).join(',')}`;
  return looked(work, reportId, part, { facts }, { unattributed: true });
}

async function anyPaused(work: Work, part: PartTarget, labels: readonly string[]): Promise<boolean> {
  const handle = handleOf(part);
  const states = await Promise.all(labels.map((label) => liveState(work, nameOf(part, handle, label))));
  return states.includes('paused');
}
