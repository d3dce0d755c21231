import { describe, expect, test } from 'vitest';
import { chunk, deliveryWith, fileEvent, recordingId } from '../testing/post-events.ts';
import { openScene, rejection, type Scene } from '../testing/scene.ts';
import { readFileSubject } from './file-subject.ts';

async function mediaOf(scene: Scene, ...events: readonly object[]) {
  const { reports } = await scene.driver.parse(deliveryWith(scene, events), scene.context);
  return reports.flatMap(({ seen }) => seen.media ?? []).filter(({ role }) => role === 'master');
}

const seenIn = async (scene: Scene, event: object) =>
  (await scene.driver.parse(deliveryWith(scene, event), scene.context)).reports[0]!.seen;

describe('several files of one recordingId', () => {
  test('are told apart by documentId, though they have the same index', async () => {
    await using scene = await openScene();
    const media = await mediaOf(scene, fileEvent([chunk('0-east'), chunk('0-west')]));
    expect(media.map(({ key, index, durationMs }) => [key, index, durationMs])).toEqual([
      ['0-east', 0, undefined],
      ['0-west', 0, undefined],
    ]);
  });

  test('in two events, the same one among them, add up to each of them once', async () => {
    await using scene = await openScene();
    const media = await mediaOf(
      scene,
      fileEvent([chunk('0-a')]),
      fileEvent([chunk('0-a'), chunk('0-b')], {}, { id: '2' }),
    );
    expect(new Set(media.map(({ key }) => key))).toEqual(new Set(['0-a', '0-b']));
  });

  test('each in an event of its own: none of them has the length of all, and the last one completes them', async () => {
    await using scene = await openScene({ resource: { behaviour: { maxChunkMs: 4_000, fileEvents: 'per-file' } } });
    await scene.azure.subscribe({ url: scene.gridUrl });
    await scene.recording();
    await scene.clock.advance(9_000);
    scene.call.end();
    await scene.clock.advance(120_000);
    const events = scene.reports().filter(({ seen }) => seen.media);
    expect(events.map(({ seen }) => seen.media?.[0]?.index)).toEqual([0, 1, 2]);
    expect(events.every(({ seen }) => seen.media?.[0]?.durationMs === undefined)).toBe(true);
    expect(events.map(({ seen }) => seen.facts?.['filesComplete'] ?? false)).toEqual([false, false, true]);
    expect(events.every(({ seen }) => seen.ended)).toBe(true);
  });

  test.each([1e300, 0.5, 100_000, -1, '0'])('at position %s have none, and are still two', async (index) => {
    await using scene = await openScene();
    const event = fileEvent([chunk('0-a', { index }), chunk('0-b', { index })]);
    const media = await mediaOf(scene, event);
    expect(media.map((one) => [one.key, one.index])).toEqual([
      ['0-a', undefined],
      ['0-b', undefined],
    ]);
  });

  test('of which the only one lasts longer than any call has no length', async () => {
    await using scene = await openScene();
    const [media] = await mediaOf(scene, fileEvent([chunk('0-a')], { recordingDurationMs: 1e300 }));
    expect(media).toMatchObject({ key: '0-a', index: 0 });
    expect(media).not.toHaveProperty('durationMs');
  });

  test('without a documentId are told apart by where they lie', async () => {
    await using scene = await openScene();
    const chunks = [chunk('0-a', { documentId: undefined }), chunk('0-b', { documentId: undefined })];
    const media = await mediaOf(scene, fileEvent(chunks));
    expect(media.map(({ key }) => key)).toEqual(media.map(({ uri }) => uri));
    expect(new Set(media.map(({ key }) => key)).size).toBe(2);
  });
});

describe('words', () => {
  test.each([
    ['Wav', 'wav'],
    ['wav', 'wav'],
    ['Mp4', 'mp4'],
    ['MP3', 'mp3'],
    [undefined, undefined],
    ['Ogg', undefined],
    ['constructor', undefined],
    [7, undefined],
  ])('recordingFormatType %s is the container %s', async (recordingFormatType, container) => {
    await using scene = await openScene();
    expect((await mediaOf(scene, fileEvent([chunk('0-a')], { recordingFormatType })))[0]?.container).toBe(container);
  });

  test.each([
    ['CallEnded', 'call-ended'],
    ['callEnded', 'call-ended'],
    ['InitiatorLeft', undefined],
    ['new', undefined],
  ])('sessionEndReason %s is the end, for the reason %s', async (sessionEndReason, endReason) => {
    await using scene = await openScene();
    const seen = await seenIn(scene, fileEvent([chunk('0-a', { endReason: 'New' })], { sessionEndReason }));
    expect(seen).toMatchObject({ capturing: false, ended: true });
    expect(seen.endReason).toBe(endReason);
  });

  test('endReason ChunkMaximumSizeExceeded, and nothing said of the session, is not the end', async () => {
    await using scene = await openScene();
    const full = chunk('0-a', { endReason: 'ChunkMaximumSizeExceeded' });
    const seen = await seenIn(scene, fileEvent([full], { sessionEndReason: undefined }));
    expect(seen).not.toHaveProperty('ended');
    expect(seen.facts).not.toHaveProperty('filesComplete');
  });
});

describe('time', () => {
  test('of the event, with seven digits, is what its files expire by', async () => {
    await using scene = await openScene();
    const [file] = await mediaOf(scene, fileEvent([chunk('0-a')], {}, { eventTime: '2026-01-05T08:00:00.1234567Z' }));
    expect(file?.expiresAt).toBe('2026-01-06T08:00:00.123Z');
  });

  test.each([undefined, 'soon', 7, '2026-01-05T10:00:00Z', '9999-12-31T23:59:59Z', '+275760-09-13T00:00:00.000Z'])(
    'that is %s lets no file live longer than a day from now',
    async (eventTime) => {
      await using scene = await openScene();
      const [file] = await mediaOf(scene, fileEvent([chunk('0-a')], {}, { eventTime }));
      expect(file?.expiresAt).toBe(new Date(scene.clock.now() + 86_400_000).toISOString());
    },
  );
});

describe('the subject', () => {
  const serverCallId = 'aHR0/cHM6Ly9hcGk+=';
  test.each([
    [`/recording/call/c1/recordingId/${recordingId}`, { callId: 'c1', recordingId }],
    [`/recording/call/c1/serverCallId/${serverCallId}`, { callId: 'c1', serverCallId }],
    [
      `/recording/call/c1/serverCallId/${serverCallId}/recordingId/${recordingId}`,
      { callId: 'c1', serverCallId, recordingId },
    ],
    ['/recording/call/c1', { callId: 'c1' }],
    ['/recording/call/c1/', { callId: 'c1' }],
    [
      `/RECORDING/Call/c1/ServerCallId/${serverCallId}/RecordingId/r1/`,
      { callId: 'c1', serverCallId, recordingId: 'r1' },
    ],
    ['/recording/call/', {}],
    ['/recording/call//recordingId/r1', { recordingId: 'r1' }],
    ['/recording/call/c1/recordingId/', { callId: 'c1' }],
    ['/caller/4:+1/recipient/8:acs:1', {}],
    ['', {}],
  ])('%s', (subject, expected) => {
    const known = Object.entries(readFileSubject(subject)).filter(([, id]) => id !== undefined);
    expect(Object.fromEntries(known)).toEqual(expected);
  });

  test('that a stranger made long is read in one go', () => {
    const subject = `/recording/call/${'/serverCallId/x/recordingId/'.repeat(40_000)}`;
    expect(readFileSubject(subject)).toMatchObject({ recordingId: undefined });
  });
});

test('a file event without an id, or about nothing, is malformed', async () => {
  await using scene = await openScene();
  for (const more of [
    { id: '' },
    { subject: '/other', data: { recordingStorageInfo: { recordingChunks: [chunk('0-a')] } } },
  ]) {
    const error = await rejection(seenIn(scene, fileEvent([chunk('0-a')], {}, more)));
    expect(error).toMatchObject({ code: 'invalid-request', blame: 'provider' });
  }
});
