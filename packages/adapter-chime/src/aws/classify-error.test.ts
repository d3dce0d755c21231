import { type Classification, OnRecordError } from '@onrecord/core';
import type { Answer, Fault } from '@onrecord/simulator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chimeMeeting } from '../meeting/driver.ts';
import { type MeetingScene, openMeetingScene } from '../testing/meeting-scene.ts';
import { classifyAwsError } from './classify-error.ts';

/** An error as the service words it: the name in a header, another one as `Code`. */
function errorAnswer(name: string, status: number, Message: string, more: Record<string, string> = {}): Answer {
  const RequestId = crypto.randomUUID();
  return {
    status,
    headers: {
      'content-type': 'application/json',
      'x-amzn-requestid': RequestId,
      'x-amzn-errortype': `${name}Exception`,
      ...more,
    },
    body: JSON.stringify({ Code: 'SomethingElse', Message, RequestId }),
  };
}

test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
  'an error named %s is judged by its status',
  (name) => {
    for (const error of [
      { name, $metadata: { httpStatusCode: 400 } },
      { name: 'UnknownError', Code: name, $metadata: { httpStatusCode: 400 } },
    ]) {
      const { code, retry, blame } = classifyAwsError(error, 'safe');
      expect({ code, retry, blame }).toEqual({ code: 'invalid-request', retry: 'never', blame: 'caller' });
    }
  },
);

describe('what the unmodified SDK throws', () => {
  let scene: MeetingScene;
  beforeAll(async () => {
    scene = await openMeetingScene();
  });
  afterAll(() => scene[Symbol.asyncDispose]());

  async function judged(fault: Fault): Promise<Classification> {
    scene.chime.faults.next({ match: 'CreateMediaCapturePipeline', fault });
    const command = { commandId: 'c', ordinal: 1, token: crypto.randomUUID(), firstSentAt: '' };
    const plan = {
      sessionId: crypto.randomUUID(),
      partId: 'p1',
      correlation: 'x',
      call: scene.call,
      output: { media: 'audio', layout: 'mixed', container: 'mp4' },
      command,
      startPaused: false,
    } as const;
    const context = { signal: AbortSignal.timeout(10_000), clock: scene.clock };
    const error = await scene.driver.doStart(plan, context).catch((thrown: unknown) => thrown);
    return scene.driver.classifyError(error);
  }

  const html: Answer = { status: 502, headers: { 'content-type': 'text/html' }, body: '<html>Bad Gateway</html>' };

  test.each<[string, number, string, Partial<Classification>]>([
    ['BadRequest', 400, 'Invalid', { code: 'invalid-request', retry: 'never', blame: 'caller' }],
    ['BadRequest', 400, 'No such S3 Bucket', { code: 'not-found', blame: 'destination' }],
    ['ResourceLimitExceeded', 400, 'Limit reached', { code: 'quota-exceeded', retry: 'safe' }],
    ['UnauthorizedClient', 401, 'no', { code: 'unauthenticated', retry: 'never' }],
    ['Forbidden', 403, 'no', { code: 'permission-denied', retry: 'never' }],
    ['NotFound', 404, 'gone', { code: 'not-found', retry: 'never' }],
    ['Conflict', 409, 'busy', { code: 'conflict', retry: 'never' }],
    ['ThrottledClient', 429, 'slow', { code: 'rate-limited', retry: 'safe' }],
    ['ServiceFailure', 500, 'oops', { code: 'unavailable', retry: 'safe', blame: 'provider' }],
    ['ServiceUnavailable', 503, 'oops', { code: 'unavailable', retry: 'safe', blame: 'provider' }],
  ])('%s (%i: %s)', async (name, status, message, expected) => {
    const judgement = await judged(errorAnswer(name, status, message));
    expect(judgement).toMatchObject(expected);
    expect(judgement.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  test.each<[string, Fault, Partial<Classification>]>([
    ['an HTML page', html, { code: 'provider-contract', retry: 'only-with-same-key', blame: 'provider' }],
    ['a lost answer', 'drop-before-answer', { code: 'unavailable', retry: 'only-with-same-key' }],
    [
      'retry-after',
      errorAnswer('ThrottledClient', 429, 'slow', { 'retry-after': '7' }),
      { code: 'rate-limited', retryAfterMs: 7_000 },
    ],
  ])('%s', async (_, fault, expected) => {
    expect(await judged(fault)).toMatchObject(expected);
  });

  test('nobody at the address: nothing was sent', async () => {
    const driver = chimeMeeting({
      region: 'us-east-1',
      bucket: 'recordings',
      endpoint: 'http://127.0.0.1:9/',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    });
    const part = {
      sessionId: 's',
      partId: 'p1',
      correlation: 's.p1',
      call: scene.call,
      output: { media: 'audio', layout: 'mixed', container: 'mp4' },
      handle: { pipelineId: 'p', pipelineArn: 'a' },
    } as const;
    const context = { signal: AbortSignal.timeout(10_000), clock: scene.clock };
    const command = { commandId: 'c', ordinal: 1, token: 't', firstSentAt: '' };
    const error = await driver.doStop(part, command, context).catch((thrown: unknown) => thrown);
    expect(driver.classifyError(error)).toMatchObject({ code: 'unavailable', retry: 'safe' });
    await driver.close();
  });
});

test.each([
  [new Error('No value provided for input HTTP label: MeetingId.'), 'invalid-request', 'never'],
  [new Error('Region is missing'), 'invalid-request', 'never'],
  [Object.assign(new Error('aborted'), { name: 'AbortError' }), 'aborted', 'only-with-same-key'],
  [Object.assign(new Error('slow'), { name: 'TimeoutError' }), 'timeout', 'only-with-same-key'],
  [Object.assign(new Error('lost'), { name: 'TimeoutError', code: 'ECONNRESET' }), 'unavailable', 'only-with-same-key'],
  [Object.assign(new Error('lost'), { code: 'EPIPE' }), 'unavailable', 'only-with-same-key'],
  [Object.assign(new Error('nobody'), { code: 'ECONNREFUSED' }), 'unavailable', 'safe'],
  [Object.assign(new Error('no name'), { code: 'ENOTFOUND' }), 'unavailable', 'safe'],
  [Object.assign(new Error('self-signed'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }), 'unavailable', 'never'],
  [Object.assign(new Error('none'), { name: 'CredentialsProviderError' }), 'unauthenticated', 'never'],
])('without an answer: %s is %s, repeated: %s', (error, code, retry) => {
  expect(classifyAwsError(error, 'only-with-same-key')).toMatchObject({ code, retry });
});

test.each([[undefined], ['text'], [null], [new Error('a bug')]])('%j is unknown, and not repeated', (error) => {
  expect(classifyAwsError(error, 'safe')).toMatchObject({ code: 'unknown', retry: 'never' });
});

test('an error of ours keeps its judgement', () => {
  const error = new OnRecordError('unsupported', 'no', { retry: 'never', blame: 'caller' });
  expect(classifyAwsError(error, 'safe')).toEqual({ code: 'unsupported', retry: 'never', blame: 'caller' });
});
