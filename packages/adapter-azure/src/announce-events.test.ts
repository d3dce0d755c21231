import type { InboundRequest } from '@onrecord/core';
import { describe, expect, test } from 'vitest';
import { openScene, type Scene } from './testing/scene.ts';

/** A callback event as the service posts it, signed by the URL alone. */
async function parsed(scene: Scene, ...events: readonly (readonly [type: string, data: object, id?: string])[]) {
  const driver = scene.another({ jwt: undefined });
  const body = events.map(([type, data, id = `event-${type}`]) => ({
    id,
    type: `Microsoft.Communication.${type}`,
    source: `calling/callConnections/${scene.call.callConnectionId}`,
    time: '2026-01-05T09:00:02.1234567+00:00',
    specversion: '1.0',
    datacontenttype: 'application/json',
    data: { ...scene.call.ids(), operationContext: 'onrecord/notice-1', ...data },
  }));
  const request: InboundRequest = {
    transport: 'http',
    method: 'POST',
    url: driver.callbackUrl(),
    headers: { 'content-type': 'application/json' },
    body: new TextEncoder().encode(JSON.stringify(body)),
  };
  return (await driver.parse(request, scene.context)).calls;
}

const failed = (code: number, subCode: number, message: string) => ({ resultInformation: { code, subCode, message } });

describe('PlayFailed', () => {
  test.each<[string, number, number, RegExp]>([
    ['8535', 400, 8535, /^400\/8535 Refused\. Use a WAV file, mono, 16 bit, 16 kHz\.$/],
    ['8536', 400, 8536, /^400\/8536 Refused\. Check that the service can fetch the file.*cognitiveServicesEndpoint/],
    ['8565 at 400', 400, 8565, /language, voice and SSML/],
    ['8565 at 401', 401, 8565, /cognitiveServicesEndpoint/],
    ['8565 at 403', 403, 8565, /quota/],
    ['8565 at 408', 408, 8565, /too long/],
    ['8565 at 429', 429, 8565, /Too many announcements/],
    ['8565 at 500', 500, 8565, /cognitiveServicesEndpoint/],
    ['8572', 500, 8572, /request id/],
    ['9999', 500, 9999, /request id/],
    ['8508', 400, 8508, /cancelled/],
    ['a sub-code that nobody knows', 400, 8999, /^400\/8999 Refused\.$/],
  ])('%s says why, and what to do', async (_name, code, subCode, reason) => {
    await using scene = await openScene();
    const calls = await parsed(scene, [
      'PlayFailed',
      { ...failed(code, subCode, 'Refused.'), failedPlaySourceIndex: 0 },
    ]);
    expect(calls).toMatchObject([
      { type: 'call.announcement-failed', announcementId: 'notice-1', reason: expect.stringMatching(reason) },
    ]);
  });

  test('keeps the signature of a prompt to itself', async () => {
    await using scene = await openScene();
    const message = 'No file at https://acct.blob.core.windows.net/p/a.wav?sv=2024&sig=c2VjcmV0.';
    const calls = await parsed(scene, ['PlayFailed', failed(400, 8536, message)]);
    expect(JSON.stringify(calls)).toContain('a.wav?[secret]');
    expect(JSON.stringify(calls)).not.toContain('c2VjcmV0');
  });
});

test.each([
  ['PlayFailed', {}, 'The announcement failed'],
  ['PlayCanceled', {}, 'The announcement was cancelled'],
  ['PlayCanceled', { resultInformation: null }, 'The announcement was cancelled'],
  ['PlayCanceled', { resultInformation: { code: 400, subCode: 8508 } }, '400/8508 The announcement was cancelled.'],
])('%s counts as not given, whatever of resultInformation is there: %o', async (type, data, reason) => {
  await using scene = await openScene();
  const [notice] = await parsed(scene, [type, data]);
  expect(notice).toMatchObject({ type: 'call.announcement-failed', reason: expect.stringContaining(reason) });
});

test('PlayCompleted names announcement and event, which together are the evidence', async () => {
  await using scene = await openScene();
  const calls = await parsed(scene, ['PlayCompleted', { resultInformation: { code: 200, subCode: 0 } }, 'event-7']);
  expect(calls).toEqual([
    {
      type: 'call.announced',
      announcementId: 'notice-1',
      noticeId: 'azure/event-7/notice-1',
      call: scene.ref,
      at: '2026-01-05T09:00:02.123Z',
    },
  ]);
});

test('PlayCompleted that comes twice is one notice, for the same event has the same id', async () => {
  await using scene = await openScene();
  const calls = await parsed(scene, ['PlayCompleted', {}, 'event-7'], ['PlayCompleted', {}, 'event-7']);
  expect(new Set(calls.map(({ noticeId }) => noticeId)).size).toBe(1);
});

test.each<[string, string, object]>([
  ['PlayStarted', 'PlayStarted', {}],
  ['PlayCompleted with the context of the application', 'PlayCompleted', { operationContext: 'notice-1' }],
  ['PlayCompleted without a context', 'PlayCompleted', { operationContext: undefined }],
  ['PlayCompleted with our prefix and nothing after it', 'PlayCompleted', { operationContext: 'onrecord/' }],
  ['PlayFailed of the application', 'PlayFailed', { operationContext: 'welcome', ...failed(400, 8536, 'x') }],
  ['PlayCanceled of the application', 'PlayCanceled', { operationContext: 'onrecording/notice-1' }],
])('%s says nothing about our notice', async (_name, type, data) => {
  await using scene = await openScene();
  expect(await parsed(scene, [type, data])).toEqual([]);
});
