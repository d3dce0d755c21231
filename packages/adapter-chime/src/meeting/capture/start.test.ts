import { ListTagsForResourceCommand } from '@aws-sdk/client-chime-sdk-media-pipelines';
import { createRecorder, type JsonObject, type Output } from '@onrecord/core';
import { describe, expect, test } from 'vitest';
import { type ChimeMeetingOptions, type CompositedVideo, chimeMeeting } from '../../index.ts';
import { type MeetingScene, type MeetingSceneOptions, openMeetingScene } from '../../testing/meeting-scene.ts';

const consent = { basis: 'application', noticeId: 'notice-1' } as const;
const audio = { media: 'audio', layout: 'mixed', container: 'mp4' } as const;
const seen = { ...audio, media: 'audio-video' } as const;

const start = (scene: MeetingScene, providerOptions?: object, output: Output = audio) =>
  scene.settle(
    scene.recorder.start({
      call: scene.call,
      output: output as typeof audio,
      consent,
      ...(providerOptions ? { providerOptions: providerOptions as JsonObject } : {}),
    }),
  );

const creations = (scene: MeetingScene) =>
  scene.chime.requests().filter(({ operation }) => operation === 'CreateMediaCapturePipeline');

/** The body of the one CreateMediaCapturePipeline of a start. */
async function requestOf(driver: Partial<ChimeMeetingOptions>, providerOptions?: object, output: Output = audio) {
  await using scene = await openMeetingScene({ driver });
  await start(scene, providerOptions, output);
  const [request] = creations(scene);
  expect(request?.status).toBe(201);
  return request?.body as Record<string, object>;
}

const grids: readonly [string, CompositedVideo][] = [
  [
    'PresenterOnly',
    {
      Resolution: 'FHD',
      GridViewConfiguration: {
        ContentShareLayout: 'PresenterOnly',
        PresenterOnlyConfiguration: { PresenterPosition: 'TopRight' },
        VideoAttribute: { CornerRadius: 10, BorderColor: 'Green', HighlightColor: 'Red', BorderThickness: 5 },
        CanvasOrientation: 'Portrait',
      },
    },
  ],
  [
    'ActiveSpeakerOnly',
    {
      Layout: 'GridView',
      Resolution: 'HD',
      GridViewConfiguration: {
        ContentShareLayout: 'ActiveSpeakerOnly',
        ActiveSpeakerOnlyConfiguration: { ActiveSpeakerPosition: 'BottomLeft' },
      },
    },
  ],
  [
    'Horizontal',
    {
      GridViewConfiguration: {
        ContentShareLayout: 'Horizontal',
        HorizontalLayoutConfiguration: {
          TileOrder: 'SpeakerSequence',
          TilePosition: 'Bottom',
          TileCount: 4,
          TileAspectRatio: '16/9',
        },
      },
    },
  ],
  [
    'Vertical',
    {
      GridViewConfiguration: {
        ContentShareLayout: 'Vertical',
        VerticalLayoutConfiguration: {
          TileOrder: 'JoinSequence',
          TilePosition: 'Right',
          TileCount: 10,
          TileAspectRatio: '9/16',
        },
      },
    },
  ],
];

describe('CreateMediaCapturePipeline', () => {
  test.each(grids)('asks for the grid of the layout %s as it was given', async (_, compositedVideo) => {
    const body = await requestOf({ compositedVideo }, undefined, seen);
    expect(body['ChimeSdkMeetingConfiguration']).toMatchObject({
      ArtifactsConfiguration: { Audio: { MuxType: 'AudioWithCompositedVideo' }, CompositedVideo: compositedVideo },
    });
  });

  test('asks for cameras, shares and a selection, from the driver or from the start', async () => {
    const attendeeId = '0d5a2b7c-1f0e-4b9a-8a51-000000000001';
    const wanted = { cameras: true, content: true, select: { attendeeIds: [attendeeId], externalUserIds: ['ann'] } };
    for (const body of [await requestOf(wanted), await requestOf({}, wanted)]) {
      expect(body['ChimeSdkMeetingConfiguration']).toEqual({
        SourceConfiguration: { SelectedVideoStreams: { AttendeeIds: [attendeeId], ExternalUserIds: ['ann'] } },
        ArtifactsConfiguration: {
          Audio: { MuxType: 'AudioOnly' },
          Video: { State: 'Enabled', MuxType: 'VideoOnly' },
          Content: { State: 'Enabled', MuxType: 'ContentOnly' },
        },
      });
    }
  });

  test('selects nobody where no camera is captured', async () => {
    const body = await requestOf({ select: { externalUserIds: ['ann'] } });
    expect(body['ChimeSdkMeetingConfiguration']).not.toHaveProperty('SourceConfiguration');
  });

  test('takes key and role together, with the context as base64 of JSON', async () => {
    const roleArn = 'arn:aws:iam::111122223333:role/recordings';
    const context = { department: 'Bücher' };
    const body = await requestOf({ encryption: { kmsKeyId: 'alias/recordings', roleArn, context } });
    expect(body['SinkIamRoleArn']).toBe(roleArn);
    const { AwsKmsKeyId, AwsKmsEncryptionContext } = body['SseAwsKeyManagementParams'] as Record<string, string>;
    expect(AwsKmsKeyId).toBe('alias/recordings');
    expect(JSON.parse(Buffer.from(AwsKmsEncryptionContext!, 'base64').toString('utf8'))).toEqual(context);
  });

  test('tags the pipeline with its session and with what was asked for; the start wins', async () => {
    await using scene = await openMeetingScene({ driver: { tags: { team: 'blue', cost: '7' } } });
    const session = await start(scene, { tags: { team: 'red' } });
    const [{ id } = { id: '' }] = scene.chime.pipelines();
    const { pipelines } = scene.driver.native().clients();
    const ResourceARN = `arn:aws:chime:us-east-1:111122223333:media-pipeline/${id}`;
    const { Tags } = await pipelines.send(new ListTagsForResourceCommand({ ResourceARN }));
    expect(Tags).toEqual([
      { Key: 'onrecord:session', Value: session.id },
      { Key: 'team', Value: 'red' },
      { Key: 'cost', Value: '7' },
    ]);
  });

  test.each(['arn:aws:chime:us-east-1:111122223333:meeting/', 'arn:aws:chime::111122223333:meeting:'])(
    'sends the ARN of the meeting as it was given: %s…',
    async (form) => {
      await using scene = await openMeetingScene();
      const meetingArn = `${form}${scene.meeting.meetingId}`;
      const call = { ...scene.call, data: { ...scene.call.data, meetingArn } };
      await scene.settle(scene.recorder.start({ call, output: audio, consent }));
      expect(creations(scene)[0]?.body).toMatchObject({ SourceArn: meetingArn });
    },
  );
});

describe('a start that is refused before any request', () => {
  const refused: readonly [string, object, Output, string][] = [
    ['a grid without a picture', { compositedVideo: grids[0]![1] }, audio, 'belong to audio-video'],
    ['a selection without cameras', { select: { externalUserIds: ['ann'] } }, audio, 'no camera is captured'],
    ['a misspelt option', { camera: true }, audio, 'did you mean cameras?'],
    ['an option of the driver', { bucket: 'other' }, audio, 'providerOptions.bucket'],
    ['our own tag', { tags: { 'onrecord:session': 'x' } }, audio, 'providerOptions.tags.onrecord:session'],
    [
      'a layout at the top',
      { ContentShareLayout: 'Vertical' },
      seen,
      'Belongs in compositedVideo.GridViewConfiguration',
    ],
  ];
  test.each(refused)('%s', async (_, providerOptions, output, message) => {
    await using scene = await openMeetingScene();
    await expect(start(scene, providerOptions, output)).rejects.toMatchObject({
      code: 'invalid-request',
      message: expect.stringContaining(message),
    });
    expect(creations(scene)).toEqual([]);
  });

  test('with options that nobody knows is in no record: who knows what they hold', async () => {
    await using scene = await openMeetingScene();
    await expect(start(scene, { url: 'rtmps://live.example/secret' })).rejects.toMatchObject({
      code: 'invalid-request',
      message: expect.not.stringContaining('secret'),
    });
    expect(await scene.store.list()).toEqual([]);
  });

  test.each([
    [
      'of another meeting',
      'arn:aws:chime::111122223333:meeting:1e6bf4f5-f4b5-4917-b8c9-bda45c340706',
      'another meeting',
    ],
    ['of something else', 'arn:aws:sns:us-east-1:111122223333:topic', 'no ARN of a meeting'],
  ])('an ARN %s', async (_, meetingArn, message) => {
    await using scene = await openMeetingScene();
    const call = { ...scene.call, data: { ...scene.call.data, meetingArn } };
    await expect(scene.settle(scene.recorder.start({ call, output: audio, consent }))).rejects.toMatchObject({
      code: 'invalid-request',
      message: expect.stringContaining(message),
    });
    expect(creations(scene)).toEqual([]);
  });

  test('a meeting in a control region without media pipelines, with the reason and the list', async () => {
    await using scene = await openMeetingScene();
    const call = { ...scene.call, region: 'af-south-1' };
    await expect(scene.settle(scene.recorder.start({ call, output: audio, consent }))).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringMatching(
        /no media pipelines in af-south-1; there are in us-east-1, us-west-2, .*eu-west-2/,
      ),
    });
    expect(creations(scene)).toEqual([]);
  });

  test('unless an option says that the region has them by now', async () => {
    await using scene = await openMeetingScene({ driver: { regions: ['us-east-1', 'af-south-1'] } });
    const call = { ...scene.call, region: 'af-south-1' };
    // The simulator is in us-east-1: it refuses the signature, and the driver did not refuse the region.
    await expect(scene.settle(scene.recorder.start({ call, output: audio, consent }))).rejects.toMatchObject({
      code: 'permission-denied',
    });
  });
});

test('a pause that nothing stands in for is not there, and the driver says why', async () => {
  await using scene = await openMeetingScene();
  const plain = createRecorder(scene.driver, { store: scene.store, clock: scene.clock, deployment: 'test' });
  const session = await scene.settle(plain.start({ call: scene.call, output: audio, consent }));
  expect('pause' in session || 'discard' in session).toBe(false);
  expect(scene.driver.lacks.pause).toContain('pause-by-segments');
  expect(scene.driver.lacks.discard).toContain('stays in the bucket');
});

test('a driver without a secret of events says what that means', () => {
  expect(chimeMeeting({ region: 'us-east-1', bucket: 'recordings' }).warnings()).toHaveLength(1);
  const secret = 'a-secret-of-the-api-destination';
  expect(chimeMeeting({ region: 'us-east-1', bucket: 'recordings', events: { secret } }).warnings()).toEqual([]);
});

describe('clients', () => {
  test('are pooled by control region', () => {
    const driver = chimeMeeting({ region: 'us-east-1', bucket: 'recordings' });
    const { clients } = driver.native();
    expect(clients()).toBe(clients('us-east-1'));
    expect(clients('eu-central-1')).not.toBe(clients());
    expect(clients('eu-central-1')).toBe(clients('eu-central-1'));
  });
});

describe('the limit of one capture per meeting', () => {
  const limited = async (options: MeetingSceneOptions, foreign: object = {}) => {
    const scene = await openMeetingScene(options);
    const other = chimeMeeting({
      ...scene.chime.clientConfig(),
      bucket: 'recordings',
      prefix: 'somebody-else',
    });
    const { pipelines } = other.native().clients();
    const { CreateMediaCapturePipelineCommand } = await import('@aws-sdk/client-chime-sdk-media-pipelines');
    const { MediaCapturePipeline } = await pipelines.send(
      new CreateMediaCapturePipelineCommand({
        SourceType: 'ChimeSdkMeeting',
        SourceArn: scene.meeting.arn,
        SinkType: 'S3Bucket',
        SinkArn: 'arn:aws:s3:::recordings/somebody-else',
        ...foreign,
      }),
    );
    return { scene, id: MediaCapturePipeline?.MediaPipelineId ?? '', pipelines };
  };

  test('names who holds the meeting, and is not tried again', async () => {
    const { scene, id } = await limited({});
    await using _ = scene;
    await expect(start(scene)).rejects.toMatchObject({
      code: 'conflict',
      retry: 'never',
      message: expect.stringMatching(
        new RegExp(`captured by ${id} since 2026-.*, into arn:aws:s3:::recordings/somebody-else`),
      ),
      context: { mediaPipelineId: id, requestId: expect.any(String) },
    });
    expect(creations(scene).filter(({ status }) => status === 400)).toHaveLength(1);
  });

  test('is waited for while the other capture stops', async () => {
    const { scene, id, pipelines } = await limited({
      chime: { pipelines: { stoppingCounts: true, stoppingMs: 6_000 } },
    });
    await using _ = scene;
    await scene.pass(5_000);
    const { DeleteMediaCapturePipelineCommand } = await import('@aws-sdk/client-chime-sdk-media-pipelines');
    await pipelines.send(new DeleteMediaCapturePipelineCommand({ MediaPipelineId: id }));
    const session = await start(scene);
    expect((await session.snapshot()).state).toBe('recording');
  });

  test('of the account is waited for as well, and says what to do', async () => {
    await using scene = await openMeetingScene({ chime: { pipelines: { maxActive: 1 } } });
    const meeting = scene.chime.createMeeting();
    const { pipelines } = scene.driver.native().clients();
    const { CreateMediaCapturePipelineCommand } = await import('@aws-sdk/client-chime-sdk-media-pipelines');
    await pipelines.send(
      new CreateMediaCapturePipelineCommand({
        SourceType: 'ChimeSdkMeeting',
        SourceArn: meeting.arn,
        SinkType: 'S3Bucket',
        SinkArn: 'arn:aws:s3:::recordings/other',
      }),
    );
    const waiting = start(scene);
    waiting.catch(() => {});
    await scene.pass(3_000);
    meeting.end();
    expect((await (await scene.settle(waiting)).snapshot()).state).toBe('recording');
  });

  test('is met by a start of ours whose answer was lost and whose token the service forgot: it is taken over', async () => {
    await using scene = await openMeetingScene({ chime: { pipelines: { tokenReplay: 'new-request' } } });
    scene.chime.faults.next({ match: 'CreateMediaCapturePipeline', fault: 'drop-before-answer' });
    // The list is behind: the first look finds nothing.
    scene.chime.faults.next({
      match: 'ListMediaCapturePipelines',
      fault: { status: 200, headers: { 'content-type': 'application/json' }, body: '{"MediaCapturePipelines":[]}' },
    });
    const session = await start(scene);
    expect((await session.snapshot()).state).toBe('recording');
    expect(scene.chime.pipelines()).toHaveLength(1);
  });
});

test('a meeting that ends during a pause has nothing to stop: its session is over with the call', async () => {
  await using scene = await openMeetingScene();
  const session = await start(scene);
  await scene.pass(10_000);
  await scene.settle(session.pause());
  const before = creations(scene).length;
  scene.meeting.end(true);
  await scene.pass(120_000);
  const snapshot = await session.snapshot();
  expect([snapshot.endReason, snapshot.parts.length]).toEqual(['call-ended', 1]);
  expect(creations(scene)).toHaveLength(before);
});
