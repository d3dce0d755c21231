import { describe, expect, test } from 'vitest';
import { openMeetingScene } from '../../testing/meeting-scene.ts';
import { archived, creations, heard, master, messages, recorded } from '../../testing/recorded-meeting.ts';

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
