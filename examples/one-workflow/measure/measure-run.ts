import { fileURLToPath } from 'node:url';
import type { Artifact } from '@onrecord/core';
import type { Run } from '../cloud/run-provider.ts';
import { digests, manifest, oneSession, settled } from './archive-checks.ts';
import { cardAbsent } from './card-check.ts';
import type { Check } from './check.ts';
import { placesOf } from './places.ts';
import { type RecordedFile, readRecordedFile } from './recorded-file.ts';
import { channelsApart, findTurns, turnsPresent } from './speech-checks.ts';
import { cardWindow, duration, pauseMarks, positions, trackOffsets } from './time-checks.ts';

/** What was measured on the files of one run. */
export interface Measured {
  /** Audio files, in the order of the parts, and within a part in that of the provider. */
  readonly files: readonly RecordedFile[];
  readonly checks: readonly Check[];
}

export async function measureRun(run: Run): Promise<Measured> {
  const { record, spoken, capture } = run;
  const { artifacts, pauses } = record.snapshot;
  const media = mediaOf(artifacts);
  const files = await Promise.all(
    media.map(({ location, container, partId }) =>
      readRecordedFile(fileURLToPath(location), container ?? 'wav', partId),
    ),
  );
  const placeOf = placesOf(media);
  const found = findTurns(files, spoken);
  const apart = channelsApart(files, found, placeOf);
  const offsets = trackOffsets(media, capture);
  return {
    files,
    checks: [
      settled(record),
      oneSession(record, [...new Set(run.events.map(({ subject }) => subject))]),
      turnsPresent(found, placeOf),
      ...(apart ? [apart] : []),
      cardAbsent(files, spoken),
      cardWindow(files, spoken, capture),
      pauseMarks(pauses, spoken),
      duration(files, capture),
      positions(found, spoken, capture),
      ...(offsets ? [offsets] : []),
      await digests(artifacts),
      await manifest(artifacts),
    ],
  };
}

/** The sound files that are in the archive, in the order of their parts. */
export function mediaOf(artifacts: readonly Artifact[]): readonly Artifact[] {
  return artifacts
    .filter(({ role, state }) => state === 'stored' && role !== 'manifest' && role !== 'metadata')
    .toSorted((left, right) => left.partId.localeCompare(right.partId, 'en', { numeric: true }));
}
