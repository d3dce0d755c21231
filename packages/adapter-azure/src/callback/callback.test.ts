import { type InboundRequest, timestamp } from '@onrecord/core';
import { describe, expect, test } from 'vitest';
import { altered, recorded } from '../testing/posted-callback.ts';
import { command, openScene, rejection } from '../testing/scene.ts';

describe('what the service says of a recording', () => {
  test('finds its part by the URL, brings the id, and is tied to no command', async () => {
    const { scene, part } = await recorded();
    await using _scene = scene;
    const [report] = scene.reports();
    const { recordingId } = part.handle as { readonly recordingId: string };
    expect(report).toEqual({
      reportId: expect.stringMatching(/^azure\/[0-9a-f-]{36}$/),
      subject: { correlation: part.correlation },
      seen: {
        capturing: true,
        handle: { recordingId },
        providerKeys: [`recording/${recordingId}`],
        facts: { serverCallId: scene.call.serverCallId },
      },
      cause: { unattributed: true },
      clock: { domain: 'provider:azure', at: '2026-01-05T09:00:03.000Z' },
      via: 'push',
      receivedAt: timestamp(scene.clock.now() - 1_000),
    });
  });

  test('delivered twice, it is one report', async () => {
    const { scene, request } = await recorded();
    await using _scene = scene;
    const again = await scene.driver.parse(request, scene.context);
    expect(again.reports[0]?.reportId).toBe(scene.reports()[0]?.reportId);
  });

  test('without our query it is found by the recording, as long as the token proves it', async () => {
    const { scene, part, request } = await recorded();
    await using _scene = scene;
    const bare = altered(request, (url) => {
      url.search = '';
    });
    const { recordingId } = part.handle as { readonly recordingId: string };
    const { reports } = await scene.driver.parse(bare, scene.context);
    expect(reports).toMatchObject([{ subject: { providerKey: `recording/${recordingId}` } }]);
  });

  test('a pause that the service keeps to itself is simply not heard of', async () => {
    await using scene = await openScene({ resource: { behaviour: { pauseEvent: false } } });
    const part = await scene.recording();
    await scene.driver.doPause(part, command(2), scene.context);
    await scene.clock.advance(3_000);
    expect(scene.reports().map(({ seen }) => seen.capturing)).toEqual([true]);
  });
});

describe('inactive, said of a recording', () => {
  /** The callback that says so, of one that is paused. */
  async function paused() {
    const scene = await openScene();
    const part = await scene.recording();
    await scene.driver.doPause(part, command(2), scene.context);
    await scene.clock.advance(3_000);
    const request = scene.heard.at(-1)!.request;
    expect(new TextDecoder().decode(request.body)).toContain('"inactive"');
    return { scene, part, request };
  }

  test('that exists is passed on as it is', async () => {
    const { scene, request } = await paused();
    await using _scene = scene;
    const { reports } = await scene.driver.parse(request, scene.context);
    expect(reports).toMatchObject([{ seen: { capturing: false }, clock: { domain: 'provider:azure' } }]);
  });

  test('that is over comes with its end', async () => {
    const { scene, part, request } = await paused();
    await using _scene = scene;
    scene.call.end();
    await scene.clock.idle();
    const { reports } = await scene.driver.parse(request, scene.context);
    const [told, over] = reports;
    expect(told).toMatchObject({ seen: { capturing: false }, clock: { domain: 'provider:azure' } });
    expect(over).toMatchObject({
      reportId: `${told?.reportId}/over`,
      subject: { correlation: part.correlation },
      seen: { capturing: false, ended: true },
      cause: { unattributed: true },
      clock: { domain: 'none' },
    });
  });

  test('several times in one message is asked about once', async () => {
    const { scene, request } = await paused();
    await using _scene = scene;
    const [event] = JSON.parse(new TextDecoder().decode(request.body));
    const batch = Array.from({ length: 50 }, (_, index) => ({ ...event, id: `again-${index}` }));
    const before = scene.requests('GetRecordingProperties').length;
    const body = new TextEncoder().encode(JSON.stringify(batch));
    expect((await scene.driver.parse({ ...request, body }, scene.context)).reports).toHaveLength(50);
    expect(scene.requests('GetRecordingProperties').length - before).toBe(1);
  });

  test('of several recordings has the service wait no longer than for one', async () => {
    const { scene, request } = await paused();
    await using _scene = scene;
    const [event] = JSON.parse(new TextDecoder().decode(request.body));
    const batch = [1, 2, 3].map((index) => ({
      ...event,
      id: `other-${index}`,
      data: { ...event.data, recordingId: `other-${index}` },
    }));
    scene.azure.faults.next({ match: 'GetRecordingProperties', fault: { delayMs: 3_600_000 } });
    const waits: number[] = [];
    const delay = async (ms: number) => void waits.push(ms);
    const clock = { now: () => scene.clock.now(), monotonic: () => scene.clock.monotonic(), delay };
    const body = new TextEncoder().encode(JSON.stringify(batch));
    const { reports } = await scene.driver.parse({ ...request, body }, { ...scene.context, clock });
    expect(reports.map((report) => report.clock.domain)).toEqual(['none', 'none', 'none']);
    expect(waits).toEqual([3_000]);
  });

  test.each([
    ['an error', { status: 501 }],
    ['no answer in time', { delayMs: 3_600_000 }],
    ['a state that nobody knows', { status: 200, body: '{"recordingState":"resting"}' }],
  ] as const)('proves nothing where the question meets %s, and is asked once', async (_name, fault) => {
    const { scene, part, request } = await paused();
    await using _scene = scene;
    const before = scene.requests('GetRecordingProperties').length;
    const headers = { 'content-type': 'application/json' };
    scene.azure.faults.next({
      match: 'GetRecordingProperties',
      fault: 'status' in fault ? { ...fault, headers } : fault,
    });
    const clock = { now: () => scene.clock.now(), monotonic: () => scene.clock.monotonic(), delay: async () => {} };
    const patient = 'delayMs' in fault ? { ...scene.context, clock } : scene.context;
    const { reports } = await scene.driver.parse(request, patient);
    expect(reports).toMatchObject([
      { subject: { correlation: part.correlation }, seen: { capturing: false }, clock: { domain: 'none' } },
    ]);
    expect(scene.requests('GetRecordingProperties').length - before).toBeLessThanOrEqual(1);
  });
});

describe('what the service says of a call', () => {
  test.each([
    [{ eventShape: 'current', connectBurst: 'single' }],
    [{ eventShape: '2022', connectBurst: 'one-array' }],
    [{ serverCallIdInCallConnected: false, connectBurst: 'one-array' }],
  ] as const)('every notice names the same call (%o)', async (behaviour) => {
    await using scene = await openScene({ resource: { behaviour } });
    await scene.driver.doAnnounce(scene.ref, { text: 'Hello.' }, { announcementId: 'a' }, scene.context);
    await scene.clock.advance(10_000);
    scene.call.end();
    await scene.clock.advance(1_000);
    const types = scene.calls().map(({ type }) => type);
    expect(types).toEqual([
      'call.connected',
      'call.participant-joined',
      'call.participant-joined',
      'call.announced',
      'call.ended',
    ]);
    const keys = new Set(scene.calls().map(({ call }) => `${call.kind} ${call.provider} ${call.key}`));
    expect([...keys]).toEqual([`azure.call-connection azure ${scene.call.callConnectionId}`]);
    expect(scene.calls()[0]).toMatchObject({ answered: true, at: '2026-01-05T09:00:00.500Z' });
  });

  test('everybody joins once, however often they are listed', async () => {
    await using scene = await openScene();
    scene.call.join({ name: 'supervisor', address: '+15550123' });
    await scene.clock.advance(1_000);
    const joined = scene.calls().flatMap((notice) => (notice.type === 'call.participant-joined' ? [notice] : []));
    expect(joined.length).toBe(5);
    expect(new Set(joined.map(({ noticeId }) => noticeId)).size).toBe(3);
    expect(new Set(joined.map(({ participant }) => participant))).toEqual(
      new Set(['4:+15550100', '4:+15550199', '4:+15550123']),
    );
  });
});

describe('malformed', () => {
  test.each<[string, string]>([
    ['no JSON', 'hello'],
    ['no event', '[1]'],
    ['an event without a type', '[{"id":"1"}]'],
    ['bytes that are no text', '\u{fffd}'],
    ['a state of nothing', '[{"id":"1","type":"Microsoft.Communication.CallConnected","data":{}}]'],
    ['an event without an id', '[{"type":"Microsoft.Communication.RecordingStateChanged","data":{"recordingId":"r"}}]'],
  ])('%s', async (_name, body) => {
    const { scene, request } = await recorded();
    await using _scene = scene;
    const bytes = body === '\u{fffd}' ? new Uint8Array([0xff, 0xfe]) : new TextEncoder().encode(body);
    const error = await rejection(scene.driver.parse({ ...request, body: bytes }, scene.context));
    expect(error).toMatchObject({ code: 'invalid-request' });
  });

  test('events of other types are counted, in a batch with known ones', async () => {
    const { scene, request } = await recorded();
    await using _scene = scene;
    const known: unknown[] = JSON.parse(new TextDecoder().decode(request.body));
    const batch = [
      { id: 'x', type: 'Microsoft.Communication.RecognizeCompleted', data: {} },
      ...known,
      { type: 'new' },
    ];
    const body = new TextEncoder().encode(JSON.stringify(batch));
    const parsed = await scene.driver.parse({ ...request, body }, scene.context);
    expect(parsed).toMatchObject({ reports: [{ seen: { capturing: true } }], calls: [], unhandled: 2 });
  });

  test.each<[string, Partial<InboundRequest>]>([
    ['a GET', { method: 'GET' }],
    ['a queue', { transport: 'queue' }],
    ['no URL', { url: undefined }],
  ])('%s is not how the service speaks', async (_name, change) => {
    const { scene, request } = await recorded();
    await using _scene = scene;
    const error = await rejection(scene.driver.parse({ ...request, ...change }, scene.context));
    expect(error).toMatchObject({ code: 'invalid-request' });
  });
});
