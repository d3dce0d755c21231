import { BufferSource, Input, MP4 } from 'mediabunny';
import { afterEach, describe, expect, test } from 'vitest';
import { mp4Duration } from '../../media/index.ts';
import type { ChimeOptions } from '../start-chime.ts';
import { everything, linesIn, namesIn, type Selection } from '../testing/artifact-requests.ts';
import { type MeetingScene, openMeetingScene } from '../testing/meeting-scene.ts';
import { capture, keysOf, stopCapture } from '../testing/pipeline-requests.ts';

let scene: MeetingScene;
afterEach(() => scene?.[Symbol.asyncDispose]());
const open = async (options: Partial<ChimeOptions> = {}) => {
  scene = await openMeetingScene(options);
};

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
    expect(namesIn(scene, 'captures', 'video')).toEqual([
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
    expect(linesIn(scene, 'captures', 'data-channel')).toEqual([
      { Timestamp: '2026-01-05T09:00:02.500+00:00', Topic: 'chat', Data: 'hello', SenderAttendeeId: alice.attendeeId },
    ]);
    expect(linesIn(scene, 'captures', 'transcription-messages')).toMatchObject([
      { transcript: { results: [{ isPartial: false, alternatives: [{ transcript: 'now they do' }] }] } },
    ]);
    const happened = linesIn(scene, 'captures', 'meeting-events');
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
      linesIn(scene, 'captures', 'meeting-events')
        .map(({ EventType }) => EventType)
        .slice(-2),
    ).toEqual(['AudioTrackMute', 'AudioTrackUnmute']);
  });
});

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
