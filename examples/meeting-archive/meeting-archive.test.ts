import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toneLevel } from '@onrecord/core/media';
import { decodeAudio } from '@onrecord/simulator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeArchive } from './describe-archive.ts';
import { faults } from './faults.ts';
import { ANN_HZ, BOB_HZ, type Outcome, simulateMeeting } from './simulated-meeting.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meeting-archive-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** How long each part was captured, by its own account. */
const captured = ({ record }: Outcome) =>
  record.snapshot.parts.map(({ startedAt = '', endedAt = '' }) => Date.parse(endedAt) - Date.parse(startedAt));
const masters = ({ record }: Outcome) => record.snapshot.artifacts.filter(({ role }) => role === 'master');

describe.each(faults)('$story', ({ name, goWrong }) => {
  let outcome: Outcome;
  beforeAll(async () => {
    outcome = await simulateMeeting(join(folder, name), goWrong);
  });

  test('the whole meeting but its confidential part is on disk, and both voices are in it', async () => {
    expect(outcome.record.snapshot).toMatchObject({ state: 'completed', verdict: 'present' });
    const spans = captured(outcome);
    expect(spans).toHaveLength(2);
    for (const [index, { location, sha256, partId }] of masters(outcome).entries()) {
      const bytes = await readFile(fileURLToPath(location));
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
      const { channels, sampleRate, durationMs } = await decodeAudio(bytes, 'mp4');
      expect(partId).toBe(`p${index + 1}`);
      expect(Math.abs(durationMs - spans[index]!)).toBeLessThan(2_500);
      const end = channels[0]!.subarray(-5 * sampleRate);
      for (const hz of [ANN_HZ, BOB_HZ]) expect(toneLevel(end, sampleRate, hz)).toBeGreaterThan(-30);
    }
  });

  test('the manifest beside the files describes them, and names nobody', async () => {
    const manifest = outcome.record.snapshot.artifacts.find(({ role }) => role === 'manifest');
    const text = await readFile(fileURLToPath(manifest!.location), 'utf8');
    const { artifacts, anomalies } = JSON.parse(text) as { artifacts: { role: string }[]; anomalies: object[] };
    expect(artifacts.map(({ role }) => role).filter((role) => role === 'master')).toHaveLength(2);
    expect(anomalies).toEqual(outcome.record.snapshot.anomalies);
    expect(text).not.toContain('"participant":');
  });

  test('the camera is a track of whoever had it on, where the service made a file of it', () => {
    const tracks = outcome.record.snapshot.artifacts.flatMap(({ role, tracks }) => (role === 'track' ? tracks : []));
    expect(tracks.map(({ from, participant }) => [from, typeof participant])).toEqual(
      name === 'missing' ? [] : [1, 2].map(() => ['participant', 'string']),
    );
  });

  test('every chunk is still in the bucket', () => {
    expect(outcome.chunks).toBeGreaterThanOrEqual(8);
    expect(outcome.requests.filter((operation) => operation.startsWith('CreateMediaCapture'))).toHaveLength(2);
  });

  test('what happened can be read', () => {
    const text = describeArchive(outcome);
    expect(text).toContain('completed, recording present');
    expect(text.match(/from chime-chunks:/g)?.length ?? 0).toBe(name === 'whole' ? 0 : 2);
    expect(text.includes('nothing is odd')).toBe(name === 'whole');
  });
});
