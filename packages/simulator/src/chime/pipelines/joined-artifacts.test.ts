import { afterEach, describe, expect, test } from 'vitest';
import { mp4Duration } from '../../media/index.ts';
import type { ChimeOptions } from '../start-chime.ts';
import { ALL_JOINED, everything, linesIn, namesIn, WITH_CAMERAS } from '../testing/artifact-requests.ts';
import { type MeetingScene, openMeetingScene } from '../testing/meeting-scene.ts';
import { capture, concatenate, keysOf, stopCapture } from '../testing/pipeline-requests.ts';

let scene: MeetingScene;
afterEach(() => scene?.[Symbol.asyncDispose]());
const open = async (options: Partial<ChimeOptions> = {}) => {
  scene = await openMeetingScene(options);
};

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
    const { MediaPipelineId } = await concatenate(scene, source.MediaPipelineArn, destination, ALL_JOINED);
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
    expect(linesIn(scene, 'results', 'meeting-events').at(-1)).toMatchObject({ EventType: 'CaptureEnded' });
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
  const { MediaPipelineId, MediaPipelineArn } = await capture(scene, WITH_CAMERAS);
  await scene.clock.advance(2_000 + 6 * 3_600_000);
  await stopCapture(scene, MediaPipelineId);
  await concatenate(scene, MediaPipelineArn);
  await scene.clock.advance(60_000);
  expect(namesIn(scene, 'captures', 'audio')).toHaveLength(4_320);
  expect(namesIn(scene, 'captures', 'video')).toHaveLength(4_320);
  const [file] = scene.s3.list('results', 'session-1/audio/');
  expect(await mp4Duration(file!.bytes)).toBeCloseTo(6 * 3_600, 1);
}, 60_000);
