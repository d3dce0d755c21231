import { toneLevel } from '@onrecord/core/media';
import { expect, test } from 'vitest';
import { tone } from '../call/virtual-call.ts';
import { commandRecording, fetchFiles, fileEvent, startRecording } from './testing/record.ts';
import { AGENT, CALLER, openScene, type Scene } from './testing/scene.ts';

const unmixed = { recordingChannelType: 'unmixed' };
const phone = (number: string) => ({ kind: 'phoneNumber', rawId: `4:${number}`, phoneNumber: { value: number } });

/** Which of the tones is on each channel, and by how much the loudest one exceeds the next, dB. */
function heardOn(channels: readonly Int16Array[], tones: readonly number[]) {
  return channels.map((samples) => {
    const levels = tones.map((frequencyHz) => ({ frequencyHz, dbfs: toneLevel(samples, 16_000, frequencyHz) }));
    const [first, second] = levels.sort((a, b) => b.dbfs - a.dbfs);
    if (!first || !second || first.dbfs < -60) return 'silence';
    return first.dbfs - second.dbfs > 50 ? first.frequencyHz : 'several';
  });
}

const participantsOf = (metadata: Readonly<Record<string, unknown>>) =>
  metadata['participants'] as readonly { participantId: string; channel?: number }[];

async function record(scene: Scene, more: Readonly<Record<string, unknown>> = {}, ms = 4_000) {
  await startRecording(scene, { ...unmixed, ...more });
  await scene.clock.advance(ms);
  return fetchFiles(scene, await fileEvent(scene));
}

test('without a wish, channels go to voices in the order in which they were heard', async () => {
  await using scene = await openScene();
  scene.call.join({ name: 'late', address: '8:acs:late' });
  scene.call.join({ name: 'first', address: '8:acs:first', source: (index) => (index < 100 ? 9_000 : 0) });
  const { wav, metadata } = await record(scene);
  expect(wav.sampleRate).toBe(16_000);
  expect(heardOn(wav.channels, [440, 1000])).toEqual([440, 1000]);
  expect(participantsOf(metadata)).toEqual([
    { participantId: `4:${CALLER}`, channel: 0 },
    { participantId: `4:${AGENT}`, channel: 1 },
    { participantId: '8:acs:late' },
    { participantId: '8:acs:first' },
  ]);
});

test('channelAffinity pins a voice, and the channels between are silent', async () => {
  await using scene = await openScene();
  const { wav, metadata } = await record(scene, { channelAffinity: [{ channel: 3, participant: phone(CALLER) }] });
  expect(heardOn(wav.channels, [440, 1000])).toEqual([1000, 'silence', 'silence', 440]);
  expect(participantsOf(metadata)[0]).toEqual({ participantId: `4:${CALLER}`, channel: 3 });
  expect(metadata['recordingInfo']).toMatchObject({
    contentType: 'unmixed',
    channelType: 'audio',
    audioConfiguration: { sampleRate: 16_000, bitRate: 4 * 256_000, channels: 4 },
  });
});

test('a participant may be named by the member of its kind alone', async () => {
  await using scene = await openScene();
  const participant = { phoneNumber: { value: AGENT } };
  const { wav } = await record(scene, { channelAffinity: [{ channel: 0, participant }] });
  expect(heardOn(wav.channels, [440, 1000])).toEqual([1000, 440]);
});

test('audioChannelParticipantOrdering comes before who was heard first', async () => {
  await using scene = await openScene();
  const { wav } = await record(scene, { audioChannelParticipantOrdering: [phone(AGENT), phone(CALLER)] });
  expect(heardOn(wav.channels, [440, 1000])).toEqual([1000, 440]);
});

test('a sixth voice has no channel left', async () => {
  await using scene = await openScene();
  const tones = [440, 1000, 600, 700, 800, 900];
  for (const frequencyHz of tones.slice(2)) {
    scene.call.join({ name: `v${frequencyHz}`, source: tone(frequencyHz) });
    await scene.clock.advance(1_000);
  }
  const { wav, metadata } = await record(scene);
  expect(heardOn(wav.channels, tones)).toEqual([440, 1000, 600, 700, 800]);
  expect(participantsOf(metadata).at(-1)).toEqual({ participantId: expect.stringMatching(/^8:acs:.*_v900$/) });
});

test('a sixth voice may share the last channel', async () => {
  await using scene = await openScene({ behaviour: { extraVoices: 'on-last-channel' } });
  const tones = [440, 1000, 600, 700, 800, 900];
  for (const frequencyHz of tones.slice(2)) {
    scene.call.join({ name: `v${frequencyHz}`, source: tone(frequencyHz) });
    await scene.clock.advance(1_000);
  }
  const { wav, metadata } = await record(scene);
  expect(heardOn(wav.channels, tones)).toEqual([440, 1000, 600, 700, 'several']);
  for (const frequencyHz of [800, 900]) expect(toneLevel(wav.channels[4]!, 16_000, frequencyHz)).toBeGreaterThan(-14);
  expect(participantsOf(metadata).map(({ channel }) => channel)).toEqual([0, 1, 2, 3, 4, 4]);
});

test('channelAffinity comes before audioChannelParticipantOrdering, which fills what is left', async () => {
  await using scene = await openScene();
  scene.call.join({ name: 'third', address: '8:acs:third', source: tone(600) });
  const { wav, metadata } = await record(scene, {
    channelAffinity: [{ channel: 0, participant: { kind: 'communicationUser', rawId: '8:acs:third' } }],
    audioChannelParticipantOrdering: [phone(AGENT), phone(CALLER)],
  });
  expect(heardOn(wav.channels, [440, 1000, 600])).toEqual([600, 1000, 440]);
  expect(participantsOf(metadata).map(({ channel }) => channel)).toEqual([2, 1, 0]);
});

test('all five channels are written where the behaviour says so', async () => {
  await using scene = await openScene({ behaviour: { unmixedChannels: 'five' } });
  const { wav } = await record(scene);
  expect(wav.channelCount).toBe(5);
});

test('who comes back has the same channel, who left before the recording is not in it', async () => {
  await using scene = await openScene();
  scene.call.join({ name: 'gone', address: '8:acs:gone', source: tone(600) });
  await scene.clock.advance(1_000);
  scene.call.leave('gone');
  await startRecording(scene, unmixed);
  await scene.clock.advance(3_000);
  scene.call.leave('caller');
  await scene.clock.advance(1_000);
  scene.call.join({ name: 'caller again', address: CALLER, source: tone(440) });
  await scene.clock.advance(1_000);
  const { wav, metadata } = await fetchFiles(scene, await fileEvent(scene));
  const [caller] = wav.channels;
  const second = (index: number) => caller!.subarray(index * 16_000 + 1_000, (index + 1) * 16_000 - 1_000);
  expect([0, 1, 2].map((index) => toneLevel(second(index), 16_000, 440) > -20)).toEqual([true, false, true]);
  expect(participantsOf(metadata).map(({ participantId }) => participantId)).toEqual([`4:${CALLER}`, `4:${AGENT}`]);
});

test('a pause is missing from the file: nothing said in it, and no time', async () => {
  await using scene = await openScene({ behaviour: { settleMs: 0 } });
  const id = await startRecording(scene, unmixed);
  await scene.clock.advance(2_000);
  await commandRecording(scene, id, 'pause');
  await scene.clock.advance(10);
  scene.call.join({ name: 'card', address: CALLER, source: tone(2000) });
  await scene.clock.advance(3_000);
  scene.call.leave('card');
  await commandRecording(scene, id, 'resume');
  await scene.clock.advance(2_000);
  const data = await fileEvent(scene);
  const { wav } = await fetchFiles(scene, data);
  expect([wav.durationMs, data.recordingDurationMs]).toEqual([4_000, 4_000]);
  for (const samples of wav.channels) expect(toneLevel(samples, 16_000, 2000)).toBeLessThan(-75);
});
