import { fileURLToPath } from 'node:url';
import type { Artifact, Track } from '@onrecord/core';
import type { Run } from '../cloud/run-provider.ts';
import { calleeNumber, callerNumber } from '../cloud/scene.ts';
import type { Speaker } from '../speech/script.ts';
import { digests, manifest, oneSession, settled } from './archive-checks.ts';
import { cardAbsent } from './card-check.ts';
import type { Check } from './check.ts';
import { type RecordedFile, readRecordedFile } from './recorded-file.ts';
import { type ChannelOf, channelsApart, findTurns, turnsPresent } from './speech-checks.ts';
import { cardWindow, duration, pauseMarks, positions } from './time-checks.ts';

/** What was measured on the files of one run. */
export interface Measured {
  /** Audio files, in the order of the parts. */
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
  const channelOf = channels(media.flatMap(({ tracks }) => tracks));
  const found = findTurns(files, spoken);
  const apart = channelsApart(files, found, channelOf);
  return {
    files,
    checks: [
      settled(record),
      oneSession(record, [...new Set(run.events.map(({ subject }) => subject))]),
      turnsPresent(found, channelOf),
      ...(apart ? [apart] : []),
      cardAbsent(files, spoken),
      cardWindow(files, spoken, capture),
      pauseMarks(pauses, spoken),
      duration(files, capture),
      positions(found, spoken, capture),
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

/**
 * Who is on which channel, as the tracks say. Where a track names no participant, the recorded leg is the caller's.
 */
export function channels(tracks: readonly Pick<Track, 'channel' | 'from' | 'participant'>[]): ChannelOf {
  return (speaker) => tracks.find((track) => speakerOf(track) === speaker)?.channel;
}

export function speakerOf({ from, participant }: Pick<Track, 'from' | 'participant'>): Speaker | undefined {
  if (participant?.includes(callerNumber)) return 'caller';
  if (participant?.includes(calleeNumber)) return 'callee';
  if (from === 'everyone') return undefined;
  return from === 'participant' ? 'caller' : 'callee';
}
