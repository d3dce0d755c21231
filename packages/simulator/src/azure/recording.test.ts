import { expect, test } from 'vitest';
import type { AzureBehaviour } from './behaviour.ts';
import { openScene, type Scene } from './testing/scene.ts';
import { signedFetch } from './testing/signed-fetch.ts';

const recordings = '/calling/recordings';
const wav = { recordingContentType: 'audio', recordingFormatType: 'wav' };

async function start(scene: Scene, more: Readonly<Record<string, unknown>> = {}) {
  const { callConnectionId } = scene.call;
  const body = { callConnectionId, recordingStateCallbackUri: scene.callbackUri, ...wav, ...more };
  const answer = await signedFetch(scene.azure, { method: 'POST', path: recordings, body });
  return { ...answer, id: String(answer.body['recordingId']) };
}

const command = async (scene: Scene, id: string, name: 'pause' | 'resume') => {
  const { status, code } = await signedFetch(scene.azure, { method: 'POST', path: `${recordings}/${id}:${name}` });
  return code ?? status;
};
const stop = (scene: Scene, id: string) => signedFetch(scene.azure, { method: 'DELETE', path: `${recordings}/${id}` });
const state = async (scene: Scene, id: string) => {
  const { body, code } = await signedFetch(scene.azure, { path: `${recordings}/${id}` });
  return code ?? body['recordingState'];
};
const told = (scene: Scene) => scene.app.events('RecordingStateChanged').map(({ data }) => data['state']);
const files = (scene: Scene) => scene.app.events('RecordingFileStatusUpdated').map(({ data }) => data);

async function scene(behaviour: Partial<AzureBehaviour> = {}) {
  const opened = await openScene({ behaviour });
  await opened.azure.subscribe({ url: `${opened.app.url}/grid` });
  return opened;
}

test('a recording that starts paused and is never resumed leaves no file', async () => {
  await using opened = await scene();
  const { id } = await start(opened, { pauseOnStart: true });
  await opened.clock.advance(5_000);
  expect([await state(opened, id), told(opened)]).toEqual(['inactive', ['inactive']]);
  opened.call.end();
  await opened.clock.advance(3_600_000);
  expect(files(opened)).toEqual([]);
});

test('a recording that starts paused holds what follows its resume', async () => {
  await using opened = await scene();
  const { id } = await start(opened, { pauseOnStart: true });
  await opened.clock.advance(5_000);
  await command(opened, id, 'resume');
  await opened.clock.advance(6_000);
  expect(await state(opened, id)).toBe('active');
  opened.call.end();
  await opened.clock.advance(60_000);
  expect(files(opened)).toMatchObject([{ recordingDurationMs: 4_000, sessionEndReason: 'CallEnded' }]);
});

test('the end of the call ends the recording, before our leg is told', async () => {
  await using opened = await scene();
  const { id } = await start(opened);
  await opened.clock.advance(3_000);
  opened.call.end();
  await opened.clock.idle();
  expect(await state(opened, id)).toBe('8522');
  expect((await stop(opened, id)).code).toBe('8522');
  const types = opened.app.events().map((event) => String(event['type']).split('.').at(-1));
  expect(types.slice(-2)).toEqual(['RecordingStateChanged', 'CallDisconnected']);
});

test('a recording that is stopped before it began leaves nothing and says nothing', async () => {
  await using opened = await scene({ settleMs: (name) => (name === 'start' ? 5_000 : 0) });
  await start(opened);
  opened.call.end();
  await opened.clock.advance(3_600_000);
  expect([told(opened), files(opened)]).toEqual([[], []]);
});

test('commands take effect in the order given, however long each takes to settle', async () => {
  await using opened = await scene({
    settleMs: (name) => ({ start: 4_000, pause: 100, resume: 3_000, stop: 0 })[name],
  });
  const { id } = await start(opened);
  expect([await command(opened, id, 'pause'), await command(opened, id, 'resume')]).toEqual([202, 202]);
  await opened.clock.advance(4_000);
  expect(told(opened)).toEqual(['active', 'inactive', 'active']);
});

test('after a stop the next recording of the call has another id', async () => {
  await using opened = await scene();
  const first = await start(opened);
  await opened.clock.advance(2_000);
  expect((await stop(opened, first.id)).status).toBe(204);
  expect((await start(opened)).code).toBe('8559');
  await opened.clock.advance(2_000);
  const second = await start(opened);
  expect([second.status, second.id === first.id]).toEqual([200, false]);
});

test('an accepted start can still fail', async () => {
  await using opened = await scene({ startStatus: 202 });
  expect((await start(opened)).status).toBe(202);
  opened.call.end();
  await using other = await openScene();
  other.azure.failNextStart({ code: 500, subCode: 9999, message: 'Unknown error.' });
  const { status, id } = await start(other);
  expect([status, await state(other, id)]).toEqual([202, 'inactive']);
  await other.clock.advance(2_000);
  expect(await state(other, id)).toBe('8522');
  const [failed] = other.app.events('StartRecordingFailed');
  expect(failed?.data).toMatchObject({ recordingId: id, resultInformation: { code: 500, subCode: 9999 } });
  expect((await start(other)).status).toBe(200);
});

test('overlapping and redundant commands are refused where the behaviour says so', async () => {
  await using opened = await scene({ overlappingCommands: 'conflict', redundantCommands: 'refuse' });
  const { id } = await start(opened);
  expect(await command(opened, id, 'pause')).toBe('8571');
  await opened.clock.advance(2_000);
  expect(await command(opened, id, 'resume')).toBe('8573');
  expect(await command(opened, id, 'pause')).toBe(202);
  expect(await command(opened, id, 'resume')).toBe('8571');
  expect(await stop(opened, id)).toMatchObject({ status: 409, code: '8571' });
  await opened.clock.advance(2_000);
  expect(await command(opened, id, 'pause')).toBe('8573');
});

test('redundant commands change nothing otherwise, and pauses may go unannounced', async () => {
  await using opened = await scene({ pauseEvent: false, settleMs: 0 });
  const { id } = await start(opened);
  await opened.clock.advance(1_000);
  for (const name of ['resume', 'pause', 'pause', 'resume', 'resume'] as const) {
    await command(opened, id, name);
    await opened.clock.advance(1_000);
  }
  await stop(opened, id);
  await opened.clock.advance(60_000);
  expect(told(opened)).toEqual(['active', 'active', 'inactive']);
  expect(files(opened)).toMatchObject([{ recordingDurationMs: 4_000 }]);
});

test('nine hours make three files, split by what was recorded', async () => {
  await using opened = await scene({ settleMs: 0 });
  const { id } = await start(opened);
  await opened.clock.advance(2 * 3_600_000);
  await command(opened, id, 'pause');
  await opened.clock.advance(3_600_000);
  await command(opened, id, 'resume');
  await opened.clock.advance(7 * 3_600_000);
  opened.call.end();
  await opened.clock.advance(60_000);
  const [data] = files(opened) as [{ recordingStorageInfo: { recordingChunks: readonly unknown[] } }];
  expect(data).toMatchObject({ recordingDurationMs: 9 * 3_600_000 });
  expect(data.recordingStorageInfo.recordingChunks).toMatchObject([
    { index: 0, endReason: 'ChunkMaximumSizeExceeded' },
    { index: 1, endReason: 'ChunkMaximumSizeExceeded' },
    { index: 2, endReason: 'SessionEnded' },
  ]);
});

test('files may be announced one by one', async () => {
  await using opened = await scene({ settleMs: 0, maxChunkMs: 1_000, fileEvents: 'per-file' });
  await start(opened);
  await opened.clock.advance(2_500);
  opened.call.end();
  await opened.clock.advance(60_000);
  const chunks = files(opened).map((data) => data['recordingStorageInfo']);
  expect(chunks).toMatchObject([0, 1, 2].map((index) => ({ recordingChunks: [{ index }] })));
});

test.each(['8501', '8528', '8522'] as const)('a recording that ended with its call may answer %s', async (code) => {
  await using opened = await scene({ endedWithCall: code });
  const { id } = await start(opened);
  await opened.clock.advance(2_000);
  opened.call.call.end();
  opened.call.end();
  expect([await state(opened, id), (await stop(opened, id)).code, await command(opened, id, 'pause')]).toEqual([
    code,
    code,
    code,
  ]);
});

test('durations count wall time where the behaviour says so', async () => {
  await using opened = await scene({ durations: 'wall', settleMs: 0 });
  const { id } = await start(opened);
  await opened.clock.advance(2_000);
  await command(opened, id, 'pause');
  await opened.clock.advance(3_000);
  await stop(opened, id);
  await opened.clock.advance(60_000);
  expect(files(opened)).toMatchObject([{ recordingDurationMs: 5_000 }]);
});
