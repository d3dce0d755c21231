import { createHash } from 'node:crypto';
import type { Artifact, SessionSnapshot, Track } from '@onrecord/core';
import { readWav, toneWindows } from '@onrecord/core/media';
import type { Audio, RecordingHarness } from './harness.ts';

/** A file of a recording as it was read back, and its audio. */
export interface MeasuredFile {
  readonly artifact: Artifact;
  readonly bytes: number;
  readonly sha256: string;
  readonly audio: Audio;
  readonly durationMs: number;
}

const audioRoles: readonly Artifact['role'][] = ['master', 'segment', 'track'];

/** The audio files of a session. */
export function audioArtifacts(snapshot: SessionSnapshot): readonly Artifact[] {
  return snapshot.artifacts.filter(({ role }) => audioRoles.includes(role));
}

/** Reads and decodes every audio file of a session, in the order of its parts. */
export async function measureFiles(
  harness: RecordingHarness,
  snapshot: SessionSnapshot,
): Promise<readonly MeasuredFile[]> {
  const files: MeasuredFile[] = [];
  for (const artifact of audioArtifacts(snapshot)) {
    const bytes = await harness.read(artifact.location);
    const audio = await decode(harness, bytes, artifact.container ?? 'wav');
    files.push({
      artifact,
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      audio,
      durationMs: ((audio.channels[0]?.length ?? 0) * 1000) / audio.sampleRate,
    });
  }
  return files;
}

async function decode(harness: RecordingHarness, bytes: Uint8Array, container: string): Promise<Audio> {
  if (container === 'wav') return readWav(bytes);
  if (!harness.decode) throw new Error(`The harness cannot decode ${container}`);
  return harness.decode(bytes, container);
}

/** How loud a tone gets anywhere in a channel, in dBFS over 100 ms windows that overlap by half. */
export function loudest(samples: Int16Array, sampleRate: number, toneHz: number): number {
  return toneWindows(samples, sampleRate, toneHz, { windowMs: 100, hopMs: 50 }).reduce(
    (level, window) => Math.max(level, window.dbfs),
    -120,
  );
}

/** How loud a tone gets anywhere in any channel of a file. */
export function loudestAnywhere({ audio }: MeasuredFile, toneHz: number): number {
  return Math.max(-120, ...audio.channels.map((samples) => loudest(samples, audio.sampleRate, toneHz)));
}

/**
 * How loud a word gets anywhere in a file that must not be there, in dBFS over 400 ms. Where a pause was cut out the
 * voices around it break off and begin in mid-wave, a click with something of every tone: the longer the window, the
 * less it counts, and 20 ms of the word still stand 20 dB above it.
 */
export function leaked({ audio }: Pick<MeasuredFile, 'audio'>, toneHz: number): number {
  const levels = audio.channels.flatMap((samples) =>
    toneWindows(samples, audio.sampleRate, toneHz, { windowMs: 400, hopMs: 100 }).map(({ dbfs }) => dbfs),
  );
  return Math.max(-120, ...levels);
}

/** Which channels hold what a track says: the samples of each matching track, over all files. */
export function channelsOf(
  files: readonly MeasuredFile[],
  from: Track['from'],
): readonly {
  readonly samples: Int16Array;
  readonly sampleRate: number;
  readonly name: string;
  readonly participant: string | undefined;
}[] {
  return files.flatMap(({ artifact, audio }) =>
    artifact.tracks
      .filter((track) => track.from === from)
      .flatMap((track) => {
        const channel = track.channel ?? 0;
        const samples = audio.channels[channel];
        if (!samples) throw new Error(`${artifact.id} has no channel ${channel}, but a track says so`);
        const { participant } = track;
        return [{ samples, sampleRate: audio.sampleRate, name: `${artifact.id} channel ${channel}`, participant }];
      }),
  );
}

/** For how many ms, to about 50, a tone is clearly heard in the channel of these files where it is heard longest. */
export function heardForMs(files: readonly MeasuredFile[], toneHz: number, aboveDbfs: number): number {
  const hopMs = 25;
  const lengths = files.flatMap(({ audio }) =>
    audio.channels.map((samples) => {
      const windows = toneWindows(samples, audio.sampleRate, toneHz, { windowMs: 50, hopMs });
      const heard = windows.filter(({ dbfs }) => dbfs > aboveDbfs).length;
      return heard === 0 ? 0 : (heard + 1) * hopMs;
    }),
  );
  return Math.max(0, ...lengths);
}
