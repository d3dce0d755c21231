import { toneLevel } from '@onrecord/core/media';
import { BufferSource, Input, MP4 } from 'mediabunny';
import { expect, test } from 'vitest';
import { decodeAudio } from '../media/index.ts';
import { commandRecording, type FileEventData, fileEvent, startRecording } from './testing/record.ts';
import { openScene, type Scene } from './testing/scene.ts';
import { signedGet } from './testing/signed-fetch.ts';

const mp3 = { recordingContentType: 'audio', recordingChannelType: 'mixed', recordingFormatType: 'mp3' };
const mp4 = { recordingContentType: 'audioVideo', recordingChannelType: 'mixed', recordingFormatType: 'mp4' };

/** The first file of a recording with a pause of three seconds after its first two, in which a card number is read out. */
async function recorded(scene: Scene, format: Readonly<Record<string, unknown>>) {
  const id = await startRecording(scene, format);
  await scene.clock.advance(2_000);
  await commandRecording(scene, id, 'pause');
  await scene.clock.advance(10);
  scene.call.join({
    name: 'card',
    source: (index) => Math.round(8_000 * Math.sin((2 * Math.PI * 2000 * index) / 8_000)),
  });
  await scene.clock.advance(3_000);
  scene.call.leave('card');
  await commandRecording(scene, id, 'resume');
  await scene.clock.advance(2_000);
  const data: FileEventData = await fileEvent(scene);
  const [file] = data.recordingStorageInfo.recordingChunks;
  const { body } = await signedGet(scene.azure, file!.contentLocation);
  const metadata = await signedGet(scene.azure, file!.metadataLocation);
  return { data, file: file!, body, metadata: JSON.parse(metadata.body.toString()) };
}

test.each([
  ['mp4', mp4, { recordingContentType: 'AudioVideo', recordingFormatType: 'Mp4' }, 0],
  ['mp3', mp3, { recordingContentType: 'Audio', recordingFormatType: 'Mp3' }, 200],
] as const)(
  'an %s holds both voices, and neither what was said in the pause nor its time',
  async (container, format, told, more) => {
    await using scene = await openScene({ behaviour: { settleMs: 0 } });
    const { data, body } = await recorded(scene, format);
    expect(data).toMatchObject({ ...told, recordingDurationMs: 4_000 });
    const { channels, sampleRate, durationMs } = await decodeAudio(body, container);
    expect([sampleRate, channels.length, durationMs >= 4_000, durationMs <= 4_000 + more]).toEqual([
      16_000,
      1,
      true,
      true,
    ]);
    // The voices jump in phase where the pause was: before and after it.
    for (const heard of [channels[0]!.subarray(4_000, 30_000), channels[0]!.subarray(36_000, 60_000)]) {
      for (const frequencyHz of [440, 1000]) expect(toneLevel(heard, 16_000, frequencyHz)).toBeGreaterThan(-14);
    }
    expect(toneLevel(channels[0]!.subarray(4_000, 60_000), 16_000, 2000)).toBeLessThan(-45);
  },
);

test('an mp4 has a picture, and lies where videos do', async () => {
  await using scene = await openScene({ behaviour: { settleMs: 0 } });
  const { file, body, metadata } = await recorded(scene, mp4);
  expect(file.contentLocation).toMatch(/\/content\/video$/);
  using input = new Input({ formats: [MP4], source: new BufferSource(body) });
  expect((await input.getTracks()).map(({ codec }) => codec)).toEqual(['opus', 'avc']);
  expect(metadata.recordingInfo).toEqual({
    contentType: 'mixed',
    channelType: 'audioVideo',
    format: 'mp4',
    audioConfiguration: { sampleRate: 16_000, bitRate: 128_000, channels: 1 },
    videoConfiguration: { longerSideLength: 1920, shorterSideLength: 1080, framerate: 8, bitRate: 1_000_000 },
  });
});

test('an mp3 has the bit rate that its metadata tell', async () => {
  await using scene = await openScene({ behaviour: { settleMs: 0 } });
  const { body, metadata } = await recorded(scene, mp3);
  const { bitRate } = metadata.recordingInfo.audioConfiguration;
  expect([bitRate, metadata.recordingInfo.format]).toEqual([48_000, 'mp3']);
  expect(Math.abs((body.length * 8) / bitRate - 4)).toBeLessThan(0.2);
});
