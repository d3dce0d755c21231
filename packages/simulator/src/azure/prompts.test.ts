import { CallAutomationClient } from '@azure/communication-call-automation';
import { toneLevel, wavBytes } from '@onrecord/core/media';
import { expect, test } from 'vitest';
import { encodeMp3 } from '../media/index.ts';
import { fetchFiles, fileEvent, startRecording } from './testing/record.ts';
import { openScene, type Scene } from './testing/scene.ts';

const NOTICE = 'https://files.example/notice';

function samples(frequencyHz: number, seconds: number, sampleRate = 16_000): Int16Array {
  const step = (2 * Math.PI * frequencyHz) / sampleRate;
  return Int16Array.from({ length: seconds * sampleRate }, (_, index) => 9_000 * Math.sin(step * index));
}

const wav = (frequencyHz: number): Uint8Array => wavBytes({ sampleRate: 16_000, channels: [samples(frequencyHz, 1)] });

/** A tag of 20 bytes, header included, as encoders write before the sound. */
const tagged = (mp3: Uint8Array): Uint8Array =>
  Buffer.concat([Buffer.from('ID3\x04\x00\x00\x00\x00\x00\x0a', 'latin1'), Buffer.alloc(10), mp3]);

function media({ azure, call }: Scene) {
  const options = { agent: azure.agent(), retryOptions: { maxRetries: 0 } };
  return new CallAutomationClient(azure.connectionString, options)
    .getCallConnection(call.callConnectionId)
    .getCallMedia();
}

const failed = (scene: Scene) => scene.app.events('PlayFailed').map(({ data }) => data['resultInformation']);

test.each([16_000, 48_000] as const)(
  'an MP3 of %i Hz with an ID3v2 tag is heard in the recording',
  async (sampleRate) => {
    const mp3 = await encodeMp3([samples(700, 1, sampleRate)], sampleRate);
    await using scene = await openScene({ prompts: { files: { [NOTICE]: tagged(mp3) } }, behaviour: { settleMs: 0 } });
    await startRecording(scene);
    await media(scene).playToAll([{ kind: 'fileSource', url: NOTICE }], { operationContext: 'n' });
    await scene.clock.advance(3_000);
    expect(scene.app.events('PlayCompleted')).toHaveLength(1);
    const { wav: file } = await fetchFiles(scene, await fileEvent(scene));
    expect(toneLevel(file.channels[0]!.subarray(4_000, 12_000), 16_000, 700)).toBeGreaterThan(-25);
  },
);

test('an MP3 without a tag, or with a tag and nothing behind it, is refused with 8535', async () => {
  const plain = await encodeMp3([samples(700, 1)], 16_000);
  for (const bytes of [plain, tagged(new Uint8Array(40))]) {
    await using scene = await openScene({ prompts: { files: { [NOTICE]: bytes } } });
    await media(scene).playToAll([{ kind: 'fileSource', url: NOTICE }], { operationContext: 'n' });
    await scene.clock.advance(3_000);
    expect(failed(scene)).toMatchObject([{ code: 400, subCode: 8_535 }]);
  }
});

test('failedPlaySourceIndex names the source that failed, and what was before it is not played', async () => {
  const files = { [NOTICE]: wav(700) };
  await using scene = await openScene({ prompts: { files }, behaviour: { settleMs: 0 } });
  const sources = [NOTICE, 'https://files.example/missing'].map((url) => ({ kind: 'fileSource' as const, url }));
  await startRecording(scene);
  await media(scene).playToAll(sources, { operationContext: 'n' });
  await scene.clock.advance(3_000);
  expect(scene.app.events('PlayFailed')[0]?.data).toMatchObject({
    failedPlaySourceIndex: 1,
    resultInformation: { subCode: 8_536 },
  });
  const { wav: file } = await fetchFiles(scene, await fileEvent(scene));
  expect(toneLevel(file.channels[0]!, 16_000, 700)).toBeLessThan(-60);
});

test('a playSourceCacheId keeps the sound for an hour, whatever lies behind the URL', async () => {
  const files: Record<string, Uint8Array> = { [NOTICE]: wav(700) };
  await using scene = await openScene({ prompts: { files } });
  const play = async (playSourceCacheId?: string): Promise<string> => {
    const cached = playSourceCacheId === undefined ? {} : { playSourceCacheId };
    await media(scene).playToAll([{ kind: 'fileSource', url: NOTICE, ...cached }], { operationContext: 'n' });
    await scene.clock.advance(3_000);
    return String(scene.app.events().at(-1)?.['type']).split('.').at(-1) ?? '';
  };
  expect(await play('notice-1')).toBe('PlayCompleted');
  delete files[NOTICE];
  expect([await play(), await play('notice-2'), await play('notice-1')]).toEqual([
    'PlayFailed',
    'PlayFailed',
    'PlayCompleted',
  ]);
  await scene.clock.advance(3_600_000);
  expect(await play('notice-1')).toBe('PlayFailed');
});
