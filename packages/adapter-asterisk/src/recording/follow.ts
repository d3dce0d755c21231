import type { PartTarget, Report } from '@onrecord/core';
import { targetOf } from '../call-ref.ts';
import { endAbsent } from './absent.ts';
import { fixedFiles } from './files.ts';
import { handleOf, knownLabels, type PartHandle } from './handle.ts';
import { labelsOf, nameOf, statesOf } from './live.ts';
import { newcomers } from './newcomers.ts';
import { looked } from './report.ts';
import { beginFiles } from './start.ts';
import { subscribeToBridge } from './subscribe.ts';
import { ask, type Work } from './work.ts';

/**
 * Begins a file for whoever is on the call and has none that runs, and ends those of who left. Not while a file of the
 * part is paused: then the resume is what calls for it. A file that begins while a pause takes effect is paused with the
 * others.
 */
export async function followPart(work: Work, part: PartTarget): Promise<readonly Report[]> {
  if (fixedFiles(part)) return [];
  const handle = handleOf(part);
  if (handle.startedPaused && knownLabels(part).length === 0) return [];
  const target = targetOf(part.call);
  await subscribeToBridge(work, target);
  const labels = await labelsOf(work, part);
  const states = await statesOf(work, part, handle, labels);
  const live = await endAbsent(work, part, handle, [...states.keys()]);
  const files = await newcomers(work, part, handle, { labels, live });
  if (files.length === 0 || (await isPaused(work, part, handle, labels))) return [];
  const { files: begun, facts } = await beginFiles(work, part, handle, files);
  if (await isPaused(work, part, handle, labels)) {
    await Promise.all(
      begun.map(({ label }) => ask(work, 'POST', ['recordings', 'live', nameOf(part, handle, label), 'pause'])),
    );
  }
  const reportId = `asterisk/follow/${part.correlation}/${begun.map(({ label }) => label).join(',')}`;
  return looked(work, reportId, part, { facts }, { unattributed: true });
}

async function isPaused(work: Work, part: PartTarget, handle: PartHandle, labels: readonly string[]): Promise<boolean> {
  return [...(await statesOf(work, part, handle, labels)).values()].includes('paused');
}
