import { ListTagsForResourceCommand } from '@aws-sdk/client-chime-sdk-media-pipelines';
import { createRecorder, type JsonObject, type Output } from '@onrecord/core';
import { describe, expect, test } from 'vitest';
import { type ChimeMeetingOptions, type CompositedVideo, chimeMeeting } from '../../index.ts';
import { type MeetingScene, openMeetingScene } from '../../testing/meeting-scene.ts';

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
