import { CallAutomationClient } from '@azure/communication-call-automation';
import { toneLevel, wavBytes } from '@onrecord/core/media';
import { expect, test } from 'vitest';
import type { AzureOptions } from './options.ts';
import { fetchFiles, fileEvent, startRecording } from './testing/record.ts';
import { AGENT, openScene, type Scene } from './testing/scene.ts';

const NOTICE = 'https://files.example/notice.wav';
const AI = { cognitiveServicesEndpoint: 'https://ai.cognitiveservices.azure.com/' };

function beep(seconds: number, sampleRate = 16_000): Uint8Array {
  const step = (2 * Math.PI * 700) / sampleRate;
  const samples = Int16Array.from({ length: seconds * sampleRate }, (_, index) => 9_000 * Math.sin(step * index));
  return wavBytes({ sampleRate, channels: [samples] });
}

const prompts: AzureOptions['prompts'] = { files: { [NOTICE]: beep(2) } };

function connection(scene: Scene) {
  const { azure, call } = scene;
  const client = new CallAutomationClient(azure.connectionString, {
    agent: azure.agent(),
    retryOptions: { maxRetries: 0 },
  });
  return client.getCallConnection(call.callConnectionId);
}

const file = (url = NOTICE) => [{ kind: 'fileSource' as const, url }];
const text = (words: string) => [{ kind: 'textSource' as const, text: words, voiceName: 'en-US-NancyNeural' }];

/** Every play event: name, context, sub-code. */
const played = (scene: Scene) =>
  scene.app
    .events()
    .filter((event) => String(event['type']).includes('.Play'))
    .map(({ type, data }) => {
      const result = data['resultInformation'] as { subCode: number } | undefined;
      return [String(type).split('.').at(-1), data['operationContext'], result?.subCode];
    });

test('a file is played to its end, then said to be completed with its context', async () => {
  await using scene = await openScene({ prompts, behaviour: { playStarted: true } });
  await connection(scene).getCallMedia().playToAll(file(), { operationContext: 'notice' });
  await scene.clock.advance(1_900);
  expect(played(scene)).toEqual([['PlayStarted', 'notice', undefined]]);
  await scene.clock.advance(200);
  expect(played(scene)).toEqual([
    ['PlayStarted', 'notice', undefined],
    ['PlayCompleted', 'notice', 0],
  ]);
  const [completed] = scene.app.events('PlayCompleted');
  expect(completed?.data).toMatchObject({
    callConnectionId: scene.call.callConnectionId,
    serverCallId: scene.call.serverCallId,
    resultInformation: { code: 200, subCode: 0, message: 'Action completed successfully.' },
  });
});

test('events of one play may go elsewhere', async () => {
  await using scene = await openScene({ prompts });
  const operationCallbackUrl = `${scene.app.url}/plays`;
  await connection(scene).getCallMedia().playToAll(file(), { operationCallbackUrl });
  await scene.clock.advance(3_000);
  expect(scene.app.posts.at(-1)?.path).toBe('/plays');
});

test('text is spoken where the call has speech, and refused or failed where not', async () => {
  await using speaking = await openScene({}, AI);
  await connection(speaking).getCallMedia().playToAll(text('This call is recorded.'), { operationContext: 't' });
  await speaking.clock.advance(2_000);
  expect(played(speaking)).toEqual([['PlayCompleted', 't', 0]]);

  await using mute = await openScene();
  const play = connection(mute).getCallMedia().playToAll(text('This call is recorded.'), { operationContext: 't' });
  await expect(play).rejects.toMatchObject({ statusCode: 400, code: '8567' });

  await using failing = await openScene({ behaviour: { speechWithoutAi: 'play-failed' } });
  await connection(failing).getCallMedia().playToAll(text('This call is recorded.'), { operationContext: 't' });
  await failing.clock.advance(2_000);
  expect(played(failing)).toEqual([['PlayFailed', 't', 8565]]);
});

test.each<[string, Uint8Array | undefined, number]>([
  ['a file that is not there', undefined, 8536],
  ['a file that is no WAV', Buffer.from('ID3 something else entirely, long enough to be read'), 8535],
  ['a WAV of 8 kHz', beep(1, 8_000), 8535],
])('%s fails', async (_, bytes, subCode) => {
  const url = 'https://files.example/other.wav';
  await using scene = await openScene({ prompts: { files: bytes ? { [url]: bytes } : {} } });
  await connection(scene).getCallMedia().playToAll(file(url), { operationContext: 'x' });
  await scene.clock.advance(2_000);
  expect(played(scene)).toEqual([['PlayFailed', 'x', subCode]]);
  expect(scene.app.events('PlayFailed')[0]?.data['failedPlaySourceIndex']).toBe(0);
});

test('a file is fetched from this machine by its URL, and nothing else is', async () => {
  await using scene = await openScene();
  scene.app.answers = [(post) => (post.method === 'GET' ? { status: 200, body: beep(1) } : { status: 200 })];
  const media = connection(scene).getCallMedia();
  await media.playToAll(file(`${scene.app.url}/notice.wav`), { operationContext: 'here' });
  await media.playToAll(file('http://192.0.2.1/notice.wav'), { operationContext: 'there' });
  await scene.clock.advance(2_000);
  expect(played(scene)).toEqual([
    ['PlayCompleted', 'here', 0],
    ['PlayFailed', 'there', 8536],
  ]);
});

test('a scripted failure comes after the acceptance', async () => {
  await using scene = await openScene({ prompts });
  scene.azure.failNextPlay({ code: 500, subCode: 8572, message: 'Action failed, play service was shut down.' });
  const media = connection(scene).getCallMedia();
  await media.playToAll(file(), { operationContext: 'one' });
  await media.playToAll(file(), { operationContext: 'two' });
  await scene.clock.advance(3_000);
  expect(played(scene)).toEqual([
    ['PlayFailed', 'one', 8572],
    ['PlayCompleted', 'two', 0],
  ]);
});

test('plays queue, an interrupting one cancels, a cancelled loop ends', async () => {
  await using scene = await openScene({ prompts });
  const media = connection(scene).getCallMedia();
  await media.playToAll(file(), { operationContext: 'loop', loop: true });
  await media.playToAll(file(), { operationContext: 'queued' });
  await scene.clock.advance(60_000);
  expect(played(scene)).toEqual([]);
  await media.playToAll(file(), { operationContext: 'urgent', interruptCallMediaOperation: true });
  await scene.clock.advance(3_000);
  expect(played(scene)).toEqual([
    ['PlayCanceled', 'loop', 8508],
    ['PlayCanceled', 'queued', 8508],
    ['PlayCompleted', 'urgent', 0],
  ]);
  await media.playToAll(file(), { operationContext: 'last' });
  await media.cancelAllOperations();
  await scene.clock.advance(3_000);
  expect(played(scene).at(-1)).toEqual(['PlayCanceled', 'last', 8508]);
});

test('the same request sent again plays again', async () => {
  await using scene = await openScene({ prompts });
  scene.azure.faults.next({ match: 'Play', fault: 'drop-before-answer' });
  const media = connection(scene).getCallMedia();
  await expect(media.playToAll(file(), { operationContext: 'same' })).rejects.toThrow();
  await media.playToAll(file(), { operationContext: 'same' });
  await scene.clock.advance(5_000);
  expect(played(scene)).toEqual([
    ['PlayCompleted', 'same', 0],
    ['PlayCompleted', 'same', 0],
  ]);
});

test('nothing is said of a play once the call is over', async () => {
  await using scene = await openScene({ prompts });
  await connection(scene).getCallMedia().playToAll(file(), { operationContext: 'cut' });
  await scene.clock.advance(500);
  scene.call.end();
  await scene.clock.advance(10_000);
  expect(played(scene)).toEqual([]);
  expect(scene.app.events().at(-1)?.['type']).toBe('Microsoft.Communication.CallDisconnected');
});

test('a play is refused before the call is established, to strangers, and without anything to play', async () => {
  await using scene = await openScene({ prompts }, AI);
  const media = connection(scene).getCallMedia();
  const early = connection({ ...scene, call: scene.place() }).getCallMedia();
  await expect(early.playToAll(file())).rejects.toMatchObject({ statusCode: 400, code: '8501' });
  await expect(media.playToAll([])).rejects.toMatchObject({ statusCode: 400, code: '8523' });
  await expect(media.playToAll(text(''))).rejects.toMatchObject({ statusCode: 400, code: '8582' });
  await expect(media.playToAll(file('notice.wav'))).rejects.toMatchObject({ statusCode: 400, code: '8523' });
  const stranger = { phoneNumber: '+15550000' };
  await expect(media.play(file(), [stranger])).rejects.toMatchObject({ statusCode: 404, code: '8522' });
  scene.call.end();
  await expect(media.playToAll(file())).rejects.toMatchObject({ statusCode: 404, code: '8522' });
});

test.each([
  [true, true],
  [false, false],
])('a prompt for everyone is in the mixed file: %s', async (promptsInMixed, expected) => {
  await using scene = await openScene({ prompts, behaviour: { promptsInMixed, settleMs: 0 } });
  await startRecording(scene);
  await scene.clock.advance(1_000);
  await connection(scene).getCallMedia().playToAll(file(), { operationContext: 'n' });
  await scene.clock.advance(4_000);
  const { wav } = await fetchFiles(scene, await fileEvent(scene));
  const [samples] = wav.channels;
  const second = (index: number) => samples!.subarray(index * 16_000 + 800, (index + 1) * 16_000 - 800);
  const heard = [0, 1, 2, 3, 4].map((index) => toneLevel(second(index), 16_000, 700) > -40);
  expect(heard).toEqual([false, expected, expected, false, false]);
});

test('what one participant was played is not in the file', async () => {
  await using scene = await openScene({ prompts, behaviour: { settleMs: 0 } });
  await startRecording(scene);
  await connection(scene)
    .getCallMedia()
    .play(file(), [{ phoneNumber: AGENT }], { operationContext: 'n' });
  await scene.clock.advance(3_000);
  expect(played(scene)).toEqual([['PlayCompleted', 'n', 0]]);
  const { wav } = await fetchFiles(scene, await fileEvent(scene));
  expect(toneLevel(wav.channels[0]!, 16_000, 700)).toBeLessThan(-60);
});
