import { describe, expect, test } from 'vitest';
import { recordedRequest, referenceFiles, withoutReference } from '../../testing/reference.ts';
import { openSidesScene, type SidesScene } from '../../testing/sides-scene.ts';

const hour = 3_600_000;
const mixed = { streams: { pool: 'calls', type: 'mixed' } };
const individual = { streams: { pool: 'calls', type: 'individual', reservedCapacity: 5 } };
const body = (scene: SidesScene) =>
  scene.chime.requests().find(({ operation }) => operation === 'CreateMediaStreamPipeline')?.body;
const attendee = (scene: SidesScene, name: string) =>
  scene.meeting.attendees.find(({ externalUserId }) => externalUserId === name)?.attendeeId;

/** What the uri of each side says of its stream, and when it expires after its end, in hours. */
async function spans(scene: SidesScene) {
  return (await scene.sides()).map(({ location, expiresAt, tracks: [track] }) => {
    const [, arn = '', query = ''] = /^kvs:\/\/(arn:aws:kinesisvideo:[^?]+)\?(.*)$/.exec(location) ?? [];
    const { from, to } = Object.fromEntries(new URLSearchParams(query));
    const hours = expiresAt && to ? (Date.parse(expiresAt) - Date.parse(to)) / hour : undefined;
    return { arn, seconds: (Date.parse(to ?? '') - Date.parse(from ?? '')) / 1_000, hours, who: track?.participant };
  });
}

describe('a stream output', () => {
  test('CreateMediaStreamPipeline writes everybody into one stream, which is listed until it expires and never archived', async () => {
    await using scene = await openSidesScene({ archived: true });
    await scene.pool();
    const session = await scene.record(mixed);
    expect(body(scene)).toEqual({
      Sources: [{ SourceType: 'ChimeSdkMeeting', SourceArn: scene.meeting.arn }],
      Sinks: [
        {
          SinkArn: 'arn:aws:chime:us-east-1:111122223333:media-pipeline-kinesis-video-stream-pool/calls',
          SinkType: 'KinesisVideoStreamPool',
          ReservedStreamCapacity: 1,
          MediaStreamType: 'MixedAudio',
        },
      ],
      ClientRequestToken: expect.stringMatching(/^[-_a-zA-Z0-9]{2,64}$/),
      Tags: [{ Key: 'onrecord:session', Value: session.id }],
    });
    await scene.pass(40_000);
    const [running] = await scene.sides();
    expect(running).toMatchObject({ role: 'track', state: 'available', side: true });
    expect(running).not.toHaveProperty('expiresAt');
    await scene.settle(session.stop());
    await scene.pass(120_000);
    const [stream] = scene.chime.kinesisVideoStreams();
    expect(await spans(scene)).toEqual([{ arn: stream?.arn, seconds: expect.any(Number), hours: 24, who: undefined }]);
    const { snapshot, transfers } = await scene.saved();
    expect(snapshot).toMatchObject({ state: 'completed', verdict: 'present', anomalies: [] });
    expect(snapshot.artifacts.filter(({ role }) => role === 'master')).toMatchObject([{ state: 'stored' }]);
    expect((await scene.sides())[0]?.tracks).toMatchObject([{ from: 'everyone', relativeTo: scene.call.key }]);
    expect(transfers.filter(({ mediaKey }) => mediaKey.includes('kinesisvideo'))).toEqual([]);
    const settled = await scene.settle(session.settled());
    expect(settled.state).toBe('completed');
  });

  test('gives each attendee a stream, with a stretch for each return', async () => {
    await using scene = await openSidesScene();
    await scene.pool('calls', 48);
    const session = await scene.record(individual);
    await scene.pass(10_000);
    const ann = attendee(scene, 'ann');
    scene.meeting.leave(ann!);
    await scene.pass(10_000);
    scene.meeting.join({ attendeeId: ann });
    await scene.pass(10_000);
    await scene.settle(session.stop());
    await scene.pass(120_000);
    const found = await spans(scene);
    expect(found.map(({ who }) => who).sort()).toEqual([ann, ann, attendee(scene, 'bob')].sort());
    expect(new Set(found.filter(({ who }) => who === ann).map(({ arn }) => arn)).size).toBe(1);
    expect(found.map(({ hours }) => hours)).toEqual([48, 48, 48]);
    expect((await scene.sides()).map(({ tracks }) => tracks[0]?.from)).toEqual(Array(3).fill('participant'));
    expect((await scene.saved()).snapshot.anomalies).toEqual([]);
  });

  test('of both kinds has the retention of each pool', async () => {
    await using scene = await openSidesScene();
    await scene.pool('short', 1);
    await scene.pool('long', 72);
    const streams = [
      { pool: 'short', type: 'mixed' },
      { pool: 'long', type: 'individual' },
    ];
    const session = await scene.record({ streams });
    await scene.pass(10_000);
    await scene.settle(session.stop());
    await scene.pass(120_000);
    expect((await spans(scene)).map(({ hours, who }) => [who !== undefined, hours]).sort()).toEqual([
      [false, 1],
      [true, 72],
      [true, 72],
    ]);
    expect(JSON.stringify(body(scene))).toContain('"ReservedStreamCapacity":10');
  });

  test('of a meeting that ends is listed as well, chime:MediaPipelineKinesisVideoStreamStart and …End duplicated', async () => {
    await using scene = await openSidesScene();
    await scene.pool();
    scene.chime.eventBridge.faults.next({
      match: ({ detail }) => String(detail['eventType']).includes('KinesisVideoStream'),
      fault: 'duplicated',
      times: 10,
    });
    await scene.record(individual);
    await scene.pass(10_000);
    scene.meeting.end(true);
    await scene.pass(200_000);
    expect((await spans(scene)).map(({ hours }) => hours)).toEqual([24, 24]);
    expect((await scene.saved()).snapshot).toMatchObject({ endReason: 'call-ended', anomalies: [] });
  });

  test('whose end overtakes its beginning (chime:MediaPipelineKinesisVideoStreamEnd first) keeps its end', async () => {
    await using scene = await openSidesScene();
    await scene.pool();
    scene.chime.eventBridge.faults.next({
      match: 'chime:MediaPipelineKinesisVideoStreamStart',
      fault: { delayMs: 45_000 },
    });
    const session = await scene.record(mixed);
    await scene.pass(10_000);
    await scene.settle(session.stop());
    await scene.pass(120_000);
    expect(await spans(scene)).toMatchObject([{ hours: 24, seconds: 10 }]);
  });

  test('of whose end nobody hears is given up after a minute, and expires no later than its pipeline allows', async () => {
    await using scene = await openSidesScene();
    await scene.pool();
    scene.chime.eventBridge.faults.next({ match: 'chime:MediaPipelineKinesisVideoStreamEnd', fault: 'lost' });
    const session = await scene.record(mixed);
    await scene.pass(10_000);
    const stoppedAt = scene.clock.now();
    await scene.settle(session.stop());
    await scene.pass(300_000);
    const [side] = await scene.sides();
    expect(side?.location).not.toContain('&to=');
    const expiry = Date.parse(side?.expiresAt ?? '') - 24 * hour;
    expect(expiry).toBeGreaterThanOrEqual(stoppedAt);
    expect(expiry).toBeLessThan(stoppedAt + 60_000);
    expect((await scene.saved()).parts[0]?.facts?.['finalized']).toBe(true);
  });

  test('whose end comes when everything is done is listed all the same', async () => {
    await using scene = await openSidesScene();
    await scene.pool();
    scene.chime.eventBridge.faults.next({
      match: 'chime:MediaPipelineKinesisVideoStreamEnd',
      fault: { delayMs: 400_000 },
    });
    const session = await scene.record(mixed);
    await scene.pass(10_000);
    await scene.settle(session.stop());
    await scene.pass(300_000);
    expect((await scene.saved()).parts[0]?.facts?.['finalized']).toBe(true);
    await scene.pass(200_000);
    const [side] = await scene.sides();
    expect(side?.location).toContain('&to=');
    expect(side?.expiresAt).toBeDefined();
  });

  test('that begins before its creation is answered is listed: events overtake answers', async () => {
    await using scene = await openSidesScene({ chime: { pipelines: { initializingMs: 0 } } });
    await scene.pool();
    const session = await scene.record(mixed);
    await scene.pass(10_000);
    await scene.settle(session.stop());
    await scene.pass(120_000);
    expect(await spans(scene)).toMatchObject([{ hours: 24 }]);
    expect(await scene.anomalies()).toEqual([]);
  });

  test.each([
    ['there is no such pool', 'none', 'not-found: There is no pool none.'],
    ['the pool is being deleted', 'calls', 'invalid-state: The pool calls is DELETING.'],
  ])('fails where %s, and the recording goes on', async (what, pool, reason) => {
    await using scene = await openSidesScene();
    await scene.pool();
    if (what.includes('deleted')) {
      const { DeleteMediaPipelineKinesisVideoStreamPoolCommand } = await import(
        '@aws-sdk/client-chime-sdk-media-pipelines'
      );
      const { pipelines } = scene.driver.native().clients();
      await pipelines.send(new DeleteMediaPipelineKinesisVideoStreamPoolCommand({ Identifier: 'calls' }));
    }
    const session = await scene.record({ streams: { pool, type: 'mixed' } });
    expect((await scene.anomalies()).map(({ message }) => message)).toEqual([
      `The stream output could not be begun: ${reason}`,
    ]);
    expect((await session.snapshot()).state).toBe('recording');
  });

  test('waits for a pool that is still being created', async () => {
    await using scene = await openSidesScene({ chime: { streams: { poolCreatingMs: 30_000 } } });
    await scene.pool();
    await scene.record(mixed);
    expect(scene.requests(/StreamPipeline/)).toEqual([]);
    await scene.pass(90_000);
    expect(scene.requests(/StreamPipeline/)).toEqual(['CreateMediaStreamPipeline 201']);
    expect(await scene.anomalies()).toEqual([]);
  });
});

describe.skipIf(withoutReference)('beside the reference data', () => {
  test('the request has the members that the SDK was seen to send', async () => {
    await using scene = await openSidesScene();
    await scene.pool();
    await scene.record(mixed);
    const { Tags: _, ...sent } = body(scene) as { readonly Tags: unknown };
    const names = (value: unknown) => JSON.stringify(value).match(/"\w+":/g);
    expect(names(sent)).toEqual(names(recordedRequest('CreateMediaStreamPipeline')?.body));
  });

  const documented = referenceFiles('events/eventbridge').filter(([name]) => /kvs/.test(name));
  test.each(documented)('%s is known', async (_name, event) => {
    await using scene = await openSidesScene({ events: false });
    const parsed = await scene.driver.parse(
      { transport: 'queue', headers: {}, body: Buffer.from(JSON.stringify(event)) },
      { clock: scene.clock, signal: AbortSignal.timeout(5_000) },
    );
    expect(parsed).toMatchObject({ calls: [], unhandled: 0 });
  });
});
