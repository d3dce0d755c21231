import type { InboundRequest } from '@onrecord/core';
import { describe, expect, test } from 'vitest';
import { chunk, deliveryWith, fileEvent } from '../testing/post-events.ts';
import { command, gridSecret, openScene, rejection, type Scene, type SceneOptions } from '../testing/scene.ts';

const day = 24 * 3_600_000;

/** A recording of twelve seconds, two of them while the stop settles, whose file event has come. */
async function finished(options: SceneOptions = {}, schema?: 'EventGridSchema' | 'CloudEventSchemaV1_0') {
  const scene = await openScene(options);
  const subscription = await scene.azure.subscribe({ url: scene.gridUrl, schema });
  const part = await scene.recording();
  await scene.clock.advance(9_000);
  await scene.driver.doStop(part, command(2), scene.context);
  await scene.clock.advance(120_000);
  const { recordingId } = part.handle as { readonly recordingId: string };
  return { scene, part, recordingId, subscription };
}

function fileReports(scene: Scene) {
  return scene.reports().filter(({ seen }) => seen.media);
}

function lastRequest(scene: Scene): InboundRequest {
  const request = scene.heard.at(-1)?.request;
  if (!request) throw new Error('nothing was posted');
  return request;
}

describe('the file of a recording, by RecordingFileStatusUpdated', () => {
  test.each(['EventGridSchema', 'CloudEventSchemaV1_0'] as const)('is told by %s', async (schema) => {
    const { scene, recordingId, subscription } = await finished({}, schema);
    await using _scene = scene;
    expect(subscription.deliveries().map(({ outcome }) => outcome)).toEqual(['delivered']);
    const [report, ...rest] = fileReports(scene);
    expect(rest).toEqual([]);
    const at = report?.clock.at ?? '';
    const expiresAt = new Date(Date.parse(at) + day).toISOString();
    expect(report).toMatchObject({
      subject: { providerKey: `recording/${recordingId}` },
      seen: {
        capturing: false,
        ended: true,
        handle: { recordingId },
        media: [
          {
            key: expect.stringMatching(/^0-/),
            uri: expect.stringMatching(/^https:\/\/storage\.asm\.skype\.com:\d+\/v1\/objects\/.+\/content\//),
            role: 'master',
            container: 'wav',
            mediaType: 'audio/wav',
            durationMs: 12_000,
            index: 0,
            expiresAt,
            access: { deleteLocation: expect.stringContaining('/v1/objects/') },
          },
          { role: 'metadata', mediaType: 'application/json', index: 0, expiresAt },
        ],
      },
      cause: { unattributed: true },
      clock: { domain: 'provider:azure-event-grid', at: expect.stringMatching(/\.\d{3}Z$/) },
      via: 'push',
    });
    const [master, metadata] = report?.seen.media ?? [];
    expect(metadata).toMatchObject({ key: `${master?.key}/metadata` });
    expect(metadata).not.toHaveProperty('access');
    const file = { content: master?.uri, metadata: metadata?.uri, index: 0 };
    expect(report?.seen.facts).toEqual({
      [`file/${master?.key}`]: file,
      filesComplete: true,
      finalizeFor: master?.key,
    });
  });

  test('told twice, it is one report', async () => {
    await using scene = await openScene();
    await scene.azure.subscribe({ url: scene.gridUrl });
    scene.azure.eventFaults.next({ match: 'RecordingFileStatusUpdated', fault: 'duplicated' });
    const part = await scene.recording();
    await scene.driver.doStop(part, command(2), scene.context);
    await scene.clock.advance(120_000);
    const reports = fileReports(scene);
    expect(reports).toHaveLength(2);
    expect(reports[0]).toEqual({ ...reports[1], receivedAt: expect.any(String) });
  });

  test.each(['server-call-and-recording', 'recording', 'server-call', 'call'] as const)(
    'is found whatever the form of the subject: %s',
    async (subject) => {
      const { scene, recordingId } = await finished({ resource: { behaviour: { subject } } });
      await using _scene = scene;
      expect(fileReports(scene)).toMatchObject([{ subject: { providerKey: `recording/${recordingId}` } }]);
    },
  );

  test('of an older event, which names the recording in its subject alone', async () => {
    const { scene, recordingId } = await finished();
    await using _scene = scene;
    const request = lastRequest(scene);
    const parse = async (change: (event: Record<string, unknown>) => void) => {
      const [event] = JSON.parse(new TextDecoder().decode(request.body));
      delete event.data.recordingId;
      change(event);
      const body = new TextEncoder().encode(JSON.stringify(event));
      return (await scene.driver.parse({ ...request, body }, scene.context)).reports[0]?.subject;
    };
    expect(await parse(() => undefined)).toEqual({ providerKey: `recording/${recordingId}` });
    const subject = (text: string) => (event: Record<string, unknown>) => {
      event['subject'] = text;
    };
    expect(await parse(subject('/recording/call/c1/serverCallId/aHR0/cHM='))).toEqual({
      providerKey: 'server-call/aHR0/cHM=@2026-01-05T09:00:03.000Z',
      sharedKey: 'server-call/aHR0/cHM=',
    });
    expect(await parse(subject('/recording/call/c1'))).toEqual({ providerKey: 'call/c1' });
    expect(await rejection(parse(subject('/other')))).toMatchObject({ code: 'invalid-request' });
  });

  test('in several chunks is several masters, in order, with no length for any one of them', async () => {
    const { scene } = await finished({ resource: { behaviour: { maxChunkMs: 4_000 } } });
    await using _scene = scene;
    const [report] = fileReports(scene);
    const masters = report?.seen.media?.filter(({ role }) => role === 'master') ?? [];
    expect(masters.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(new Set(masters.map(({ key }) => key)).size).toBe(3);
    expect(masters.every((master) => master.durationMs === undefined)).toBe(true);
    expect(Object.keys(report?.seen.facts ?? {})).toHaveLength(5);
  });

  test('that is full says nothing of the end: another one follows', async () => {
    const { scene } = await finished();
    await using _scene = scene;
    const request = lastRequest(scene);
    const [event] = JSON.parse(new TextDecoder().decode(request.body));
    delete event.data.sessionEndReason;
    event.data.recordingStorageInfo.recordingChunks[0].endReason = 'ChunkMaximumSizeExceeded';
    const body = new TextEncoder().encode(JSON.stringify([event]));
    const { reports } = await scene.driver.parse({ ...request, body }, scene.context);
    expect(reports[0]?.seen).not.toHaveProperty('ended');
    expect(reports[0]?.seen.facts).not.toHaveProperty('filesComplete');
    expect(reports[0]?.seen.media).toHaveLength(2);
  });
});

describe('authenticity', () => {
  test.each<[string, (url: URL) => void]>([
    ['another secret', (url) => url.searchParams.set('secret', 'another')],
    ['no secret', (url) => url.searchParams.delete('secret')],
    ['two secrets', (url) => url.searchParams.append('secret', gridSecret)],
  ])('an event with %s is refused', async (_name, change) => {
    const { scene } = await finished();
    await using _scene = scene;
    const request = lastRequest(scene);
    const url = new URL(request.url ?? '');
    change(url);
    const error = await rejection(scene.driver.parse({ ...request, url: url.href }, scene.context));
    expect(error).toMatchObject({ code: 'signature-invalid', message: expect.not.stringContaining(gridSecret) });
  });

  test('the secret opens no other door: without the header of Event Grid a message needs the token', async () => {
    const { scene } = await finished();
    await using _scene = scene;
    const request = lastRequest(scene);
    const plain = { ...request, headers: { 'content-type': 'application/json' } };
    expect(await rejection(scene.driver.parse(plain, scene.context))).toMatchObject({ code: 'signature-invalid' });
  });

  test('without a configured secret everything is refused', async () => {
    const { scene } = await finished();
    await using _scene = scene;
    const closed = scene.another({ eventGrid: undefined });
    const error = await rejection(closed.parse(lastRequest(scene), scene.context));
    expect(error).toMatchObject({ code: 'signature-invalid', message: expect.stringContaining('eventGrid.secret') });
  });

  test('`eventGrid.secret` can be changed without a gap', async () => {
    const { scene } = await finished();
    await using _scene = scene;
    const both = scene.another({ eventGrid: { secret: ['the next secret of Event Grid', gridSecret] } });
    await expect(both.parse(lastRequest(scene), scene.context)).resolves.toMatchObject({ unhandled: 0 });
  });
});

describe('what else comes', () => {
  test('IncomingCall is counted, whatever it holds, beside a file event', async () => {
    await using scene = await openScene();
    const data = { incomingCallContext: 'hush', from: { rawId: '4:+15550100' } };
    const call = { id: '1', eventType: 'Microsoft.Communication.IncomingCall', data };
    const { reports, calls, unhandled } = await scene.driver.parse(
      deliveryWith(scene, [call, fileEvent([chunk('0-a')])]),
      scene.context,
    );
    expect([reports.length, calls, unhandled]).toEqual([1, [], 1]);
    expect(JSON.stringify(reports)).not.toContain('hush');
  });

  test.each(['EventGridSchema', 'CloudEventSchemaV1_0'] as const)(
    'SubscriptionDeletion is counted: no file is told of any more, in %s',
    async (schema) => {
      await using scene = await openScene();
      const subscription = await scene.azure.subscribe({ url: scene.gridUrl, schema });
      await subscription.delete();
      expect(scene.heard.at(-1)).toMatchObject({ parsed: { reports: [], calls: [], unhandled: 1 } });
    },
  );

  test('RecordingFileStatusUpdated without a file is malformed, so that it is delivered again and seen', async () => {
    const { scene } = await finished();
    await using _scene = scene;
    const request = lastRequest(scene);
    const [event] = JSON.parse(new TextDecoder().decode(request.body));
    event.data.recordingStorageInfo.recordingChunks = [];
    const body = new TextEncoder().encode(JSON.stringify([event]));
    const error = await rejection(scene.driver.parse({ ...request, body }, scene.context));
    expect(error).toMatchObject({ code: 'invalid-request', blame: 'provider' });
  });
});
