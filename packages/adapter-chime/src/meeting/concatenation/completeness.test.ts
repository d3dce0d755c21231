import type { JsonObject, SessionRecord } from '@onrecord/core';
import { toneLevel } from '@onrecord/core/media';
import { decodeMp4Audio } from '@onrecord/simulator';
import { describe, expect, test } from 'vitest';
import { ANN_HZ, BOB_HZ, type MeetingScene, openMeetingScene } from '../../testing/meeting-scene.ts';

const audio = { media: 'audio', layout: 'mixed', container: 'mp4' } as const;
const consent = { basis: 'application', noticeId: 'notice-1' } as const;
const archived = { archived: true } as const;

/** Records for a while, stops, and waits until the session is settled. */
async function recorded(scene: MeetingScene, ms = 22_000, providerOptions: JsonObject = {}): Promise<SessionRecord> {
  const request = { call: scene.call, output: audio, consent, providerOptions };
  const session = await scene.settle(scene.recorder.start(request));
  await scene.pass(ms);
  await scene.settle(session.stop());
  await scene.settle(session.settled());
  return (await scene.store.load(session.id))!;
}

const creations = (scene: MeetingScene) =>
  scene.chime.requests().filter(({ operation }) => operation === 'CreateMediaConcatenationPipeline').length;
const messages = ({ snapshot }: SessionRecord) => snapshot.anomalies.map(({ message }) => message);
const master = ({ snapshot }: SessionRecord) => snapshot.artifacts.find(({ role }) => role === 'master')!;

async function heard(scene: MeetingScene, record: SessionRecord) {
  const bytes = scene.archive.native().get(scene.archive.keyOf(master(record).location)!)!;
  const { channels, sampleRate, durationMs } = await decodeMp4Audio(bytes);
  const level = (hz: number) => toneLevel(channels[0]!, sampleRate, hz);
  return { durationMs, ann: level(ANN_HZ), bob: level(BOB_HZ) };
}

describe('a concatenation that is whole', () => {
  test('is taken, with the texts that were captured, and nothing is said against it', async () => {
    await using scene = await openMeetingScene(archived);
    const record = await recorded(scene);
    expect(record.snapshot).toMatchObject({ state: 'completed', verdict: 'present', anomalies: [] });
    expect(record.snapshot.artifacts.map(({ role, state }) => `${role} ${state}`).toSorted()).toEqual([
      'manifest stored',
      'master stored',
      'metadata stored',
    ]);
    const text = record.snapshot.artifacts.find(({ role }) => role === 'metadata');
    expect(text?.source).toMatch(/\/p1\/concat\/meeting-events\/[0-9a-f-]{36}\.txt$/);
  });

  test.each(['stopped', 'not-found'] as const)(
    'is found by GetMediaPipeline where no event comes, also one that is %s afterwards',
    async (afterStop) => {
      await using scene = await openMeetingScene({ ...archived, events: false, chime: { pipelines: { afterStop } } });
      const record = await recorded(scene);
      expect([record.snapshot.state, creations(scene), messages(record)]).toEqual(['completed', 1, []]);
    },
  );

  test('may come a while after chime:MediaPipelineDeleted told of its end', async () => {
    await using scene = await openMeetingScene(archived);
    const late = {
      match: ({ kind }: { readonly kind: string }) => kind === 'concatenation',
      fault: { delayMs: 20_000 },
    };
    scene.chime.deliveryFaults.next(late);
    const record = await recorded(scene);
    expect([record.snapshot.state, creations(scene), messages(record)]).toEqual(['completed', 1, []]);
  });
});

describe('a concatenation of cameras and shares', () => {
  test.each(['pipeline-attendee', 'attendee-pipeline', 'attendee'] as const)(
    'becomes a track of each attendee, however the service calls the files: %s',
    async (attendeeFiles) => {
      await using scene = await openMeetingScene({ ...archived, chime: { pipelines: { attendeeFiles } } });
      const [ann, bob] = scene.meeting.attendees.map(({ attendeeId }) => attendeeId) as [string, string];
      scene.meeting.activity.video(ann, 'started');
      scene.meeting.share(bob, 'started');
      const record = await recorded(scene, 12_000, { cameras: true, content: true });
      expect(record.snapshot).toMatchObject({ state: 'completed', verdict: 'present', anomalies: [] });
      const tracks = record.snapshot.artifacts.filter(({ role }) => role === 'track');
      expect(tracks.map(({ state, tracks: [track] }) => [state, track?.from, track?.participant]).toSorted()).toEqual(
        [ann, bob].map((attendeeId) => ['stored', 'participant', attendeeId]).toSorted(),
      );
      expect(tracks.filter(({ source }) => source.includes('#content'))).toHaveLength(1);
    },
  );

  test('stays with the recording where that is replaced, and never passes for it', async () => {
    await using scene = await openMeetingScene(archived);
    const [ann] = scene.meeting.attendees.map(({ attendeeId }) => attendeeId) as [string];
    scene.meeting.activity.video(ann, 'started');
    scene.chime.concatenationFaults.next({ fault: { shortByMs: 10_000 }, times: 2 });
    const record = await recorded(scene, 22_000, { cameras: true });
    const roles = record.snapshot.artifacts.map(({ role, state }) => `${role} ${state}`);
    expect(roles.toSorted()).toEqual(
      ['derived stored', 'manifest stored', 'master stored', 'metadata stored', 'track stored'].toSorted(),
    );
  });

  test('that leaves one of them out is told of, and the recording is there all the same', async () => {
    await using scene = await openMeetingScene(archived);
    const [ann] = scene.meeting.attendees.map(({ attendeeId }) => attendeeId) as [string];
    scene.meeting.activity.video(ann, 'started');
    const camera = ({ kind, key }: { readonly kind: string; readonly key: string }) =>
      kind === 'concatenation' && key.includes('/video/');
    scene.chime.deliveryFaults.next({ match: camera, fault: 'never' });
    const record = await recorded(scene, 12_000, { cameras: true });
    expect(messages(record)).toEqual(['Of 1 cameras and shares of p1, 1 have chunks and no file.']);
    expect(record.snapshot.state).toBe('completed');
  });
});

describe('a concatenation that lacks something', () => {
  test('is asked for once more by CreateMediaConcatenationPipeline, into a place of its own', async () => {
    await using scene = await openMeetingScene(archived);
    scene.chime.concatenationFaults.next({ fault: { shortByMs: 10_000 } });
    const record = await recorded(scene);
    expect(creations(scene)).toBe(2);
    expect(master(record).source).toContain(`/${record.id}/p1/concat-2/audio/`);
    expect(messages(record)).toEqual([
      expect.stringMatching(/^Concatenation 1 of p1 is short: \d+ ms of \d+ ms in 5 chunks\.$/),
    ]);
    expect(record.snapshot.verdict).toBe('present');
  });

  test('twice, is replaced by a remux of the chunks, and what the service made is kept beside it', async () => {
    await using scene = await openMeetingScene(archived);
    scene.chime.concatenationFaults.next({ fault: { shortByMs: 10_000 }, times: 2 });
    const record = await recorded(scene);
    expect(creations(scene)).toBe(2);
    const file = master(record);
    expect(file).toMatchObject({
      state: 'stored',
      source: expect.stringMatching(/^chime-chunks:\/\/recordings\/meetings\//),
    });
    const { durationMs, ann, bob } = await heard(scene, record);
    expect(durationMs).toBeGreaterThan(21_000);
    expect(file.durationMs).toBeCloseTo(durationMs, -2);
    expect([ann > -30, bob > -30]).toEqual([true, true]);
    expect(record.snapshot.artifacts.find(({ role }) => role === 'derived')?.source).toContain('/concat-2/audio/');
    expect(messages(record)).toContainEqual(expect.stringContaining('joined of its chunks by OnRecord'));
    expect(record.snapshot).toMatchObject({ state: 'completed', verdict: 'present' });
  });

  test('of a long meeting, cut in half, is replaced by all of it', { timeout: 60_000 }, async () => {
    await using scene = await openMeetingScene({ ...archived, chime: { pipelines: { media: 'repeated' } } });
    const ms = 25 * 60_000;
    scene.chime.concatenationFaults.next({ fault: { shortByMs: ms / 2 }, times: 2 });
    const record = await recorded(scene, ms);
    expect(master(record).durationMs).toBeGreaterThan(ms - 1_000);
    expect(record.snapshot.artifacts.find(({ role }) => role === 'derived')?.durationMs).toBeLessThan(ms / 2 + 1_000);
    expect(record.snapshot).toMatchObject({ state: 'completed', verdict: 'present' });
  });

  test('that left nothing behind, twice, is replaced as well', async () => {
    await using scene = await openMeetingScene(archived);
    scene.chime.concatenationFaults.next({ fault: 'missing', times: 2 });
    const record = await recorded(scene);
    expect(master(record).source).toMatch(/^chime-chunks:/);
    expect((await heard(scene, record)).durationMs).toBeGreaterThan(21_000);
    expect(messages(record)).toContainEqual(
      expect.stringMatching(/^Concatenation 1 of p1 ended well and left no file behind, of \d+ ms in 5 chunks\.$/),
    );
    expect(record.snapshot).toMatchObject({ state: 'completed', verdict: 'present' });
  });

  test('that left a file of no bytes counts as missing', async () => {
    await using scene = await openMeetingScene(archived);
    scene.chime.deliveryFaults.next({
      match: ({ kind, key }) => kind === 'concatenation' && key.endsWith('mp4'),
      fault: 'zero-bytes',
    });
    const record = await recorded(scene);
    expect([creations(scene), master(record).state]).toEqual([2, 'stored']);
  });

  test('that fails three times is replaced, without a request more', async () => {
    await using scene = await openMeetingScene(archived);
    scene.chime.concatenationFaults.next({ fault: 'failed', times: 9 });
    const record = await recorded(scene);
    expect(creations(scene)).toBe(3);
    expect(master(record).source).toMatch(/^chime-chunks:/);
    expect(messages(record)).toContainEqual(
      expect.stringContaining('no file of p1 in 3 attempts (the last one failed)'),
    );
  });

  test('that never ends is given up with DeleteMediaPipeline, and made anew', async () => {
    await using scene = await openMeetingScene({ ...archived, driver: { concatenation: { giveUpAfterMs: 300_000 } } });
    scene.chime.concatenationFaults.next({ fault: 'stuck' });
    const record = await recorded(scene);
    expect(creations(scene)).toBe(2);
    expect(scene.chime.requests().filter(({ operation }) => operation === 'DeleteMediaPipeline')).toHaveLength(1);
    expect(master(record)).toMatchObject({ state: 'stored', source: expect.stringContaining('/concat-2/audio/') });
  });
});

describe('chunks that lack something', () => {
  const chunkOf = (index: number) => {
    let seen = -1;
    return ({ kind, key }: { readonly kind: string; readonly key: string }) => {
      if (kind !== 'capture-chunk' || !key.includes('/audio/')) return false;
      seen += 1;
      return seen === index;
    };
  };

  test('are told of with their figures when one is missing between others; another concatenation would mend nothing', async () => {
    await using scene = await openMeetingScene(archived);
    scene.chime.deliveryFaults.next({ match: chunkOf(1), fault: 'never' });
    const record = await recorded(scene);
    expect(creations(scene)).toBe(1);
    expect(messages(record)).toContain('Between the 4 chunks of p1 there are 1 gaps of 5000 ms in all.');
    expect(master(record).source).toMatch(/^s3:/);
  });

  test('are told of when the last one is missing: CaptureEnded says when it would have ended', async () => {
    await using scene = await openMeetingScene(archived);
    scene.chime.deliveryFaults.next({ match: ({ kind, last }) => kind === 'capture-chunk' && last, fault: 'never' });
    const record = await recorded(scene, 24_000);
    expect(messages(record)).toContainEqual(
      expect.stringMatching(/^The capture of p1 ended \d{4} ms after its last chunk/),
    );
  });

  test('are told of when nothing marks their end', async () => {
    await using scene = await openMeetingScene({ ...archived, chime: { pipelines: { captureEnded: 'missing' } } });
    expect(messages(await recorded(scene))).toContainEqual(expect.stringContaining('no CaptureEnded'));
  });

  test('in a remux are a gap in time, where the service would have closed it', async () => {
    await using scene = await openMeetingScene(archived);
    scene.chime.deliveryFaults.next({ match: chunkOf(1), fault: 'zero-bytes' });
    scene.chime.concatenationFaults.next({ fault: 'missing', times: 2 });
    const record = await recorded(scene);
    expect(messages(record)).toContain('1 chunks of p1 hold nothing.');
    expect((await heard(scene, record)).durationMs).toBeGreaterThan(21_000);
  });

  test('that are there and cannot be read are counted before they are joined', async () => {
    await using scene = await openMeetingScene(archived);
    scene.chime.concatenationFaults.next({ fault: 'missing', times: 2 });
    const off = scene.s3.onObjectCreated(({ key }) => {
      if (!key.includes('/p1/audio/') || !key.endsWith('-07-000.mp4')) return;
      off();
      scene.s3.put('recordings', key, new TextEncoder().encode('<Error>Internal</Error>'.repeat(99)));
    });
    const record = await recorded(scene);
    expect(messages(record)).toContainEqual(
      expect.stringMatching(/^Of 5 chunks of p1, 1 cannot be read; the others hold 1\d{4} ms\.$/),
    );
    expect((await heard(scene, record)).durationMs).toBeGreaterThan(21_000);
  });

  test.each(['active-speaker', 'composited'] as const)(
    'with a picture (%s) keep it when they are joined here',
    async (video) => {
      await using scene = await openMeetingScene({ ...archived, driver: { video } });
      scene.chime.concatenationFaults.next({ fault: 'missing', times: 2 });
      const output = { ...audio, media: 'audio-video' } as const;
      const session = await scene.settle(scene.recorder.start({ call: scene.call, output, consent }));
      await scene.pass(12_000);
      await scene.settle(session.stop());
      await scene.settle(session.settled());
      const record = (await scene.store.load(session.id))!;
      expect(master(record).source).toMatch(
        video === 'composited' ? /^chime-chunks:.*\/composited-video$/ : /^chime-chunks:.*\/audio$/,
      );
      const bytes = scene.archive.native().get(scene.archive.keyOf(master(record).location)!)!;
      expect(Buffer.from(bytes).includes('avc1')).toBe(true);
      expect((await heard(scene, record)).durationMs).toBeGreaterThan(11_000);
    },
  );

  test('of nobody at all end with the word that there is no file', async () => {
    await using scene = await openMeetingScene(archived);
    scene.chime.deliveryFaults.next({ match: 'capture-chunk', fault: 'never', times: 99 });
    const session = await scene.settle(scene.recorder.start({ call: scene.call, output: audio, consent }));
    await scene.pass(12_000);
    await scene.settle(session.stop());
    await scene.pass(120_000);
    const record = (await scene.store.load(session.id))!;
    expect(messages(record)).toContainEqual(expect.stringContaining('there are no chunks to join'));
    expect(record.snapshot.state).toBe('processing');
    expect(master(record)).toMatchObject({ state: 'pending', source: expect.stringMatching(/^s3:/) });
  });
});

describe('the quota of the account', () => {
  test('ResourceLimitExceeded of CreateMediaConcatenationPipeline is waited out, for it is no failure of the part', async () => {
    await using scene = await openMeetingScene(archived);
    scene.chime.faults.next({
      match: 'CreateMediaConcatenationPipeline',
      fault: {
        status: 400,
        headers: { 'x-amzn-errortype': 'ResourceLimitExceededException', 'content-type': 'application/json' },
        body: JSON.stringify({ Code: 'ResourceLimitExceeded', Message: 'Limit reached' }),
      },
      times: 5,
    });
    const record = await recorded(scene);
    expect([record.snapshot.state, creations(scene), messages(record)]).toEqual(['completed', 6, []]);
    expect(master(record).source).toContain('/concat/audio/');
  });

  test('is left to captures: no more concatenations than stated are under way at a time', async () => {
    await using scene = await openMeetingScene({
      ...archived,
      driver: { concatenation: { maxActive: 1 } },
      chime: { pipelines: { concatenationMs: 60_000 } },
    });
    const session = await scene.settle(scene.recorder.start({ call: scene.call, output: audio, consent }));
    await scene.pass(6_000);
    await scene.settle(session.pause());
    await scene.settle(session.resume());
    await scene.pass(6_000);
    await scene.settle(session.stop());
    await scene.pass(40_000);
    expect(creations(scene)).toBe(1);
    await scene.settle(session.settled());
    expect(creations(scene)).toBe(2);
    expect((await session.snapshot()).artifacts.filter(({ role }) => role === 'master')).toHaveLength(2);
  });
});

describe('a bucket that cannot be read', () => {
  const denied = {
    status: 403,
    headers: { 'content-type': 'application/xml' },
    body: '<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>',
  };

  test('leaves the result unverified, and says so', async () => {
    await using scene = await openMeetingScene(archived);
    scene.s3.faults.next({ match: 'ListObjectsV2', fault: denied, times: 999 });
    const record = await recorded(scene);
    expect(record.snapshot.state).toBe('completed');
    expect(messages(record)).toEqual([expect.stringContaining('cannot be read (permission-denied)')]);
  });

  test('for a while is waited for', async () => {
    await using scene = await openMeetingScene(archived);
    scene.s3.faults.next({ match: 'ListObjectsV2', fault: { status: 503, body: '' }, times: 7 });
    const record = await recorded(scene);
    expect([record.snapshot.state, messages(record)]).toEqual(['completed', []]);
  });
});
