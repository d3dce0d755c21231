import { type Artifact, type DriverContext, OnRecordError, type PartTarget } from '@onrecord/core';
import { readWav } from '@onrecord/core/media';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ArchivingOptions, archivingScene } from './content/testing/archiving-scene.ts';
import { type OwnAccount, openOwnAccount } from './testing/own-account.ts';
import { openScene, rejection } from './testing/scene.ts';

let account: OwnAccount;
beforeAll(async () => {
  account = await openOwnAccount();
});
afterAll(() => account[Symbol.asyncDispose]());

/** A recording of two voices that went into the container of our own, or should have. */
async function recorded({ resource, driver, ...options }: ArchivingOptions = {}) {
  const { containerUrl, blobAccounts } = account;
  const opened = await archivingScene({
    resource: { blobAccounts, ...resource },
    driver: { recordingStorage: { containerUrl }, ...driver },
    ...options,
  });
  const { clock, record } = opened;
  const { session } = await record({ output: { media: 'audio', layout: 'separate', container: 'wav' } });
  await clock.advance(3_000);
  await clock.until(session.pause());
  await clock.advance(5_000);
  await clock.until(session.resume());
  await clock.advance(3_000);
  await clock.until(session.stop());
  await clock.until(session.settled());
  await clock.advance(120_000);
  return { opened, snapshot: await session.snapshot() };
}

function master(artifacts: readonly Artifact[]): Artifact {
  const found = artifacts.find(({ role }) => role === 'master');
  if (!found) throw new Error('there is no master');
  return found;
}

const channels = ({ tracks }: Artifact) => tracks.map(({ channel, from }) => [channel, from]);
const pair = [
  [0, 'participant'],
  [1, 'everyone-else'],
];

test('`recordingStorage`: media and metadata are read from the container through its landing store, and moved from there', async () => {
  const { opened, snapshot } = await recorded({ mode: 'move', landing: account.store() });
  await using _opened = opened;
  expect(snapshot).toMatchObject({ state: 'completed', verdict: 'present', anomalies: [] });
  const file = master(snapshot.artifacts);
  expect(file.source).toMatch(/^azblob:\/\/devstoreaccount1\//);
  expect(file.expiresAt).toBeUndefined();
  expect(channels(file)).toEqual(pair);
  expect(snapshot.pauses).toEqual([expect.objectContaining({ precision: 'provider' })]);
  expect(readWav(opened.read(file.location)).channelCount).toBe(2);
  expect(file.released).toMatchObject({ outcome: 'deleted' });
  expect(await account.names()).toEqual([]);
  for (const operation of ['DownloadContent', 'DownloadMetadata', 'DeleteContent']) {
    expect(opened.scene.requests(operation)).toEqual([]);
  }
});

test('`recordingStorage` whose export fails: the service keeps the files for a day, and they are fetched from there', async () => {
  const { opened, snapshot } = await recorded({
    mode: 'move',
    landing: account.store(),
    resource: { blobAccounts: {} },
  });
  await using _opened = opened;
  expect(snapshot).toMatchObject({ state: 'completed', verdict: 'present', anomalies: [] });
  const file = master(snapshot.artifacts);
  expect(file.source).toMatch(/^https:\/\/storage\.asm\.skype\.com/);
  expect(file.expiresAt).toBeDefined();
  expect(channels(file)).toEqual(pair);
  expect(opened.scene.requests('DownloadMetadata').length).toBeGreaterThan(0);
  expect(opened.scene.requests('DeleteContent').map(({ status }) => status)).toEqual([200]);
});

test('`recordingStorage` without its landing store: the recording completes without tracks, which is said once', async () => {
  const { opened, snapshot } = await recorded({ mode: 'none' });
  await using _opened = opened;
  expect(snapshot).toMatchObject({ state: 'completed', verdict: 'present' });
  expect(snapshot.anomalies).toEqual([
    expect.objectContaining({
      code: 'invalid-answer',
      message: expect.stringContaining('give the provider its `landing` store'),
    }),
  ]);
  expect(channels(master(snapshot.artifacts))).toEqual([]);
  expect(snapshot.pauses).toEqual([expect.objectContaining({ precision: 'confirmed' })]);
});

describe('metadata in a store of ours', () => {
  const metadata = 'azblob://devstoreaccount1/recordings/0-acsmetadata.d0.json';
  const facts = { filesComplete: true, 'file/d0': { content: `${metadata}.wav`, metadata } };

  async function learntWith(openLanded: DriverContext['openLanded']) {
    await using scene = await openScene();
    const { call, output, sessionId, partId, correlation } = scene.plan();
    const part: PartTarget = { call, output, sessionId, partId, correlation, facts };
    const step = { stepId: 'step', token: 'token', asOfOrdinal: 3 };
    return scene.driver.doFinalize(part, step, { ...scene.context, openLanded });
  }

  test('is asked for by its address', async () => {
    const asked: string[] = [];
    const outcome = await learntWith(async (uri) => {
      asked.push(uri);
      async function* body() {
        yield new TextEncoder().encode('{"pauseResumeIntervals":[],"participants":[{"participantId":"8:acs:one"}]}');
      }
      return { body: body() };
    });
    expect(asked).toEqual([metadata]);
    expect(outcome.reports?.[0]?.seen).toMatchObject({ pauses: [], facts: { participants: ['8:acs:one'] } });
  });

  test('that is gone is told', async () => {
    const outcome = await learntWith(() => Promise.reject(new OnRecordError('not-found', 'There is no such blob.')));
    expect(outcome.reports?.[0]?.seen.anomaly?.message).toBe('The metadata file of a recording is gone.');
  });

  test('that cannot be had right now is asked for again', async () => {
    const busy = new OnRecordError('unavailable', 'The account is busy.', { retry: 'safe' });
    expect(await rejection(learntWith(() => Promise.reject(busy)))).toBe(busy);
  });
});
