import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { deliveryWith } from './testing/post-events.ts';
import { collect, command, openScene, partOf, poll, type Scene, watch } from './testing/scene.ts';

const repository = fileURLToPath(new URL('../../../', import.meta.url));
const reference = join(process.env['ONRECORD_REFERENCE'] ?? join(repository, '../shared/reference'), 'azure');
const present = existsSync(reference);
if (!present) console.warn(`skipped: no reference data at ${reference}; events and requests are not compared with it`);

function read(name: string): string {
  return readFileSync(join(reference, name), 'utf8');
}

async function parse(scene: Scene, body: string) {
  const request = scene.heard[0]?.request;
  if (!request) throw new Error('no callback came');
  return scene.driver.parse({ ...request, body: new TextEncoder().encode(body) }, scene.context);
}

describe.skipIf(!present)('events of the service as they were seen', () => {
  test.each<[string, object]>([
    [
      'call-connected.sdk-test.json',
      {
        calls: [
          {
            type: 'call.connected',
            answered: true,
            at: '2022-08-12T03:35:07.817Z',
            call: { kind: 'azure.call-connection', key: '401f3500-62bd-46a9-8c09-9e1b06caca01' },
          },
        ],
        unhandled: 0,
      },
    ],
    [
      'participants-updated.sdk-test.json',
      { calls: [{ type: 'call.participant-joined' }, { type: 'call.participant-joined' }], unhandled: 0 },
    ],
    ['play-completed.sdk-test.json', { calls: [], unhandled: 1 }],
    ['play-failed.sdk-test.json', { calls: [], unhandled: 1 }],
    ['play-canceled.sdk-test.json', { calls: [], unhandled: 1 }],
    ['recognize-completed.dtmf.sdk-test.json', { calls: [], unhandled: 1 }],
  ])('%s', async (name, expected) => {
    await using scene = await openScene();
    expect(await parse(scene, read(`events/${name}`))).toMatchObject({ reports: [], ...expected });
  });

  test.each([
    ['play-completed.sdk-test.json', { type: 'call.announced' }],
    [
      'play-failed.sdk-test.json',
      {
        type: 'call.announcement-failed',
        reason: expect.stringMatching(/^400\/8536 Action failed, file could not be downloaded\. Check/),
      },
    ],
    ['play-canceled.sdk-test.json', { type: 'call.announcement-failed', reason: 'The announcement was cancelled' }],
  ])('%s, had the prompt been ours', async (name, notice) => {
    await using scene = await openScene();
    const [event] = JSON.parse(read(`events/${name}`));
    event.data.operationContext = 'onrecord/notice-7';
    const { calls } = await parse(scene, JSON.stringify([event]));
    expect(calls).toMatchObject([{ ...notice, announcementId: 'notice-7', noticeId: `azure/${event.id}/notice-7` }]);
  });

  test('incoming-call.eventgrid.docs.json is counted, by Event Grid as well as by a callback', async () => {
    await using scene = await openScene();
    const body = read('events/incoming-call.eventgrid.docs.json');
    expect(await scene.driver.parse(deliveryWith(scene, body), scene.context)).toEqual({
      reports: [],
      calls: [],
      unhandled: 1,
    });
    expect(await parse(scene, body)).toMatchObject({ reports: [], calls: [], unhandled: 1 });
  });

  test('a real CallDisconnected ends the call of our leg', async () => {
    await using scene = await openScene();
    const data = JSON.parse(read('events/call-disconnected.data.real.json'));
    const event = { id: '1', type: 'Microsoft.Communication.CallDisconnected', data };
    const { calls } = await parse(scene, JSON.stringify(event));
    expect(calls).toMatchObject([
      { type: 'call.ended', call: { key: data.callConnectionId, data: { serverCallId: data.serverCallId } } },
    ]);
  });
});

interface Wire {
  readonly call: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Headers that depend on the connection, not on the request. */
const volatile = ['connection', 'content-length', 'accept-encoding', 'content-type'];

function names(headers: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.keys(headers)
    .map((name) => name.toLowerCase())
    .filter((name) => !volatile.includes(name))
    .sort();
}

describe.skipIf(!present)('our requests carry what those of the SDK were seen to carry', () => {
  test.each([
    ['StartRecording', 'start({callConnectionId})'],
    ['GetRecordingProperties', 'getState'],
    ['PauseRecording', 'pause'],
    ['ResumeRecording', 'resume'],
    ['StopRecording', 'stop'],
    ['DownloadContent', 'downloadStreaming'],
    ['DeleteContent', 'delete'],
  ])('%s', async (operation, call) => {
    const { requests } = JSON.parse(read('sdk-js-1.6.0-wire-requests.json')) as { readonly requests: readonly Wire[] };
    const expected = requests.find((request) => request.call === call);
    const seen = await everyRequest();
    expect(seen.get(operation)?.method).toBe(expected?.method);
    expect(names(seen.get(operation)?.headers ?? {})).toEqual(names(expected?.headers ?? {}));
  });
});

/** One request of each operation, as it arrived. */
async function everyRequest() {
  await using scene = await openScene();
  const seen = watch(scene);
  await scene.azure.subscribe({ url: scene.gridUrl });
  const plan = scene.plan();
  const part = partOf(plan, await scene.driver.doStart(plan, scene.context));
  await scene.clock.advance(3_000);
  await scene.driver.doPause(part, command(2), scene.context);
  await scene.driver.doResume(part, command(3), scene.context);
  await scene.driver.doStatus(part, poll(3), scene.context);
  await scene.driver.doStop(part, command(4), scene.context);
  await scene.clock.advance(120_000);
  const [master] = scene.reports().flatMap(({ seen: { media } }) => media ?? []);
  if (!master) throw new Error('no file event came');
  const artifact = { id: 'a', mediaKey: master.key, partId: 'p1', state: 'available', tracks: [] } as const;
  const place = { ...artifact, role: 'master', location: master.uri, source: master.uri } as const;
  const { body } = await scene.driver.doOpenArtifact(place, {}, scene.context);
  await collect(body);
  await scene.driver.doDeleteArtifact(place, { access: master.access ?? {} }, scene.context);
  return new Map(seen.map((request) => [request.operation, request]));
}
