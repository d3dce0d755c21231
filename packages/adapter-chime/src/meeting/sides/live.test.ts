import { describe, expect, test } from 'vitest';
import { EVENT_SECRET } from '../../testing/meeting-scene.ts';
import { recordedRequest, withoutReference } from '../../testing/reference.ts';
import { LIVE_URL, live, openSidesScene, type SidesScene, STREAM_KEY } from '../../testing/sides-scene.ts';

const youtube = { live: 'youtube' };
const connectors = /LiveConnector|DeleteMediaPipeline /;
const body = (scene: SidesScene, operation: string) =>
  scene.chime.requests().find((request) => request.operation === operation)?.body;
const published = (scene: SidesScene) => scene.chime.published().map(({ url, to }) => [url, to === undefined]);

describe('a live output', () => {
  test('is begun by CreateMediaLiveConnectorPipeline once the capture is accepted, and ended by DeleteMediaPipeline', async () => {
    await using scene = await openSidesScene();
    const session = await scene.record(youtube);
    expect(scene.requests(/^Create/)).toEqual([
      'CreateMediaCapturePipeline 201',
      'CreateMediaLiveConnectorPipeline 201',
    ]);
    expect(body(scene, 'CreateMediaLiveConnectorPipeline')).toEqual({
      Sources: [
        {
          SourceType: 'ChimeSdkMeeting',
          ChimeSdkMeetingLiveConnectorConfiguration: {
            Arn: scene.meeting.arn,
            MuxType: 'AudioWithActiveSpeakerVideo',
          },
        },
      ],
      Sinks: [
        {
          SinkType: 'RTMP',
          RTMPConfiguration: { Url: LIVE_URL, AudioChannels: 'Stereo', AudioSampleRate: '48000' },
        },
      ],
      ClientRequestToken: expect.stringMatching(/^[-_a-zA-Z0-9]{2,64}$/),
      Tags: [{ Key: 'onrecord:session', Value: session.id }],
    });
    await scene.pass(10_000);
    expect(published(scene)).toEqual([[LIVE_URL, true]]);
    await scene.settle(session.stop());
    await scene.pass(30_000);
    expect(published(scene)).toEqual([[LIVE_URL, false]]);
    expect(scene.requests(connectors)).toEqual(['CreateMediaLiveConnectorPipeline 201', 'DeleteMediaPipeline 204']);
    expect(await scene.anomalies()).toEqual([]);
    expect((await scene.saved()).parts[0]?.facts?.['finalized']).toBe(true);
  });

  test('takes what the configuration says of picture and sound, and every recording has it where that says always', async () => {
    const sides = {
      live: {
        studio: {
          url: LIVE_URL,
          compositedVideo: { Resolution: 'FHD', GridViewConfiguration: { ContentShareLayout: 'Vertical' } },
          channels: 1,
          sampleRateHz: 44_100,
        },
      },
      always: { live: 'studio' },
    } as const;
    await using scene = await openSidesScene({ driver: { sides } });
    await scene.record();
    expect(body(scene, 'CreateMediaLiveConnectorPipeline')).toMatchObject({
      Sources: [
        {
          ChimeSdkMeetingLiveConnectorConfiguration: {
            MuxType: 'AudioWithCompositedVideo',
            CompositedVideo: {
              Layout: 'GridView',
              Resolution: 'FHD',
              GridViewConfiguration: { ContentShareLayout: 'Vertical' },
            },
          },
        },
      ],
      Sinks: [{ RTMPConfiguration: { AudioChannels: 'Mono', AudioSampleRate: '44100' } }],
    });
  });

  test('is left out by a start that says so', async () => {
    await using scene = await openSidesScene({ driver: { sides: { live, always: youtube } } });
    await scene.record({ live: false });
    expect(scene.requests(connectors)).toEqual([]);
  });

  test.skipIf(withoutReference)('is asked for with the members that the SDK was seen to send', async () => {
    await using scene = await openSidesScene();
    await scene.record(youtube);
    const { Tags: _, ...sent } = body(scene, 'CreateMediaLiveConnectorPipeline') as { readonly Tags: unknown };
    const seen = recordedRequest('CreateMediaLiveConnectorPipeline')?.body;
    const names = (value: unknown) => JSON.stringify(value).match(/"\w+":/g);
    expect(names(sent)).toEqual(names(seen));
  });

  test('ends with its meeting, and nobody has to stop it', async () => {
    await using scene = await openSidesScene();
    await scene.record(youtube);
    await scene.pass(10_000);
    scene.meeting.end(true);
    await scene.pass(120_000);
    expect(published(scene)).toEqual([[LIVE_URL, false]]);
    const { snapshot, parts } = await scene.saved();
    expect(snapshot).toMatchObject({ endReason: 'call-ended', anomalies: [] });
    expect(parts[0]?.facts?.['finalized']).toBe(true);
  });

  test('ends with a pause, and begins anew with the resume', async () => {
    await using scene = await openSidesScene({ chime: { pipelines: { stoppingCounts: true, stoppingMs: 6_000 } } });
    const session = await scene.record(youtube);
    await scene.pass(5_000);
    await scene.settle(session.pause());
    await scene.pass(3_000);
    expect(published(scene)).toEqual([[LIVE_URL, false]]);
    await scene.settle(session.resume());
    await scene.pass(60_000);
    expect(published(scene)).toEqual([
      [LIVE_URL, false],
      [LIVE_URL, true],
    ]);
    await scene.settle(session.stop());
    await scene.pass(30_000);
    expect(published(scene)).toEqual([
      [LIVE_URL, false],
      [LIVE_URL, false],
    ]);
    expect(await scene.anomalies()).toEqual([]);
  });

  test('ends where the capture failed, though nobody asked for it and the final step fails', async () => {
    await using scene = await openSidesScene();
    const denied = { status: 403, headers: { 'x-amzn-errortype': 'ForbiddenException' }, body: '{}' };
    scene.chime.faults.next({ match: 'CreateMediaConcatenationPipeline', fault: denied, times: 50 });
    await scene.record(youtube);
    await scene.pass(6_000);
    scene.chime.deliveryFaults.next({ match: 'capture-chunk', fault: 'access-denied', times: 5 });
    await scene.pass(120_000);
    expect((await scene.saved()).snapshot.endReason).toBe('provider-error');
    expect(published(scene)).toEqual([[LIVE_URL, false]]);
  });

  test('ends where the capture failed before it began, and no file is made', async () => {
    await using scene = await openSidesScene({ events: false, chime: { pipelines: { initializingMs: 60_000 } } });
    const starting = scene.record(youtube).catch(() => undefined);
    await scene.clock.idle();
    const [capture] = scene.chime.pipelines();
    const detail = {
      eventType: 'chime:MediaPipelinePermanentFailure',
      mediaPipelineId: capture?.id,
      meetingId: scene.meeting.meetingId,
      timestamp: scene.clock.now(),
    };
    const event = {
      ...{ version: '0', id: 'e-1', 'detail-type': 'Chime Media Pipeline State Change', source: 'aws.chime' },
      ...{ account: '111122223333', time: '2026-01-05T09:00:00Z', region: 'us-east-1', resources: [], detail },
    };
    const headers = { 'x-onrecord-key': EVENT_SECRET };
    const request = new Request('http://localhost/', { method: 'POST', headers, body: JSON.stringify(event) });
    expect((await scene.recorder.ingest(request)).status).toBe(200);
    await starting;
    await scene.pass(120_000);
    expect((await scene.saved()).snapshot.state).toBe('failed');
    expect(scene.requests(/DeleteMediaPipeline |Concatenation/)).toEqual(['DeleteMediaPipeline 204']);
    expect(published(scene)).toEqual([]);
  });
});

describe('a live output that fails', () => {
  const limit = /CreateMediaLiveConnectorPipeline/;

  test('is an anomaly with the reason, and the recording goes on', async () => {
    await using scene = await openSidesScene();
    scene.chime.faults.next({
      match: 'CreateMediaLiveConnectorPipeline',
      fault: {
        status: 400,
        headers: { 'x-amzn-errortype': 'BadRequestException', 'content-type': 'application/json' },
        body: JSON.stringify({ Code: 'BadRequest', Message: `Cannot publish to ${LIVE_URL} (app/${STREAM_KEY})` }),
      },
    });
    const session = await scene.record(youtube);
    expect((await session.snapshot()).state).toBe('recording');
    const [anomaly, ...others] = await scene.anomalies();
    expect(anomaly).toMatchObject({
      code: 'side-failed',
      message: 'The live output youtube could not be begun: invalid-request: Cannot publish to [secret] ([secret])',
    });
    expect(others).toEqual([]);
    await scene.settle(session.stop());
    await scene.pass(60_000);
    expect(scene.requests(connectors)).toEqual(['CreateMediaLiveConnectorPipeline 400']);
  });

  test('for a while is begun again; its recording waits for nothing', async () => {
    await using scene = await openSidesScene();
    scene.chime.faults.next({
      match: 'CreateMediaLiveConnectorPipeline',
      fault: { status: 503, headers: {}, body: '{}' },
      times: 2,
    });
    await scene.record(youtube);
    await scene.pass(90_000);
    expect(scene.requests(limit)).toEqual([
      'CreateMediaLiveConnectorPipeline 503',
      'CreateMediaLiveConnectorPipeline 503',
      'CreateMediaLiveConnectorPipeline 201',
    ]);
    expect(published(scene)).toEqual([[LIVE_URL, true]]);
    expect(await scene.anomalies()).toEqual([]);
  });

  test('because somebody else has one is told in the end, and theirs is left alone', async () => {
    await using scene = await openSidesScene();
    const { pipelines } = scene.driver.native().clients();
    const { CreateMediaLiveConnectorPipelineCommand } = await import('@aws-sdk/client-chime-sdk-media-pipelines');
    const theirs = {
      Sources: [
        {
          SourceType: 'ChimeSdkMeeting',
          ChimeSdkMeetingLiveConnectorConfiguration: { Arn: scene.meeting.arn, MuxType: 'AudioWithActiveSpeakerVideo' },
        },
      ],
      Sinks: [{ SinkType: 'RTMP', RTMPConfiguration: { Url: 'rtmps://other.example/app/key' } }],
    } as const;
    await pipelines.send(
      new CreateMediaLiveConnectorPipelineCommand({ Sources: [...theirs.Sources], Sinks: [...theirs.Sinks] }),
    );
    const session = await scene.record(youtube);
    await scene.pass(300_000);
    expect((await scene.anomalies()).map(({ message }) => message)).toEqual([
      expect.stringMatching(/^The live output youtube could not be begun: quota-exceeded: .*Limit reached$/),
    ]);
    await scene.settle(session.stop());
    await scene.pass(60_000);
    expect(published(scene)).toEqual([['rtmps://other.example/app/key', true]]);
  });

  test.each([true, false])('after it began is an anomaly once, whoever tells of it (events: %s)', async (events) => {
    await using scene = await openSidesScene({ events, chime: { live: { accepts: () => false } } });
    const session = await scene.record(youtube);
    await scene.pass(120_000);
    const { mediaPipelineId = '' } = { mediaPipelineId: scene.chime.pipelines()[1]?.id };
    expect((await scene.anomalies()).map(({ code, message }) => [code, message])).toEqual([
      ['side-failed', `A side output failed at the provider (pipeline ${mediaPipelineId}).`],
    ]);
    expect((await session.snapshot()).state).toBe('recording');
    await scene.settle(session.stop());
    await scene.pass(60_000);
    expect((await scene.saved()).parts[0]?.facts?.['finalized']).toBe(true);
  });

  test('by ending before its recording, which nobody asked for, is an anomaly', async () => {
    await using scene = await openSidesScene();
    await scene.record(youtube);
    await scene.pass(5_000);
    const { DeleteMediaPipelineCommand } = await import('@aws-sdk/client-chime-sdk-media-pipelines');
    const { pipelines } = scene.driver.native().clients();
    await pipelines.send(new DeleteMediaPipelineCommand({ MediaPipelineId: scene.chime.pipelines()[1]?.id }));
    await scene.pass(60_000);
    expect(await scene.anomalies()).toMatchObject([
      { code: 'side-failed', message: expect.stringContaining('ended before its recording') },
    ]);
  });

  test('to end is tried again until it does; what nobody may delete is an anomaly', async () => {
    await using scene = await openSidesScene();
    const session = await scene.record(youtube);
    await scene.pass(5_000);
    scene.chime.faults.next({
      match: 'DeleteMediaPipeline',
      fault: { status: 503, headers: {}, body: '{}' },
      times: 3,
    });
    await scene.settle(session.stop());
    await scene.pass(60_000);
    expect(published(scene)).toEqual([[LIVE_URL, false]]);
    expect(await scene.anomalies()).toEqual([]);
    await using denied = await openSidesScene();
    const another = await denied.record(youtube);
    await denied.pass(5_000);
    denied.chime.faults.next({
      match: 'DeleteMediaPipeline',
      fault: { status: 403, headers: { 'x-amzn-errortype': 'ForbiddenException' }, body: '{}' },
    });
    await denied.settle(another.stop());
    await denied.pass(60_000);
    expect(await denied.anomalies()).toMatchObject([
      { code: 'side-failed', message: expect.stringContaining('could not be ended: permission-denied') },
    ]);
  });
});
