import { createRecorder, memorySessionStore, snapshotOf } from '@onrecord/core';
import { describe, expect, test } from 'vitest';
import { azureCallConnection } from './call-ref.ts';
import type { AzureOptions } from './config/options.ts';
import { changedStarts, withoutRecordingId } from './testing/changed-answers.ts';
import { gridSecret, openScene, type Scene } from './testing/scene.ts';

const output = { media: 'audio', layout: 'mixed', container: 'wav' } as const;
const documented = { subject: 'server-call', fileEventFields: 'documented' } as const;
const notifications = (request: Request) => request.headers.get('aeg-event-type') === 'Notification';

/** A recorder whose file events name their call alone, as in the quickstart; they are handed over by `deliver`. */
async function opened(driver: (scene: Scene) => Partial<AzureOptions> = () => ({}), behaviour: object = {}) {
  const scene = await openScene({ resource: { behaviour: { ...documented, ...behaviour } } });
  await scene.azure.subscribe({ url: scene.gridUrl });
  const store = memorySessionStore();
  const errors: (readonly [object, string])[] = [];
  const quiet = () => {};
  const logger = {
    debug: quiet,
    info: quiet,
    warn: quiet,
    error: (...line: [object, string]) => void errors.push(line),
  };
  const held: { readonly body: string; readonly event: { readonly id: string } }[] = [];
  let deaf = false;
  const begin = () => {
    const options = { clock: scene.clock, store, logger, ingest: { publicUrl: scene.origin } };
    return createRecorder(scene.another(driver(scene)), options);
  };
  let recorder = begin();
  scene.handTo(async (request) => {
    if (!notifications(request)) return deaf ? new Response(null, { status: 200 }) : recorder.ingest(request);
    const body = await request.text();
    held.push({ body, event: JSON.parse(body)[0] });
    return new Response(null, { status: 200 });
  });
  return {
    scene,
    store,
    held,
    /** Error lines about a choice that nobody can make. */
    ambiguities: () => errors.filter(([, message]) => message.includes('several recordings')).map(([fields]) => fields),
    get recorder() {
      return recorder;
    },
    /** Callbacks reach nobody from now on. */
    deafen: () => {
      deaf = true;
    },
    async restart() {
      await recorder.close();
      recorder = begin();
    },
    async start(ref = scene.ref) {
      return scene.clock.until(recorder.start({ call: ref, output }));
    },
    async deliver(body: string) {
      const headers = { 'aeg-event-type': 'Notification' };
      const url = `${scene.origin}/grid?secret=${encodeURIComponent(gridSecret)}`;
      expect((await recorder.ingest(new Request(url, { method: 'POST', headers, body }))).status).toBe(200);
    },
    async [Symbol.asyncDispose]() {
      await recorder.close();
      await scene[Symbol.asyncDispose]();
    },
  };
}

type Opened = Awaited<ReturnType<typeof opened>>;

/** Records for some time and stops; the file event comes a minute later, into `held`. */
async function recorded(setting: Opened, ms = 10_000) {
  const session = await setting.start();
  await setting.scene.clock.advance(ms);
  await setting.scene.clock.until(session.stop());
  return session.id;
}

async function filesOf({ store }: Opened, id: string) {
  const { artifacts, state, verdict } = snapshotOf((await store.load(id))!);
  const masters = artifacts.filter(({ role }) => role === 'master').map(({ mediaKey }) => mediaKey);
  return { masters, state, verdict };
}

const documentIn = (body: string): string =>
  JSON.parse(body)[0].data.recordingStorageInfo.recordingChunks[0].documentId;

describe('a RecordingFileStatusUpdated event that names only its call', () => {
  test('is given to the one recording that began and ended with it, and duplicates change nothing', async () => {
    await using setting = await opened();
    const id = await recorded(setting);
    await setting.scene.clock.advance(70_000);
    const [{ body, event }] = setting.held as [Opened['held'][number]];
    expect(JSON.parse(body)[0].data).not.toHaveProperty('recordingId');
    await setting.deliver(body);
    await setting.deliver(body);
    await setting.scene.clock.advance(20_000);
    const found = { masters: [documentIn(body)], state: 'completed', verdict: 'present' };
    expect(await filesOf(setting, id)).toEqual(found);
    await setting.deliver(body);
    await setting.scene.clock.advance(20_000);
    expect(await filesOf(setting, id)).toEqual(found);
    const { reports } = (await setting.store.load(id))!;
    expect(reports.filter(({ reportId }) => reportId === `azure/${event.id}`)).toHaveLength(1);
    const key = `provider/azure/server-call/${setting.scene.call.serverCallId}`;
    expect(await setting.store.unpark([key], new Date(setting.scene.clock.now()).toISOString())).toEqual([]);
  });

  test('of two recordings after each other goes to its own, also late and reversed', async () => {
    await using setting = await opened();
    const first = await recorded(setting, 200_000);
    await setting.scene.clock.advance(5_000);
    const second = await recorded(setting, 200_000);
    await setting.scene.clock.advance(3_600_000);
    const [one, two] = setting.held.map(({ body }) => body) as [string, string];
    await setting.deliver(two);
    await setting.scene.clock.advance(700_000);
    expect(await filesOf(setting, first)).toMatchObject({ masters: [] });
    await setting.deliver(one);
    await setting.scene.clock.advance(700_000);
    expect(await filesOf(setting, first)).toMatchObject({ masters: [documentIn(one)], state: 'completed' });
    expect(await filesOf(setting, second)).toMatchObject({ masters: [documentIn(two)], state: 'completed' });
    expect(setting.ambiguities()).toEqual([]);
  });

  test('of two recordings that began within two minutes is given to none, and told once', async () => {
    await using setting = await opened();
    const ids = [await recorded(setting), await recorded(setting)];
    await setting.scene.clock.advance(70_000);
    for (const { body } of setting.held) await setting.deliver(body);
    await setting.scene.clock.advance(300_000);
    await setting.restart();
    await setting.scene.clock.advance(600_000);
    await setting.scene.clock.until(setting.recorder.createWorker().tick());
    for (const id of ids) expect(await filesOf(setting, id)).toMatchObject({ masters: [], verdict: 'missing' });
    const told = setting.ambiguities();
    expect(told[0]).toMatchObject({ sessions: expect.arrayContaining(ids), recordings: 2 });
    expect(new Set(told.map((line) => ('reportId' in line ? line.reportId : ''))).size).toBe(told.length);
  });

  test('for each file of a recording goes to the session that has the first, also once that is finished', async () => {
    await using setting = await opened(undefined, { fileEvents: 'per-file', maxChunkMs: 4_000 });
    const id = await recorded(setting);
    await setting.scene.clock.advance(70_000);
    const [last, ...others] = setting.held.map(({ body }) => body).reverse() as [string, ...string[]];
    await setting.deliver(last);
    await setting.scene.clock.advance(60_000);
    expect(await filesOf(setting, id)).toMatchObject({ masters: [documentIn(last)] });
    for (const body of others) await setting.deliver(body);
    const { masters } = await filesOf(setting, id);
    expect(new Set(masters)).toEqual(new Set([last, ...others].map(documentIn)));
    expect(others.length).toBe(2);
  });

  test('that comes before the end, or while no process is there, waits for the next one', async () => {
    await using setting = await opened();
    const session = await setting.start();
    const { clock, call } = setting.scene;
    const began = new Date(clock.now()).toISOString();
    await clock.advance(10_000);
    const address = 'https://storage.asm.skype.com/v1/objects/0-early';
    const event = {
      id: 'early',
      subject: `/recording/call/c1/serverCallId/${call.serverCallId}`,
      eventType: 'Microsoft.Communication.RecordingFileStatusUpdated',
      eventTime: new Date(clock.now()).toISOString(),
      data: {
        recordingStorageInfo: {
          recordingChunks: [{ documentId: '0-early', index: 0, contentLocation: `${address}/content/audio` }],
        },
        recordingStartTime: began,
        recordingDurationMs: 9_000,
      },
    };
    await setting.deliver(JSON.stringify([event]));
    await clock.advance(40_000);
    expect(await filesOf(setting, session.id)).toMatchObject({ masters: [] });
    await setting.restart();
    await clock.until(setting.recorder.attach(session.id).then((again) => again.stop()));
    await clock.advance(20_000);
    expect(await filesOf(setting, session.id)).toMatchObject({ masters: ['0-early'], state: 'completed' });
  });

  test('is not given to a recording of another time, nor to one of another call', async () => {
    await using setting = await opened();
    const id = await recorded(setting);
    await setting.scene.clock.advance(70_000);
    const [{ body }] = setting.held as [Opened['held'][number]];
    await setting.deliver(
      body.replace(/"recordingStartTime":"2026-01-05T09:0/, '"recordingStartTime":"2026-01-05T09:1'),
    );
    await setting.deliver(body.replaceAll(setting.scene.call.serverCallId, 'b3RoZXI='));
    await setting.scene.clock.advance(100_000);
    expect(await filesOf(setting, id)).toMatchObject({ masters: [] });
  });

  test('finds the recording of a leg whose serverCallId only RecordingStateChanged told', async () => {
    await using setting = await opened();
    const session = await setting.start(azureCallConnection(setting.scene.call.ids().callConnectionId));
    await setting.scene.clock.advance(10_000);
    await setting.scene.clock.until(session.stop());
    await setting.scene.clock.advance(70_000);
    await setting.deliver(setting.held[0]!.body);
    await setting.scene.clock.advance(20_000);
    expect(await filesOf(setting, session.id)).toMatchObject({ masters: [expect.any(String)], state: 'completed' });
  });

  test('competes between sessions that name their call differently', async () => {
    await using setting = await opened();
    const first = await recorded(setting);
    const session = await setting.start(azureCallConnection(setting.scene.call.ids().callConnectionId));
    await setting.scene.clock.advance(10_000);
    await setting.scene.clock.until(session.stop());
    await setting.scene.clock.advance(70_000);
    await setting.deliver(setting.held[0]!.body);
    await setting.scene.clock.advance(60_000);
    expect(setting.ambiguities()).toMatchObject([{ sessions: expect.arrayContaining([first, session.id]) }]);
    expect(await filesOf(setting, first)).toMatchObject({ masters: [] });
  });

  test('finds a recording whose answer had no recordingId and whose callbacks were lost', async () => {
    await using setting = await opened((scene) => changedStarts(scene, withoutRecordingId), { startStatus: 202 });
    setting.deafen();
    const { clock, ref, call } = setting.scene;
    const session = await clock.until(setting.recorder.start({ call: ref, output }, { until: 'accepted' }));
    await clock.advance(20_000);
    call.end();
    await clock.advance(90_000);
    await setting.deliver(setting.held[0]!.body);
    await clock.advance(60_000);
    expect(await filesOf(setting, session.id)).toMatchObject({ masters: [expect.any(String)], state: 'completed' });
  });
});
