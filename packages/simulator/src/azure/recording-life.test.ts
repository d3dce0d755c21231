import { toneLevel } from '@onrecord/core/media';
import { expect, test } from 'vitest';
import { tone } from '../call/virtual-call.ts';
import type { AzureBehaviour } from './behaviour.ts';
import { azureFaults } from './index.ts';
import { type FileEventData, fetchFiles } from './testing/record.ts';
import { openScene, type Scene } from './testing/scene.ts';
import { signedFetch } from './testing/signed-fetch.ts';

const path = '/calling/recordings';

async function scene(behaviour: Partial<AzureBehaviour> = {}) {
  const opened = await openScene({ behaviour: { settleMs: 0, ...behaviour } });
  await opened.azure.subscribe({ url: `${opened.app.url}/grid` });
  return opened;
}

async function start({ azure, call, callbackUri }: Scene, more: Readonly<Record<string, unknown>> = {}) {
  const { callConnectionId } = call;
  const format = { recordingContentType: 'audio', recordingChannelType: 'mixed', recordingFormatType: 'wav' };
  const body = { callConnectionId, recordingStateCallbackUri: callbackUri, ...format, ...more };
  const answer = await signedFetch(azure, { method: 'POST', path, body });
  return { ...answer, id: String(answer.body['recordingId']) };
}

const stop = async ({ azure }: Scene, id: string) => {
  const { status, code } = await signedFetch(azure, { method: 'DELETE', path: `${path}/${id}` });
  return code ?? status;
};
const state = async ({ azure }: Scene, id: string) => {
  const { body, code } = await signedFetch(azure, { path: `${path}/${id}` });
  return code ?? body['recordingState'];
};
const events = ({ app }: Scene) => app.events('RecordingFileStatusUpdated').map(({ data }) => data as FileEventData);

test('a recording that fails over is not found, and yields two files of one recording id and one index', async () => {
  await using opened = await scene();
  const { azure, clock, call } = opened;
  const { id } = await start(opened);
  await clock.advance(3_000);
  azure.failOver(id);
  expect([await state(opened, id), await stop(opened, id)]).toEqual(['8522', '8522']);
  call.join({ name: 'late', source: tone(2_000) });
  await clock.advance(2_000);
  call.end();
  await clock.advance(60_000);
  const told = events(opened);
  const files = told.flatMap(({ recordingStorageInfo }) => recordingStorageInfo.recordingChunks);
  expect(told.map(({ recordingId, recordingDurationMs }) => [recordingId, recordingDurationMs])).toEqual([
    [id, 3_000],
    [id, 2_000],
  ]);
  expect(files.map(({ index, endReason }) => [index, endReason])).toEqual([
    [0, 'SessionEnded'],
    [0, 'SessionEnded'],
  ]);
  expect(new Set(files.map(({ documentId }) => documentId)).size).toBe(2);
  const [before, after] = await Promise.all(told.map((data) => fetchFiles(opened, data)));
  expect([before!.wav.durationMs, after!.wav.durationMs]).toEqual([3_000, 2_000]);
  expect(toneLevel(before!.wav.channels[0]!, 16_000, 2_000)).toBeLessThan(-60);
  expect(toneLevel(after!.wav.channels[0]!, 16_000, 2_000)).toBeGreaterThan(-14);
});

test('the files of a recording that failed over may come in one event', async () => {
  await using opened = await scene({ failOverEvents: 'together' });
  const { id } = await start(opened);
  await opened.clock.advance(3_000);
  opened.azure.failOver(id);
  await opened.clock.advance(120_000);
  expect(events(opened)).toEqual([]);
  opened.call.end();
  await opened.clock.advance(60_000);
  const chunks = [{ index: 0 }, { index: 0 }];
  expect(events(opened)).toMatchObject([
    { recordingId: id, recordingDurationMs: 123_000, recordingStorageInfo: { recordingChunks: chunks } },
  ]);
});

test('what fails over while it is paused stays paused, and makes no second file', async () => {
  await using opened = await scene();
  const { azure, clock, call } = opened;
  const { id } = await start(opened);
  await clock.advance(1_000);
  await signedFetch(azure, { method: 'POST', path: `${path}/${id}:pause` });
  await clock.advance(1_000);
  azure.failOver(id);
  await clock.advance(1_000);
  call.end();
  await clock.advance(60_000);
  expect(events(opened).map(({ recordingDurationMs }) => recordingDurationMs)).toEqual([1_000]);
  expect(() => azure.failOver('unknown')).toThrow(RangeError);
});

test.each([
  ['recording-continues', 5_000, 'CallEnded'],
  ['recording-ends', 2_000, 'InitiatorLeft'],
] as const)('our leg leaves and the call goes on: %s', async (initiatorLeaves, lengthMs, sessionEndReason) => {
  await using opened = await scene({ initiatorLeaves });
  const { clock, call } = opened;
  const { id } = await start(opened);
  await clock.advance(2_000);
  call.hangUp();
  await clock.advance(3_000);
  expect(await state(opened, id)).toBe(initiatorLeaves === 'recording-ends' ? '8522' : 'active');
  call.end();
  await clock.advance(60_000);
  expect(events(opened)).toMatchObject([{ recordingDurationMs: lengthMs, sessionEndReason }]);
});

test('a recording begun by serverCallId, too, may end with our leg', async () => {
  await using opened = await scene({ initiatorLeaves: 'recording-ends' });
  const { clock, call } = opened;
  const callLocator = { kind: 'serverCallLocator', serverCallId: call.serverCallId };
  await start(opened, { callLocator, callConnectionId: undefined });
  await clock.advance(2_000);
  call.hangUp();
  await clock.advance(60_000);
  expect(events(opened)).toMatchObject([{ recordingDurationMs: 2_000, sessionEndReason: 'InitiatorLeft' }]);
});

test.each(['8515', '8522'] as const)(
  'a recording may end at its longest duration, and then answer %s',
  async (endedAtLimit) => {
    const limitEndReason = endedAtLimit === '8522' ? { limitEndReason: 'Limit' } : {};
    await using opened = await scene({ maxRecordingMs: 3_600_000, endedAtLimit, ...limitEndReason });
    const { clock, app } = opened;
    const { id } = await start(opened);
    await clock.advance(3_600_000 - 1);
    expect(await state(opened, id)).toBe('active');
    await clock.advance(60_001);
    expect([await state(opened, id), await stop(opened, id)]).toEqual([endedAtLimit, endedAtLimit]);
    expect(app.events('RecordingStateChanged').at(-1)?.data).toMatchObject({
      state: 'inactive',
      resultInformation: { code: 400, subCode: 8515 },
    });
    expect(events(opened)).toMatchObject([
      {
        recordingDurationMs: 3_600_000,
        sessionEndReason: endedAtLimit === '8522' ? 'Limit' : 'MaximumDurationReached',
      },
    ]);
    expect((await start(opened)).status).toBe(200);
  },
);

test.each([
  [{}, 'CallEnded'],
  [{ stoppedEndReason: 'RecordingStopped' }, 'RecordingStopped'],
])('a recording that was stopped has the end reason of the behaviour', async (behaviour, sessionEndReason) => {
  await using opened = await scene(behaviour);
  const { id } = await start(opened);
  await opened.clock.advance(2_000);
  expect([await stop(opened, id), await stop(opened, id)]).toEqual([204, '8522']);
  await opened.clock.advance(60_000);
  expect(events(opened)).toMatchObject([{ sessionEndReason }]);
});

test('stop and start again in one call: another recording id, a file of each, and nothing of one in the other', async () => {
  await using opened = await scene();
  const { clock, call } = opened;
  const first = await start(opened);
  await clock.advance(2_000);
  await stop(opened, first.id);
  await clock.advance(1_000);
  call.join({ name: 'late', source: tone(2_000) });
  const second = await start(opened);
  await clock.advance(1_000);
  call.end();
  await clock.advance(60_000);
  const told = events(opened);
  expect(told.map(({ recordingId, recordingDurationMs }) => [recordingId, recordingDurationMs])).toEqual([
    [first.id, 2_000],
    [second.id, 1_000],
  ]);
  const levels = await Promise.all(
    told.map(async (data) => toneLevel((await fetchFiles(opened, data)).wav.channels[0]!, 16_000, 2_000) > -20),
  );
  expect(levels).toEqual([false, true]);
});

test.each(['8553', '8559'] as const)(
  'a start whose answer was lost stands in its own way without its id: %s',
  async (duplicateStart) => {
    await using opened = await scene({ duplicateStart });
    opened.azure.faults.next({ match: 'StartRecording', fault: azureFaults.lostAnswer() });
    await expect(start(opened)).rejects.toThrow();
    const again = await start(opened);
    expect([again.status, again.code, opened.azure.recordingIds().length]).toEqual([400, duplicateStart, 1]);
  },
);
