import { BufferSource, Input, MP4 } from 'mediabunny';
import { afterEach, describe, expect, test } from 'vitest';
import { mp4Duration } from '../../media/index.ts';
import type { ChimeOptions } from '../start-chime.ts';
import { type MeetingScene, openMeetingScene } from '../testing/meeting-scene.ts';
import { capture, concatenate, DISABLED, keysOf, stopCapture } from '../testing/pipeline-requests.ts';

let scene: MeetingScene;
afterEach(() => scene?.[Symbol.asyncDispose]());
const open = async (options: Partial<ChimeOptions> = {}) => {
  scene = await openMeetingScene(options);
};

const ENABLED = { State: 'Enabled' } as const;
const ALL = {
  Video: ENABLED,
  Content: ENABLED,
  DataChannel: ENABLED,
  TranscriptionMessages: ENABLED,
  CompositedVideo: ENABLED,
} as const;
const GRID = { GridViewConfiguration: { ContentShareLayout: 'PresenterOnly' } } as const;

type Selection = { readonly AttendeeIds?: string[]; readonly ExternalUserIds?: string[] };

/** Everything that a capture can be asked for. */
function everything(selected?: Selection) {
  return {
    ChimeSdkMeetingConfiguration: {
      ...(selected ? { SourceConfiguration: { SelectedVideoStreams: selected } } : {}),
      ArtifactsConfiguration: {
        Audio: { MuxType: 'AudioWithCompositedVideo' },
        Video: { ...ENABLED, MuxType: 'VideoOnly' },
        Content: { ...ENABLED, MuxType: 'ContentOnly' },
        CompositedVideo: GRID,
      },
    },
  } as const;
}

const withCameras = {
  ChimeSdkMeetingConfiguration: {
    ArtifactsConfiguration: { Audio: { MuxType: 'AudioOnly' }, Video: ENABLED, Content: DISABLED },
  },
} as const;

const names = (bucket: string, folder: string) =>
  keysOf(scene, bucket)
    .filter((key) => key.includes(`/${folder}/`))
    .map((key) => key.split('/').at(-1));

const lines = (folder: string, bucket = 'captures'): readonly Record<string, unknown>[] =>
  scene.s3
    .list(bucket)
    .filter(({ key }) => key.includes(`/${folder}/`))
    .flatMap(({ bytes }) => Buffer.from(bytes).toString().trim().split('\n'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);

async function tracksOf(bytes: Uint8Array): Promise<readonly string[]> {
  using input = new Input({ formats: [MP4], source: new BufferSource(bytes) });
  return (await input.getTracks()).map(({ type }) => type);
}

describe('cameras and shares', () => {
  test('have chunks of their own from their beginning, with the attendee in the name', async () => {
    await open();
    const { meeting, alice, bob, clock } = scene;
    meeting.activity.video(alice.attendeeId, 'started');
    const { MediaPipelineId } = await capture(scene, everything());
    await clock.advance(3_000);
    meeting.share(bob.attendeeId, 'started');
    await clock.advance(3_000);
    meeting.share(bob.attendeeId, 'stopped');
    await clock.advance(2_000);
    await stopCapture(scene, MediaPipelineId);
    await clock.advance(2_000);
    expect(names('captures', 'video')).toEqual([
      `2026-01-05-09-00-02-000-${alice.attendeeId}.mp4`,
      `2026-01-05-09-00-03-000-${bob.attendeeId}#content.mp4`,
      `2026-01-05-09-00-07-000-${alice.attendeeId}.mp4`,
    ]);
    const files = scene.s3.list('captures', 'session-1/1/video/');
    expect(await Promise.all(files.map(({ bytes }) => mp4Duration(bytes)))).toEqual([5, 3, 1]);
    for (const { bytes } of files) expect(await tracksOf(bytes)).toEqual(['video']);
  });

  test('of those who are not selected are left out', async () => {
    await open();
    const { meeting, alice, bob, clock } = scene;
    const select: readonly [Selection, readonly string[]][] = [
      [{ AttendeeIds: [alice.attendeeId] }, [alice.attendeeId]],
      [{ ExternalUserIds: ['bob'] }, [bob.attendeeId]],
      [{ AttendeeIds: [alice.attendeeId], ExternalUserIds: ['bob'] }, [alice.attendeeId, bob.attendeeId]],
    ];
    for (const { attendeeId } of [alice, bob]) meeting.activity.video(attendeeId, 'started');
    for (const [index, [selected, expected]] of select.entries()) {
      const SinkArn = `arn:aws:s3:::captures/session-1/s${index}`;
      const { MediaPipelineId } = await capture(scene, { ...everything(selected), SinkArn });
      await clock.advance(4_000);
      await stopCapture(scene, MediaPipelineId);
      await clock.advance(2_000);
      const seen = keysOf(scene, 'captures').filter((key) => key.startsWith(`session-1/s${index}/video/`));
      expect(seen.map((key) => key.slice(-40, -4)).sort()).toEqual([...expected].sort());
    }
  });

  test('can be selected 25 times at most, and not by an empty list', async () => {
    await open();
    const many = Array.from({ length: 26 }, (_, index) => `user-${index}`);
    for (const selected of [{ ExternalUserIds: many }, { ExternalUserIds: [] }, { AttendeeIds: ['no-id'] }]) {
      await expect(capture(scene, everything(selected))).rejects.toMatchObject({ name: 'BadRequestException' });
    }
    await capture(scene, everything({ ExternalUserIds: many.slice(1) }));
  });
});

describe('text artifacts', () => {
  test('hold messages, captions while there are any, and what happened; CaptureEnded is the last line', async () => {
    await open();
    const { meeting, alice, bob, clock } = scene;
    const { MediaPipelineId } = await capture(scene);
    await clock.advance(2_500);
    const { activity } = meeting;
    activity.sendMessage(alice.attendeeId, 'chat', 'hello');
    activity.transcribe(alice.attendeeId, 'nobody listens');
    activity.transcription('Started');
    activity.transcribe(bob.attendeeId, 'now they do');
    activity.video(bob.attendeeId, 'started');
    activity.mute(bob.attendeeId);
    activity.activeSpeaker();
    activity.unmute(bob.attendeeId);
    activity.video(bob.attendeeId, 'stopped');
    meeting.drop(bob.attendeeId);
    await stopCapture(scene, MediaPipelineId);
    await clock.advance(2_000);
    expect(lines('data-channel')).toEqual([
      { Timestamp: '2026-01-05T09:00:02.500+00:00', Topic: 'chat', Data: 'hello', SenderAttendeeId: alice.attendeeId },
    ]);
    expect(lines('transcription-messages')).toMatchObject([
      { transcript: { results: [{ isPartial: false, alternatives: [{ transcript: 'now they do' }] }] } },
    ]);
    const happened = lines('meeting-events');
    expect(happened.map(({ EventType }) => EventType)).toEqual([
      'CaptureStarted',
      'AttendeeJoined',
      'AttendeeJoined',
      'AttendeeVideoJoined',
      'AttendeeMute',
      'ActiveSpeaker',
      'AttendeeUnmute',
      'AttendeeVideoLeft',
      'AttendeeLeft',
      'CaptureEnded',
    ]);
    expect(happened[5]).toMatchObject({ EventParameters: { AttendeeId: '', MediaModality: '' } });
  });

  test('call microphones as documented, or lack CaptureEnded, as options', async () => {
    await open({ pipelines: { muteEvents: 'AudioTrackMute', captureEnded: 'missing' } });
    const { MediaPipelineId } = await capture(scene);
    await scene.clock.advance(3_000);
    scene.meeting.activity.mute(scene.bob.attendeeId);
    scene.meeting.activity.unmute(scene.bob.attendeeId);
    await stopCapture(scene, MediaPipelineId);
    await scene.clock.advance(2_000);
    expect(
      lines('meeting-events')
        .map(({ EventType }) => EventType)
        .slice(-2),
    ).toEqual(['AudioTrackMute', 'AudioTrackUnmute']);
  });
});

describe('a concatenation of everything', () => {
  async function joined(options: Partial<ChimeOptions> = {}, destination?: string) {
    await open(options);
    const { meeting, alice, bob, clock } = scene;
    const source = await capture(scene, everything());
    await clock.advance(2_000);
    for (const { attendeeId } of [alice, bob]) meeting.activity.video(attendeeId, 'started');
    meeting.share(bob.attendeeId, 'started');
    meeting.activity.transcription('Started');
    meeting.activity.transcribe(alice.attendeeId, 'hello');
    meeting.activity.sendMessage(alice.attendeeId, 'chat', 'hello');
    await clock.advance(7_000);
    await stopCapture(scene, source.MediaPipelineId);
    const { MediaPipelineId } = await concatenate(scene, source.MediaPipelineArn, destination, ALL);
    await clock.advance(30_000);
    return { id: MediaPipelineId!, alice: alice.attendeeId, bob: bob.attendeeId };
  }

  test('makes one file of each artifact, and of each camera and share', async () => {
    const { id, alice, bob } = await joined();
    expect(keysOf(scene, 'results')).toEqual(
      [
        `session-1/audio/${id}.mp4`,
        `session-1/composited-video/${id}.mp4`,
        `session-1/data-channel/${id}.txt`,
        `session-1/meeting-events/${id}.txt`,
        `session-1/transcription-messages/${id}.txt`,
        `session-1/video/${id}-${alice}.mp4`,
        `session-1/video/${id}-${bob}.mp4`,
        `session-1/video/${id}-${bob}#content.mp4`,
      ].sort(),
    );
    for (const { bytes } of scene.s3.list('results').filter(({ key }) => key.endsWith('.mp4'))) {
      expect(await mp4Duration(bytes)).toBeCloseTo(7, 2);
    }
    expect(lines('meeting-events', 'results').at(-1)).toMatchObject({ EventType: 'CaptureEnded' });
  });

  test.each([
    ['attendee-pipeline', (id: string, who: string) => `${id}/video/${who}-${id}.mp4`],
    ['attendee', (id: string, who: string) => `${id}/video/${who}.mp4`],
  ] as const)(
    'names single cameras otherwise as an option (%s), here without a prefix',
    async (attendeeFiles, name) => {
      const { id, alice } = await joined({ pipelines: { attendeeFiles } }, 'arn:aws:s3:::results');
      expect(keysOf(scene, 'results')).toContain(name(id, alice));
    },
  );

  test.each([
    ['missing', 'Stopped', []],
    ['failed', 'Failed', []],
    ['stuck', 'InProgress', []],
    [{ shortByMs: 3_000 }, 'Stopped', [4]],
  ] as const)('goes wrong as planned: %j', async (fault, status, durations) => {
    await open();
    scene.chime.concatenationFaults.next({ fault });
    const source = await capture(scene);
    await scene.clock.advance(9_000);
    await stopCapture(scene, source.MediaPipelineId);
    const { MediaPipelineId } = await concatenate(scene, source.MediaPipelineArn);
    await scene.clock.advance(600_000);
    const [own] = scene.chime.pipelines().filter(({ id }) => id === MediaPipelineId);
    expect(own?.status).toBe(status);
    const files = scene.s3.list('results', 'session-1/audio/');
    expect(await Promise.all(files.map(({ bytes }) => mp4Duration(bytes)))).toEqual(durations);
    expect(scene.chime.concatenationFaults.pending()).toBe(0);
  });

  test('may be told as Initializing while it waits', async () => {
    await open({ pipelines: { waitingStatus: 'Initializing' } });
    const source = await capture(scene);
    const { MediaPipelineId } = await concatenate(scene, source.MediaPipelineArn);
    await scene.clock.advance(30_000);
    const status = () => scene.chime.pipelines().find(({ id }) => id === MediaPipelineId)?.status;
    expect(status()).toBe('Initializing');
    await stopCapture(scene, source.MediaPipelineId);
    await scene.clock.advance(30_000);
    expect(status()).toBe('Stopped');
  });
});

test('a meeting of six hours is captured and joined, with media that repeats', async () => {
  await open({ pipelines: { media: 'repeated' } });
  scene.meeting.activity.video(scene.alice.attendeeId, 'started');
  const { MediaPipelineId, MediaPipelineArn } = await capture(scene, withCameras);
  await scene.clock.advance(2_000 + 6 * 3_600_000);
  await stopCapture(scene, MediaPipelineId);
  await concatenate(scene, MediaPipelineArn);
  await scene.clock.advance(60_000);
  expect(names('captures', 'audio')).toHaveLength(4_320);
  expect(names('captures', 'video')).toHaveLength(4_320);
  const [file] = scene.s3.list('results', 'session-1/audio/');
  expect(await mp4Duration(file!.bytes)).toBeCloseTo(6 * 3_600, 1);
}, 60_000);

test('a trouble that the service overcomes is told: MediaPipelineTemporaryFailure, then MediaPipelineResumed', async () => {
  await open({ pipelines: { temporaryFailure: true } });
  const { MediaPipelineId } = await capture(scene);
  await scene.clock.advance(20_000);
  await stopCapture(scene, MediaPipelineId);
  await scene.clock.advance(5_000);
  expect(scene.told().filter((one) => one.startsWith('MediaPipeline'))).toEqual(
    ['InProgress', 'TemporaryFailure', 'Resumed', 'Deleted'].map((type) => `MediaPipeline${type} ${MediaPipelineId}`),
  );
});

describe('encryption', () => {
  const SinkIamRoleArn = 'arn:aws:iam::111122223333:role/sink';
  const context = Buffer.from('{"department":"sales"}').toString('base64');

  test('with a key and the role that may use it is echoed', async () => {
    await open();
    const SseAwsKeyManagementParams = { AwsKmsKeyId: 'alias/recordings', AwsKmsEncryptionContext: context };
    const made = await capture(scene, { SseAwsKeyManagementParams, SinkIamRoleArn });
    expect(made).toMatchObject({ SseAwsKeyManagementParams, SinkIamRoleArn });
  });

  test.each([
    ['a role without a key', { SinkIamRoleArn }],
    [
      'a context that is no JSON',
      { SinkIamRoleArn, SseAwsKeyManagementParams: { AwsKmsKeyId: 'k', AwsKmsEncryptionContext: 'aGVsbG8=' } },
    ],
    [
      'a context that is no base64 of an object',
      { SinkIamRoleArn, SseAwsKeyManagementParams: { AwsKmsKeyId: 'k', AwsKmsEncryptionContext: 'W10=' } },
    ],
    ['no key in it', { SinkIamRoleArn, SseAwsKeyManagementParams: { AwsKmsKeyId: undefined } }],
  ])('is refused: %s', async (_, more) => {
    await open();
    await expect(capture(scene, more)).rejects.toMatchObject({ name: 'BadRequestException' });
  });
});

describe('what the SDK lets through is refused', () => {
  const artifacts = (more: object) =>
    ({
      ChimeSdkMeetingConfiguration: {
        ArtifactsConfiguration: { Audio: { MuxType: 'AudioOnly' }, Video: DISABLED, Content: DISABLED, ...more },
      },
    }) as never;

  test.each([
    ['an unknown mux type', artifacts({ Audio: { MuxType: 'AudioWithEverything' } }), 'audio.muxType'],
    ['an empty state', artifacts({ Video: { State: '' } }), 'video.state'],
    ['a grid without a layout', artifacts({ CompositedVideo: { GridViewConfiguration: {} } }), 'contentShareLayout'],
    [
      'tiles below a vertical layout',
      artifacts({
        CompositedVideo: {
          GridViewConfiguration: {
            ContentShareLayout: 'Vertical',
            VerticalLayoutConfiguration: { TilePosition: 'Bottom' },
          },
        },
      }),
      'verticalLayoutConfiguration.tilePosition',
    ],
    ['a sink with a space', { SinkArn: 'arn:aws:s3:::captures/a b' }, 'sinkArn'],
    ['no tags in the list', { Tags: [] }, 'tags'],
    ['a token of one character', { ClientRequestToken: 'x' }, 'clientRequestToken'],
  ])('%s', async (_, more, field) => {
    await open();
    await expect(capture(scene, more)).rejects.toMatchObject({
      name: 'BadRequestException',
      message: expect.stringContaining(field),
    });
  });
});

test('a region without media pipelines refuses everything', async () => {
  await open({ region: 'eu-west-1' });
  await expect(capture(scene)).rejects.toMatchObject({
    name: 'ForbiddenException',
    message: expect.stringContaining('eu-west-1'),
  });
});
