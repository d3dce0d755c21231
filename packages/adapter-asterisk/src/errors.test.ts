import { OnRecordError, type PartTarget, systemClock } from '@onrecord/core';
import { describe, expect, test } from 'vitest';
import { asteriskBridge, asteriskChannel } from './call-ref.ts';
import { AriError } from './client/ari-error.ts';
import { asterisk } from './driver.ts';
import { classifyAsteriskError } from './errors.ts';
import { type Answering, answering } from './testing/answering.ts';

const context = { clock: systemClock, signal: new AbortController().signal };
const password = 'of nobody';
const part: PartTarget = {
  sessionId: '6a2f8f6e-6a2f-4a2f-8a2f-6a2f8f6e6a2f',
  partId: 'p1',
  correlation: '6a2f8f6e-6a2f-4a2f-8a2f-6a2f8f6e6a2f.p1',
  call: asteriskChannel('c'),
  output: { media: 'audio', layout: 'mixed', container: 'wav' },
  handle: { folder: 'onrecord', format: 'wav', startedPaused: false },
};
const command = { commandId: 'c', ordinal: 1, token: 't', firstSentAt: '2026-01-05T09:00:00.000Z' };
const json = (status: number, body: unknown) => ({ status, body: JSON.stringify(body) });
const info = json(200, { system: { version: '22.10.1' } });

/** What becomes of a start, and of a question, on a server that answers like this. */
async function attempt(answer: Answering, verb: 'start' | 'status' | 'announce' | 'stop' = 'start') {
  await using server = await answering(answer);
  const driver = asterisk({ url: server.url, username: 'recorder', password });
  const work = {
    start: () => driver.doStart({ ...part, call: asteriskBridge('b'), startPaused: false, command }, context),
    status: () => driver.doStatus(part, { pollId: 'p', asOfOrdinal: 1 }, context),
    stop: () => driver.doStop(part, command, context),
    announce: () => driver.doAnnounce(part.call, { file: 'beep' }, { announcementId: 'a' }, context),
  }[verb];
  try {
    await work();
  } catch (error) {
    const judged = driver.classifyError(error);
    const wrapped = OnRecordError.wrap(error, judged, {});
    expect(JSON.stringify([judged, wrapped, wrapped.cause])).not.toMatch(/of nobody|Basic |b2Yg/);
    return judged;
  }
  return undefined;
}

describe('an answer of ARI', () => {
  test.each([
    [401, 'Authentication required', 'unauthenticated', 'caller', 'never'],
    [403, 'Write access denied', 'permission-denied', 'caller', 'never'],
    [404, 'Bridge not found', 'not-found', 'caller', 'never'],
    [404, 'Resource not found', 'provider-contract', 'caller', 'never'],
    [404, 'Application not found', 'unavailable', 'provider', 'safe'],
    [405, 'Invalid method', 'provider-contract', 'caller', 'never'],
    [409, 'Bridge not in Stasis application', 'unsupported', 'caller', 'never'],
    [409, 'Channel not in Stasis application', 'invalid-state', 'caller', 'never'],
    [409, 'Recording not in session', 'conflict', 'provider', 'safe'],
    [409, 'something new', 'conflict', 'caller', 'never'],
    [422, 'specified format is unknown on this system', 'unsupported', 'caller', 'never'],
    [422, 'something new', 'invalid-request', 'caller', 'never'],
    [400, 'ifExists invalid', 'invalid-request', 'caller', 'never'],
    [500, 'Error parsing request', 'invalid-request', 'library', 'never'],
    [500, 'Internal Server Error', 'unavailable', 'provider', 'only-with-same-key'],
    [503, 'Shutdown in progress', 'unavailable', 'provider', 'safe'],
  ])('%i %s', async (status, message, code, blame, retry) => {
    const judged = await attempt(({ path }) => (path.endsWith('info') ? info : json(status, { message })));
    expect(judged).toMatchObject({ code, blame, retry, providerCode: String(status) });
    expect(judged?.message).toContain(message);
  });

  test('for a bridge of the dialplan says how it can be recorded', async () => {
    const judged = await attempt(({ path }) =>
      path.endsWith('/record') ? json(409, { message: 'Bridge not in Stasis application' }) : info,
    );
    expect(judged?.remedy).toContain('asteriskChannel');
  });
});

describe('an answer of something else', () => {
  const html = { 'content-type': 'text/html' };
  test.each<[string, Answering, object]>([
    [
      'a page',
      () => ({ status: 200, headers: html, body: '<html>hello</html>' }),
      { code: 'provider-contract', blame: 'caller' },
    ],
    ['a page that there is not', () => ({ status: 404, headers: html, body: '<html>' }), { code: 'provider-contract' }],
    [
      'a gateway',
      () => ({ status: 502, headers: html, body: '<html>' }),
      { code: 'unavailable', retry: 'only-with-same-key' },
    ],
    ['another service', () => json(200, { hello: 'world' }), { code: 'provider-contract', blame: 'caller' }],
    ['an Asterisk that is older', () => json(200, { system: { version: '13.38.3' } }), { code: 'invalid-request' }],
    [
      'a redirect',
      () => ({ status: 302, headers: { location: 'http://127.0.0.1:1/' } }),
      { code: 'provider-contract' },
    ],
    ['nobody: it hangs up', () => undefined, { code: 'unavailable', retry: 'only-with-same-key', blame: 'provider' }],
    [
      'nobody in the middle',
      () => ({ status: 200, headers: { 'content-length': '99' }, body: '{' }),
      { code: 'unavailable' },
    ],
  ])('%s', async (_name, answer, expected) => {
    expect(await attempt(answer)).toMatchObject(expected);
  });

  test('never ends a recording: only the words of ARI do', async () => {
    const judged = await attempt(() => ({ status: 404, headers: html, body: '<html>' }), 'status');
    expect(judged).toMatchObject({ code: 'provider-contract' });
    expect(await attempt(() => json(404, { message: 'Resource not found' }), 'stop')).toMatchObject({
      code: 'provider-contract',
    });
  });
});

test('an announcement whose answer was lost is not repeated: it would be heard twice', async () => {
  expect(await attempt(() => undefined, 'announce')).toMatchObject({ code: 'unavailable', retry: 'never' });
});

test('what is repeated without harm may be', async () => {
  expect(await attempt(() => undefined, 'stop')).toMatchObject({ code: 'unavailable', retry: 'safe' });
});

test('an aborted request is told as what its signal says', async () => {
  await using server = await answering(() => info);
  const driver = asterisk({ url: server.url, username: 'recorder', password });
  const signal = AbortSignal.abort(new DOMException('given up', 'TimeoutError'));
  const error = await driver.doStop(part, command, { clock: systemClock, signal }).catch((thrown: unknown) => thrown);
  expect(driver.classifyError(error)).toMatchObject({ code: 'timeout', blame: 'caller' });
  expect(server.requests).toEqual([]);
});

test.each([
  ['ECONNREFUSED', 'unavailable', 'safe', 'provider'],
  ['ENOTFOUND', 'unavailable', 'safe', 'provider'],
  ['ECONNRESET', 'unavailable', 'only-with-same-key', 'provider'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'unavailable', 'never', 'caller'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'unavailable', 'never', 'caller'],
  ['BAD_PORT', 'unavailable', 'never', 'caller'],
])('a connection that fails with %s', (networkCode, code, retry, blame) => {
  const error = new AriError({ operation: 'start', request: 'POST /x', networkCode });
  expect(classifyAsteriskError(error)).toMatchObject({ code, retry, blame });
});

test('what nobody knows is ours to find out', () => {
  expect(classifyAsteriskError(new TypeError('x is not a function'))).toMatchObject({
    code: 'unknown',
    blame: 'library',
  });
  expect(classifyAsteriskError('text')).toMatchObject({ code: 'unknown', message: 'text' });
});
