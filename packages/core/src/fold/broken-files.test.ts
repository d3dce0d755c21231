import { expect, test } from 'vitest';
import type { MediaSighting } from '../report/report.ts';
import type { SessionRecord } from '../session/record.ts';
import type { BreakOff, Transfer } from '../session/transfer.ts';
import { snapshotOf } from './snapshot-of.ts';
import { at, call, command, pushed, session, tied } from './testing/session.ts';

const tracks = [{ from: 'everyone', relativeTo: 'call-1', offsetMs: 0, prompts: 'absent' }] as const;
const file: MediaSighting = { key: 'k', uri: 'https://host/k', role: 'master', container: 'wav', tracks };
const brokenOff: BreakOff = { problem: 'it is cut', since: at(20), fingerprint: '44-00000000', final: true };
const master: Transfer = {
  mediaKey: 'k',
  state: 'stored',
  attempts: 1,
  uri: 'mem://archive/k.wav',
  durationMs: 4_000,
  brokenOff,
};
const copy: Transfer = {
  mediaKey: 'repaired/k',
  derivedFrom: 'k',
  state: 'stored',
  attempts: 1,
  uri: 'mem://archive/k-repaired.wav',
  durationMs: 4_000,
  codec: 'pcm_s16le',
};

/** A session that captured from second 0 to second 10, by our own commands. */
function folded(
  transfers: readonly Transfer[],
  media: readonly MediaSighting[] = [file],
  more: Partial<SessionRecord> = {},
) {
  return snapshotOf(
    session({
      archive: { mode: 'copy' },
      commands: [command(1, 'start', 0), command(2, 'stop', 10)],
      reports: [tied('c1', { capturing: true }, 0), tied('c2', { ended: true }, 10), pushed({ media }, 11)],
      expectations: [{ partId: 'p1', call, state: 'expected', minDurationMs: 1_000 }],
      transfers,
      ...more,
    }),
  );
}

test('a stored file that breaks off is shown with its problem, its copy, and an anomaly', () => {
  const { state, verdict, artifacts, anomalies } = folded([master, copy]);
  expect({ state, verdict }).toEqual({ state: 'completed', verdict: 'short' });
  expect(artifacts).toMatchObject([
    { id: 'p1-master-0', state: 'stored', problem: 'it is cut' },
    {
      id: 'p1-master-0-repaired',
      role: 'derived',
      state: 'stored',
      derivedFrom: 'p1-master-0',
      location: 'mem://archive/k-repaired.wav',
      container: 'wav',
      durationMs: 4_000,
      tracks,
    },
  ]);
  expect(anomalies).toEqual([
    {
      code: 'broken-off',
      message: 'The file p1-master-0 breaks off: it is cut. It holds 4000 ms, which p1-master-0-repaired plays.',
      partId: 'p1',
    },
    { code: 'duration-mismatch', message: 'The files of p1 last 4000 ms, and 10000 ms were captured.', partId: 'p1' },
  ]);
});

test('nothing is said of a file before it is stored, for it may yet become whole', () => {
  for (const state of ['running', 'failed', 'pending'] as const) {
    const { artifacts, anomalies, verdict } = folded([
      { ...master, state },
      { ...copy, state: 'running' },
    ]);
    expect(anomalies).toEqual([]);
    expect(verdict).toBe('pending');
    expect(artifacts[0]).not.toHaveProperty('problem');
    expect(artifacts[1]).toMatchObject({ role: 'derived', state: 'pending' });
  }
});

test('a copy that cannot be made is told of', () => {
  const { anomalies, artifacts } = folded([
    { ...master, brokenOff: { ...brokenOff, unrepairable: 'RF64 is needed.' } },
  ]);
  expect(artifacts).toHaveLength(1);
  expect(anomalies[0]?.message).toBe(
    'The file p1-master-0 breaks off: it is cut. It holds 4000 ms. It was not repaired: RF64 is needed.',
  );
});

test('a file that breaks off is short by what was believed to be captured, a sound one by what was proven', () => {
  expect(folded([master, copy]).verdict).toBe('short');
  expect(folded([{ ...master, durationMs: 8_000 }, copy]).verdict).toBe('present');
  const { brokenOff: _, ...sound } = master;
  expect(folded([sound]).verdict).toBe('present');
});

test('pauses that the file leaves out are not missed, those that it fills with silence are', () => {
  const commands = [command(1, 'start', 0), command(2, 'pause', 4), command(3, 'stop', 10)];
  const reports = [
    tied('c1', { capturing: true }, 0),
    tied('c2', { capturing: false }, 4),
    tied('c3', { ended: true }, 10),
    pushed({ media: [file] }, 11),
  ];
  expect(folded([master, copy], [], { commands, reports, pauseEffect: 'omitted' }).verdict).toBe('present');
  expect(folded([master, copy], [], { commands, reports, pauseEffect: 'silence' }).verdict).toBe('short');
});

test('a track that breaks off is measured from where it begins; a sound one may be short', () => {
  const late = { ...file, role: 'track', tracks: [{ ...tracks[0], offsetMs: 5_000 }] } as const;
  const early = { ...file, role: 'track' } as const;
  expect(folded([master, copy], [late]).verdict).toBe('present');
  expect(folded([master, copy], [early]).anomalies[1]?.message).toBe(
    'The track p1-track-0 lasts 4000 ms, and 10000 ms were captured.',
  );
  const { brokenOff: _, ...sound } = master;
  expect(folded([sound], [early]).verdict).toBe('present');
});

test('a part whose only file is empty fails where it captured, and completes where it did not', () => {
  const { uri: _, ...empty } = { ...master, state: 'empty', durationMs: 0 } as const;
  const told = (endReason: 'storage-error' | 'empty') => {
    const reports = [
      tied('c1', { capturing: true }, 0),
      tied('c2', { ended: true }, 10),
      pushed({ media: [file], endReason }, 11),
    ];
    const { state, verdict, artifacts, ...rest } = folded([empty], [], { reports });
    return { state, verdict, endReason: rest.endReason, file: artifacts[0]?.state };
  };
  expect(told('storage-error')).toEqual({
    state: 'failed',
    verdict: 'missing',
    endReason: 'storage-error',
    file: 'missing',
  });
  expect(told('empty')).toMatchObject({ state: 'completed', endReason: 'empty', file: 'missing' });
});

test('an empty file beside a stored one keeps no session from completing', () => {
  const other = { ...file, key: 'o', uri: 'https://host/o' };
  const stored: Transfer = {
    mediaKey: 'o',
    state: 'stored',
    attempts: 1,
    uri: 'mem://archive/o.wav',
    durationMs: 10_000,
  };
  const { state, artifacts } = folded([{ ...master, state: 'empty', durationMs: 0 }, stored], [file, other]);
  expect(state).toBe('completed');
  expect(artifacts.map((artifact) => artifact.state)).toEqual(['missing', 'stored']);
});
