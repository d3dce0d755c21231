import { createRecorder, type SessionRecord, snapshotOf } from '@onrecord/core';
import type { SimulatedAzure } from '@onrecord/simulator';
import { describe, expect, test } from 'vitest';
import { type PostedEvent, storeWith, unheard } from './testing/collected.ts';
import { chunk, fileEvent } from './testing/post-events.ts';
import { connected, openRecorder } from './testing/recorder-scene.ts';
import { gridSecret, type Scene, type SceneOptions } from './testing/scene.ts';

const hour = 3_600_000;
const output = { media: 'audio', layout: 'mixed', container: 'wav' } as const;

const fetched = (azure: SimulatedAzure) =>
  azure.requests().filter(({ operation }) => operation === 'DownloadContent' || operation === 'DownloadMetadata');

/** A process that begins later, over a store that holds this session alone. It works when it is told to. */
async function laterProcess(scene: Scene, record: SessionRecord, ingest: { readonly maxAgeMs?: number } = {}) {
  const store = await storeWith(record);
  const errors: unknown[] = [];
  const driver = scene.another({ jwt: undefined, eventGrid: { secret: gridSecret, queue: true } });
  const onError = (error: unknown) => void errors.push(error);
  const options = {
    clock: scene.clock,
    worker: false,
    ingest: { publicUrl: scene.origin, onError, ...ingest },
  } as const;
  return { store, errors, recorder: createRecorder(driver, { ...options, store }) };
}

function posting(url: string, headers: PostedEvent['headers'], events: readonly unknown[]): Request {
  const type = headers['aeg-event-type'];
  const own = typeof type === 'string' ? { 'aeg-event-type': type } : {};
  return new Request(url, { method: 'POST', headers: own, body: JSON.stringify(events) });
}

/** The requests with which a file event was delivered. */
function postedTo(scene: Scene, request: Request): boolean {
  return (
    new URL(request.url).pathname === new URL(scene.gridUrl).pathname &&
    request.headers.get('aeg-event-type') === 'Notification'
  );
}

describe('a file event', () => {
  async function stopped(options: SceneOptions = {}) {
    const opened = await openRecorder(options);
    const { scene, recorder } = opened;
    const { call, ref } = await connected(scene);
    const session = await scene.clock.until(recorder.start({ call: ref, output }));
    return { opened, scene, recorder, session, call };
  }

  test('that comes after a day tells of a file that has expired, and nothing is fetched', async () => {
    const { opened, events, record } = await unheard();
    await using _opened = opened;
    const { scene } = opened;
    await opened.recorder.close();
    await scene.clock.advance(24 * hour + hour / 2);
    const late = await laterProcess(scene, record);
    for (const { url, headers, event } of events.filter((posted) => posted.url === scene.gridUrl)) {
      expect((await late.recorder.ingest(posting(url, headers, [event]))).status).toBe(200);
    }
    await late.recorder.createWorker().tick();
    const { artifacts, state } = snapshotOf((await late.store.load(record.id))!);
    expect(artifacts.map((file) => [file.role, file.state])).toEqual([
      ['master', 'expired'],
      ['metadata', 'expired'],
    ]);
    expect(state).toBe('failed');
    expect(fetched(scene.azure)).toEqual([]);
    await late.recorder.close();
  });

  test('that comes later than the ingest takes is refused and told of, and fed in by hand it is taken', async () => {
    const { opened, events, record } = await unheard();
    await using _opened = opened;
    const { scene } = opened;
    await opened.recorder.close();
    await scene.clock.advance(72 * hour);
    const [{ url, headers, event }] = events.filter((posted) => posted.url === scene.gridUrl) as [PostedEvent];
    const late = await laterProcess(scene, record);
    expect((await late.recorder.ingest(posting(url, headers, [event]))).status).toBe(400);
    expect(late.errors).toMatchObject([{ message: expect.stringContaining('too old') }]);
    const patient = await laterProcess(scene, record, { maxAgeMs: 7 * 24 * hour });
    const dead = { ...(event as object), deadLetterReason: 'TimeToLiveExceeded', deliveryAttempts: 30 };
    const byHand = patient.recorder.ingest(posting(url, {}, [dead]), { transport: 'queue' });
    expect((await byHand).status).toBe(200);
    const { artifacts } = snapshotOf((await patient.store.load(record.id))!);
    expect(artifacts.map((file) => file.state)).toEqual(['expired', 'expired']);
    await Promise.all([late.recorder.close(), patient.recorder.close()]);
  });

  test('for each chunk, some hours apart, adds up to all of them', async () => {
    const { opened, scene, session, call } = await stopped({
      resource: { behaviour: { maxChunkMs: 4_000, fileEvents: 'per-file' } },
    });
    await using _opened = opened;
    scene.azure.eventFaults.next({ match: 'RecordingFileStatusUpdated', fault: { delayMs: 3 * hour } });
    await scene.clock.advance(9_000);
    call.end();
    await scene.clock.advance(120_000);
    const early = await session.snapshot();
    await scene.clock.advance(4 * hour);
    const masters = (await session.snapshot()).artifacts.filter(({ role }) => role === 'master');
    expect(early.artifacts.filter(({ role }) => role === 'master').length).toBeLessThan(masters.length);
    expect(masters.map(({ state }) => state)).toEqual(masters.map(() => 'available'));
    expect(masters.length).toBe(3);
  });

  test.each(['ascending', 'descending'] as const)(
    'for each chunk, %s: the pauses and tracks of all of them are learnt in the end',
    async (fileOrder) => {
      const { opened, scene, session, call } = await stopped({
        resource: { behaviour: { maxChunkMs: 3_000, fileEvents: 'per-file', fileOrder } },
      });
      await using _opened = opened;
      scene.azure.eventFaults.next({ match: 'RecordingFileStatusUpdated', fault: { delayMs: hour } });
      await scene.clock.advance(2_000);
      await scene.clock.until(session.pause());
      await scene.clock.advance(5_000);
      await scene.clock.until(session.resume());
      await scene.clock.advance(4_000);
      call.end();
      await scene.clock.advance(3 * hour);
      const { pauses, artifacts, anomalies } = await session.snapshot();
      expect(pauses).toMatchObject([{ precision: 'provider' }]);
      const masters = artifacts.filter(({ role }) => role === 'master');
      expect(masters.length).toBeGreaterThan(1);
      // The first of the files begins the media; each of the others lies where its metadata file says.
      expect(masters.map(({ tracks }) => (tracks[0]?.offsetMs ?? -1) > 0)).toEqual(
        masters.map((_, index) => index > 0),
      );
      expect(anomalies).toEqual([]);
    },
  );

  test('about a recording that nobody started here is kept, and makes no session', async () => {
    await using opened = await openRecorder();
    const { scene, recorder, store, errors } = opened;
    const event = fileEvent([chunk('0-a')], { recordingId: 'a-stranger' }, { eventTime: '2026-01-05T09:00:00.5Z' });
    const headers = { 'aeg-event-type': 'Notification' };
    const request = new Request(scene.gridUrl, { method: 'POST', headers, body: JSON.stringify([event]) });
    expect((await recorder.ingest(request)).status).toBe(200);
    expect(await store.list()).toEqual([]);
    const kept = await store.unpark(['provider/azure/recording/a-stranger'], new Date(scene.clock.now()).toISOString());
    expect(kept).toMatchObject([{ report: { seen: { media: [{ key: '0-a' }, { key: '0-a/metadata' }] } } }]);
    expect(errors).toEqual([]);
  });

  test('that names an address elsewhere beside a file is an anomaly of the session, and the file is kept', async () => {
    const { opened, scene, recorder, session, call } = await stopped();
    await using _opened = opened;
    scene.handTo(async (request) => {
      if (!postedTo(scene, request)) return recorder.ingest(request);
      const [event] = JSON.parse(await request.text());
      const { recordingChunks } = event.data.recordingStorageInfo;
      recordingChunks.push(chunk('0-evil', { contentLocation: 'https://169.254.169.254/metadata?token=hush' }));
      const { url, method, headers } = request;
      const own = new Headers(headers);
      own.delete('content-length');
      return recorder.ingest(new Request(url, { method, headers: own, body: JSON.stringify([event]) }));
    });
    await scene.clock.advance(6_000);
    call.end();
    await scene.clock.advance(200_000);
    const { anomalies, artifacts } = await session.snapshot();
    expect(anomalies).toMatchObject([{ code: 'invalid-answer', message: expect.stringContaining('169.254.169.254') }]);
    expect(JSON.stringify(await session.record())).not.toContain('hush');
    expect(artifacts).toMatchObject([{ role: 'master', state: 'available' }, { role: 'metadata' }]);
  });

  test('that came by a Storage Queue finishes its session', async () => {
    const eventGrid = { queue: true, secret: gridSecret };
    const { opened, scene, recorder, session, call } = await stopped({ driver: { eventGrid } });
    await using _opened = opened;
    scene.handTo(async (request) => {
      if (!postedTo(scene, request)) return recorder.ingest(request);
      const [event] = JSON.parse(await request.text());
      const body = Buffer.from(JSON.stringify(event)).toString('base64');
      return recorder.ingest(new Request(`${scene.origin}/queue`, { method: 'POST', body }), { transport: 'queue' });
    });
    await scene.clock.advance(6_000);
    call.end();
    expect(await scene.clock.until(session.settled())).toMatchObject({ state: 'completed', verdict: 'present' });
  });
});
