import type { Classification } from '@onrecord/core';
import { expect, test } from 'vitest';
import { command, openScene, rejection, type Scene } from './testing/scene.ts';

const json = 'application/json; charset=utf-8';
const refused: Partial<Classification> = { code: 'invalid-request', retry: 'never' };

/** Lets the next pause be answered so, and tells how it is judged. */
async function judgedPause(scene: Scene, status: number, type: string, body: string): Promise<Classification> {
  const part = await scene.recording();
  const chain = { 'x-microsoft-skype-chain-id': 'chain-1' };
  scene.azure.faults.next({
    match: 'PauseRecording',
    fault: { status, headers: { 'content-type': type, ...chain }, body },
  });
  return scene.driver.classifyError(await rejection(scene.driver.doPause(part, command(2), scene.context)));
}

test.each<[string, number, string, string, Partial<Classification>]>([
  ['no body', 400, json, '', { ...refused, message: 'Azure answered 400, without an error body.' }],
  [
    'JSON that breaks off',
    400,
    json,
    '{"error":{"co',
    { message: 'Azure answered 400, with a body that cannot be read.' },
  ],
  [
    'a page',
    403,
    'text/html',
    '<html>secret=abc</html>',
    { code: 'permission-denied', message: 'Azure answered 403, without an error body.' },
  ],
  ['words', 409, 'text/plain', 'Busy.', { code: 'conflict', retry: 'safe', message: 'Azure answered 409: Busy.' }],
  ['an empty error', 400, json, '{"error":{}}', refused],
  ['null', 404, json, 'null', { code: 'not-found' }],
  ['a list', 400, json, '[]', refused],
  [
    'a sub-code as a number',
    400,
    json,
    '{"error":{"code":8559,"message":"Twice."}}',
    { code: 'conflict', providerCode: '8559' },
  ],
  [
    'a sub-code that nobody knows',
    400,
    json,
    '{"error":{"code":"8999","message":"New."}}',
    { ...refused, providerCode: '8999' },
  ],
  [
    'a word for a code',
    400,
    json,
    '{"error":{"code":"MissingApiVersionParameter","message":"Say one."}}',
    { ...refused, providerCode: 'MissingApiVersionParameter' },
  ],
  [
    'a sub-code in innererror',
    400,
    json,
    '{"error":{"code":"BadRequest","message":"No.","innererror":{"code":"BadState","innererror":{"code":"8573","message":"It is paused."}}}}',
    { code: 'invalid-state', providerCode: '8573', message: 'Azure answered 400/8573: No. It is paused.' },
  ],
  [
    'a sub-code in details, and the field',
    400,
    json,
    '{"error":{"code":"BadRequest","message":"No.","target":"recordingFormatType","details":[{"code":"8557","message":"Wrong format."}]}}',
    {
      code: 'invalid-request',
      providerCode: '8557',
      message: 'Azure answered 400/8557: No. Wrong format. (recordingFormatType)',
    },
  ],
  [
    'a sub-code and a status that contradict each other',
    500,
    json,
    '{"error":{"code":"8573","message":"No."}}',
    { code: 'unavailable', retry: 'safe', providerCode: '8573' },
  ],
])('a refusal with %s', async (_name, status, type, body, judgement) => {
  await using scene = await openScene();
  const judged = await judgedPause(scene, status, type, body);
  expect(judged).toMatchObject({ ...judgement, requestId: 'chain-1' });
});

test('without a chain id, the id of our own request is what to ask support with', async () => {
  await using scene = await openScene();
  const part = await scene.recording();
  scene.azure.faults.next({
    match: 'PauseRecording',
    fault: { status: 400, headers: { 'x-ms-client-request-id': 'ours' } },
  });
  const error = await rejection(scene.driver.doPause(part, command(2), scene.context));
  expect(scene.driver.classifyError(error).requestId).toBe('ours');
});

test.each<[string, number, string]>([
  ['a missing configuration (405/8522)', 405, '8522'],
  ['a server that fails with 500/8522', 500, '8522'],
  ['a server that fails with 502/8528', 502, '8528'],
])('%s does not end a recording, be it stopped or asked about', async (_name, status, code) => {
  await using scene = await openScene();
  const part = await scene.recording();
  const body = JSON.stringify({ error: { code, message: 'Something else.' } });
  const fault = { status, headers: { 'content-type': json }, body };
  scene.azure.faults.next({ match: 'StopRecording', fault });
  scene.azure.faults.next({ match: 'GetRecordingProperties', fault });
  expect(await rejection(scene.driver.doStop(part, command(2), scene.context))).toMatchObject({ statusCode: status });
  const poll = { pollId: 'p', asOfOrdinal: 1 };
  expect(await rejection(scene.driver.doStatus(part, poll, scene.context))).toMatchObject({ statusCode: status });
});

test('a start whose yes cannot be read is sent again with its token, and gets the id that it missed', async () => {
  await using scene = await openScene();
  const plan = scene.plan();
  scene.azure.faults.next({ match: 'StartRecording', fault: { dropAfterBytes: 9 } });
  const error = await rejection(scene.driver.doStart(plan, scene.context));
  expect(scene.driver.classifyError(error)).toMatchObject({ code: 'unavailable', retry: 'only-with-same-key' });
  scene.azure.faults.next({
    match: 'StartRecording',
    fault: { status: 200, headers: { 'content-type': json }, body: '{"rec' },
  });
  const garbled = await rejection(scene.driver.doStart(plan, scene.context));
  expect(scene.driver.classifyError(garbled)).toMatchObject({ code: 'unavailable', retry: 'only-with-same-key' });
  const [recordingId] = scene.azure.recordingIds();
  expect(await scene.driver.doStart(plan, scene.context)).toMatchObject({ handle: { recordingId } });
  expect(scene.azure.recordingIds()).toHaveLength(1);
});

test('what is given up on the way is aborted, and may have begun', async () => {
  await using scene = await openScene();
  const giveUp = new AbortController();
  scene.azure.faults.next({
    match: (call) => {
      queueMicrotask(() => giveUp.abort());
      return call.operation === 'StartRecording';
    },
    fault: { delayMs: 60_000 },
  });
  const error = await rejection(scene.driver.doStart(scene.plan(), { ...scene.context, signal: giveUp.signal }));
  expect(scene.driver.classifyError(error)).toMatchObject({ code: 'aborted', retry: 'only-with-same-key' });
});
