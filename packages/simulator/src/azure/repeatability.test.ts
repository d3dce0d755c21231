import { CallAutomationClient } from '@azure/communication-call-automation';
import { expect, test } from 'vitest';
import { openScene, type Scene } from './testing/scene.ts';
import { repeatable, signedFetch } from './testing/signed-fetch.ts';

const wav = { recordingContentType: 'audio', recordingFormatType: 'wav' };

function start(scene: Scene, headers: Record<string, string>, more: Readonly<Record<string, unknown>> = {}) {
  const { callConnectionId } = scene.call;
  const body = { callConnectionId, ...wav, ...more };
  return signedFetch(scene.azure, { method: 'POST', path: '/calling/recordings', body, headers });
}

test('the SDK gets the recording that its lost answer was about', async () => {
  await using scene = await openScene();
  const { azure, call } = scene;
  azure.faults.next({ match: 'StartRecording', fault: 'drop-before-answer' });
  const client = new CallAutomationClient(azure.connectionString, {
    agent: azure.agent(),
    retryOptions: { retryDelayInMs: 1 },
  });
  const { recordingId } = await client.getCallRecording().start({
    callConnectionId: call.callConnectionId,
    recordingContent: 'audio',
    recordingFormat: 'wav',
  });
  expect(azure.requests().map(({ status, delivered }) => [status, delivered])).toEqual([
    [200, false],
    [200, true],
  ]);
  expect(azure.recordingIds()).toEqual([recordingId]);
  await scene.clock.advance(2_000);
  expect((await client.getCallRecording().getState(recordingId ?? '')).recordingState).toBe('active');
});

test('the same id is answered the same, even after the recording is over, and is not carried out again', async () => {
  await using scene = await openScene();
  const headers = repeatable();
  const first = await start(scene, headers);
  scene.call.end();
  const again = await start(scene, headers);
  expect([again.status, again.body]).toEqual([200, first.body]);
  expect(await start(scene, repeatable())).toMatchObject({ status: 400, code: '8528' });
});

test.each([
  [409, '8519'],
  [400, '8523'],
] as const)('the same id with another body is refused with %i', async (repeatabilityMismatch, code) => {
  await using scene = await openScene({ behaviour: { repeatabilityMismatch } });
  const headers = repeatable();
  await start(scene, headers);
  const again = await start(scene, headers, { pauseOnStart: true });
  expect([again.status, again.code]).toEqual([repeatabilityMismatch, code]);
});

test.each<[string, Record<string, string>]>([
  ['an id that is no version 4 UUID', repeatable('d732db64-4803-162d-be9c-518943ea2b7a')],
  [
    'a date of the first sending that is not written as HTTP does',
    { ...repeatable(), 'repeatability-first-sent': new Date().toISOString() },
  ],
  ['no date of the first sending', { 'repeatability-request-id': 'd732db64-4803-462d-be9c-518943ea2b7a' }],
])('%s is refused', async (_, headers) => {
  await using scene = await openScene();
  expect(await start(scene, headers)).toMatchObject({ status: 400, code: '8523' });
});

test('a refused start may be sent again with its id', async () => {
  await using scene = await openScene();
  const early = scene.place();
  const headers = repeatable();
  const { callConnectionId } = early;
  expect(await start(scene, headers, { callConnectionId })).toMatchObject({ status: 400, code: '8501' });
  await scene.clock.advance(500);
  expect((await start(scene, headers, { callConnectionId })).status).toBe(200);
});

test('what has no such header is done as often as it is sent: a prompt plays twice', async () => {
  await using scene = await openScene({}, { cognitiveServicesEndpoint: 'https://speech.example' });
  const path = `/calling/callConnections/${scene.call.callConnectionId}:play`;
  const body = { playSources: [{ kind: 'text', text: { text: 'Hello.' } }], operationContext: 'greeting' };
  const headers = repeatable();
  for (const status of [202, 202]) {
    expect((await signedFetch(scene.azure, { method: 'POST', path, body, headers })).status).toBe(status);
  }
  await scene.clock.advance(10_000);
  expect(scene.app.events('PlayCompleted').map(({ data }) => data['operationContext'])).toEqual([
    'greeting',
    'greeting',
  ]);
});
