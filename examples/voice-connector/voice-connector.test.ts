import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkConfiguration } from '@onrecord/adapter-chime';
import { readWav, toneLevel } from '@onrecord/core/media';
import { listen, sendAnswer } from '@onrecord/simulator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeOutcome } from './describe-outcome.ts';
import { forwardTo } from './forward.ts';
import { configurationFor } from './set-up.ts';
import { CALL_MS, CALLER_HZ, DESK_HZ, type Outcome, simulateCall } from './simulated-account.ts';
import { troubles } from './troubles.ts';

let folder: string;
const outcomes = new Map<string, Outcome>();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'voice-connector-'));
  for (const trouble of troubles) outcomes.set(trouble.name, await simulateCall(join(folder, trouble.name), trouble));
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The one session of a run: the call before the recording was in effect has none. */
function session(name: string): Outcome[number] {
  const outcome = outcomes.get(name) ?? [];
  expect(outcome).toHaveLength(1);
  return outcome[0]!;
}
const fileOf = (name: string, role: string) => session(name).snapshot.artifacts.find((file) => file.role === role);

test.each(['well', 'events-lost', 'enhancement-failed'])(
  '%s: both voices are on disk, each on its channel',
  async (name) => {
    expect(session(name).snapshot).toMatchObject({ state: 'completed', endReason: 'call-ended', verdict: 'present' });
    const master = fileOf(name, 'master');
    const { channels, sampleRate, durationMs } = readWav(await readFile(fileURLToPath(master!.location)));
    expect([channels.length, sampleRate, durationMs]).toEqual([2, 8_000, CALL_MS]);
    for (const [channel, own, other] of [
      [0, DESK_HZ, CALLER_HZ],
      [1, CALLER_HZ, DESK_HZ],
    ] as const) {
      expect(toneLevel(channels[channel]!, sampleRate, own)).toBeGreaterThan(-15);
      expect(toneLevel(channels[channel]!, sampleRate, other)).toBeLessThan(-60);
    }
    expect(master!.tracks.map(({ channel, from }) => [channel, from])).toEqual([
      [0, 'participant'],
      [1, 'everyone-else'],
    ]);
  },
);

test('the enhanced copy is kept beside it, at 16 kHz, and is never taken for the recording', async () => {
  const copy = fileOf('well', 'derived');
  expect(copy).toMatchObject({ state: 'stored' });
  const { sampleRate, channels } = readWav(await readFile(fileURLToPath(copy!.location)));
  expect(sampleRate).toBe(16_000);
  expect(toneLevel(channels[1]!, sampleRate, CALLER_HZ)).toBeGreaterThan(-15);
  expect(fileOf('enhancement-failed', 'derived')).toBeUndefined();
});

test('a recording that could not begin is a failed session that says why', () => {
  expect(session('not-created').snapshot).toMatchObject({ state: 'failed', endReason: 'permission-denied' });
});

test('a file that never comes is missed, although the service reports success', () => {
  expect(session('file-lost').snapshot).toMatchObject({ state: 'processing', verdict: 'missing' });
});

test('what happened can be read', () => {
  expect(describeOutcome(outcomes.get('well')!)).toMatch(
    /completed \(call-ended\), recording present[\s\S]*master stored, 20 s/,
  );
  expect(describeOutcome([])).toBe('no call was recorded');
});

test('the configuration is checked before it is sent', () => {
  const account = { accountId: '111122223333', bucket: 'recordings', role: 'arn:aws:iam::111122223333:role/a' };
  const here = { ...account, region: 'us-east-1', records: 'arn:aws:kinesis:us-east-1:111122223333:stream/a' };
  expect(checkConfiguration(configurationFor(here), here)).toEqual([]);
  const elsewhere = { ...here, region: 'eu-central-1' };
  expect(checkConfiguration(configurationFor(elsewhere), elsewhere).map(({ path }) => path)).toEqual([
    'Elements[2].KinesisDataStreamSinkConfiguration.InsightsTarget',
    'Elements',
  ]);
});

test.each([
  [200, 'taken'],
  [400, 'refused for good'],
  [401, 'tried again'],
  [503, 'tried again'],
] as const)('records that are answered with %i are %s', async (status, expected) => {
  const endpoint = await listen(async (request, response) => sendAnswer(request, response, { status }));
  const refused: number[] = [];
  const forward = forwardTo({ url: endpoint.origin, secret: 'x' }, (code) => refused.push(code));
  const outcome = await forward({ Records: [] }).then(
    () => (refused.length > 0 ? 'refused for good' : 'taken'),
    () => 'tried again',
  );
  expect(outcome).toBe(expected);
  await endpoint.close();
});

test('records that nobody takes are not swallowed: Kinesis tries again', async () => {
  await expect(forwardTo({ url: 'http://127.0.0.1:9', secret: 'x' })({ Records: [] })).rejects.toThrow();
});
