import { describe, expect, test } from 'vitest';
import { openMeetingScene } from '../../testing/meeting-scene.ts';
import {
  archived,
  audio,
  consent,
  creations,
  heard,
  master,
  messages,
  recorded,
} from '../../testing/recorded-meeting.ts';

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
