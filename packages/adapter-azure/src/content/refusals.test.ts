import { OnRecordError } from '@onrecord/core';
import { describe, expect, test } from 'vitest';
import { rejection } from '../testing/scene.ts';
import { file, type RawAnswer, rawHost } from './testing/raw-host.ts';

const html = '<!DOCTYPE html><html><body><h2>Bad Request</h2></body></html>';
const ams = (status: number, message: string) =>
  JSON.stringify({ title: message, status, instance: '/microsoft/ic3/ams/', message, traceId: '00-trace-01' });

function answered(status: string, body = '', headers: readonly string[] = []): RawAnswer {
  return { status, headers: [`Content-Length: ${Buffer.byteLength(body)}`, ...headers], body };
}

describe('DownloadContent and DeleteContent: a refusal', () => {
  test.each<[string, RawAnswer, object]>([
    ['400 with a page', answered('400 Bad Request', html), { code: 'unavailable', retry: 'safe', blame: 'provider' }],
    [
      '400 with JSON',
      answered('400 Bad Request', ams(400, 'Bad Request')),
      { code: 'invalid-request', retry: 'never', blame: 'caller' },
    ],
    [
      '401 with JSON',
      answered('401 Unauthorized', ams(401, 'Unauthorized')),
      { code: 'unauthenticated', retry: 'never', blame: 'caller', requestId: '00-trace-01' },
    ],
    ['401 without a body', answered('401 Unauthorized'), { code: 'unauthenticated', retry: 'never', blame: 'caller' }],
    [
      '403',
      answered('403 Forbidden', ams(403, 'Forbidden')),
      { code: 'permission-denied', retry: 'never', blame: 'caller' },
    ],
    ['408', answered('408 Request Timeout'), { code: 'timeout', retry: 'safe', blame: 'provider' }],
    ['429 without a time', answered('429 Too Many Requests'), { code: 'rate-limited', retry: 'safe' }],
    [
      '429 with Retry-After',
      answered('429 Too Many Requests', '', ['Retry-After: 7']),
      { code: 'rate-limited', retry: 'safe', retryAfterMs: 7_000 },
    ],
    ['500', answered('500 Internal Server Error', html), { code: 'unavailable', retry: 'safe', blame: 'provider' }],
    [
      '503, which comes and goes (azure-sdk-for-net#34148)',
      answered('503 Service Unavailable', '', ['retry-after-ms: 250']),
      { code: 'unavailable', retry: 'safe', blame: 'provider', retryAfterMs: 250 },
    ],
    ['302 to nowhere', answered('302 Found'), { code: 'provider-contract', retry: 'never', blame: 'provider' }],
    ['304', answered('304 Not Modified'), { code: 'provider-contract', retry: 'never', blame: 'provider' }],
  ])('%s', async (_name, answer, expected) => {
    await using host = await rawHost(answer, answer);
    const opening = await rejection(host.read(file()));
    expect(host.driver.classifyError(opening)).toMatchObject(expected);
    const access = { deleteLocation: 'https://storage.asm.skype.com/v1/objects/d' };
    const deleting = await rejection(host.driver.doDeleteArtifact(file(), { access }, host.context));
    expect(host.driver.classifyError(deleting)).toMatchObject(expected);
    expect(host.heads.map((head) => head.split(' ')[0])).toEqual(['GET', 'DELETE']);
  });

  test.each(['404 Not Found', '410 Gone'])('%s: no file is left to open, and none to delete', async (status) => {
    await using host = await rawHost(answered(status, ams(404, 'Not Found')), answered(status, html));
    expect(await rejection(host.read(file()))).toMatchObject({
      code: 'not-found',
      retry: 'never',
      message: expect.stringContaining('24 hours'),
    });
    const access = { deleteLocation: 'https://storage.asm.skype.com/v1/objects/d' };
    await expect(host.driver.doDeleteArtifact(file(), { access }, host.context)).resolves.toBeDefined();
  });

  test.each([
    ['ahead of', -20],
    ['behind', 20],
  ])('401 of a machine whose clock is %s that of Azure says so', async (words, minutes) => {
    const date = new Date(Date.now() + minutes * 60_000).toUTCString();
    await using host = await rawHost(answered('401 Unauthorized', ams(401, 'Unauthorized'), [`Date: ${date}`]));
    const error = await rejection(host.read(file()));
    expect(error).toMatchObject({
      code: 'unauthenticated',
      retry: 'safe',
      blame: 'caller',
      message: expect.stringMatching(new RegExp(`(19|20) minutes ${words} that of Azure`)),
    });
  });

  test('401 at the same time is a matter of the key', async () => {
    const date = new Date().toUTCString();
    await using host = await rawHost(answered('401 Unauthorized', ams(401, 'Unauthorized'), [`Date: ${date}`]));
    expect(await rejection(host.read(file()))).toMatchObject({ retry: 'never' });
  });

  test('is read to a limit, and tells no secret', async () => {
    const signed = 'https://storage.asm.skype.com/v1/objects/d?sig=c2VjcmV0';
    const long = `{"message":"No way to ${signed} with Bearer abc.def","title":"${'x'.repeat(200_000)}`;
    const short = `{"message":"No way to ${signed} with Bearer abc.def"}`;
    await using host = await rawHost(answered('403 Forbidden', short), answered('500 Oops', long));
    const told = await rejection(host.read(file()));
    expect(String(told)).toContain('No way to');
    expect(String(told)).not.toMatch(/c2VjcmV0|abc\.def/);
    const untold = await rejection(host.read(file()));
    expect(OnRecordError.is(untold, 'unavailable')).toBe(true);
    expect(String(untold).length).toBeLessThan(500);
  });
});

test.each(['200 OK', '202 Accepted', '204 No Content'])(
  'DeleteContent: %s is success, with a receipt',
  async (status) => {
    await using host = await rawHost(answered(status), answered(status, '', ['x-ms-client-request-id: of-azure']));
    const access = { deleteLocation: 'https://storage.asm.skype.com/v1/objects/d' };
    const first = await host.driver.doDeleteArtifact(file(), { access }, host.context);
    expect(host.heads[0]).toMatch(/^DELETE \/v1\/objects\/d HTTP/);
    expect(host.heads[0]).toContain(`x-ms-client-request-id: ${first?.requestId}`);
    expect(await host.driver.doDeleteArtifact(file(), { access }, host.context)).toEqual({ requestId: 'of-azure' });
  },
);
