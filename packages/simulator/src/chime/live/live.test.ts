import {
  CreateMediaLiveConnectorPipelineCommand,
  DeleteMediaPipelineCommand,
  GetMediaPipelineCommand,
} from '@aws-sdk/client-chime-sdk-media-pipelines';
import { afterEach, describe, expect, test } from 'vitest';
import type { ChimeOptions } from '../start-chime.ts';
import { type MeetingScene, openMeetingScene } from '../testing/meeting-scene.ts';
import { goLive, liveInput, RTMP_URL } from '../testing/side-requests.ts';

let scene: MeetingScene;
afterEach(() => scene?.[Symbol.asyncDispose]());
const open = async (options: Partial<ChimeOptions> = {}) => {
  scene = await openMeetingScene(options);
};
const read = async (MediaPipelineId: string | undefined) => {
  const { MediaPipeline } = await scene.clients.pipelines.send(new GetMediaPipelineCommand({ MediaPipelineId }));
  return MediaPipeline?.MediaLiveConnectorPipeline;
};
const sendRtmp = (rtmp: object) =>
  scene.clients.pipelines.send(new CreateMediaLiveConnectorPipelineCommand(liveInput(scene, rtmp)));

describe('a live connector', () => {
  test('CreateMediaLiveConnectorPipeline echoes source and sink, and publishes until DeleteMediaPipeline', async () => {
    await open();
    const made = await goLive(scene);
    expect(made).toMatchObject({ ...liveInput(scene), Status: 'Initializing', CreatedTimestamp: expect.any(Date) });
    expect(scene.chime.published()).toEqual([]);
    await scene.clock.advance(2_000);
    expect((await read(made.MediaPipelineId))?.Status).toBe('InProgress');
    const from = scene.clock.now();
    const what = {
      mediaPipelineId: made.MediaPipelineId,
      meetingId: scene.meeting.meetingId,
      url: RTMP_URL,
      mux: 'AudioWithActiveSpeakerVideo',
      audioChannels: 'Stereo',
      audioSampleRate: '44100',
      from,
    };
    expect(scene.chime.published()).toEqual([what]);
    await scene.clock.advance(10_000);
    await scene.clients.pipelines.send(new DeleteMediaPipelineCommand({ MediaPipelineId: made.MediaPipelineId }));
    await scene.clock.advance(2_000);
    expect(scene.chime.published()).toEqual([{ ...what, to: from + 10_000 }]);
    expect((await read(made.MediaPipelineId))?.Status).toBe('Stopped');
    expect(scene.told().filter((line) => line.endsWith(made.MediaPipelineId!))).toEqual([
      `MediaPipelineInProgress ${made.MediaPipelineId}`,
      expect.stringContaining('AttendeeAdded'),
      expect.stringContaining('AttendeeAuthorized'),
      expect.stringContaining('AttendeeJoined'),
      expect.stringContaining('AttendeeLeft'),
      `MediaPipelineDeleted ${made.MediaPipelineId}`,
    ]);
  });

  test('ends with its meeting', async () => {
    await open();
    const { MediaPipelineId } = await goLive(scene);
    await scene.clock.advance(5_000);
    scene.meeting.end();
    await scene.clock.advance(2_000);
    expect((await read(MediaPipelineId))?.Status).toBe('Stopped');
    expect(scene.chime.published()[0]?.to).toBeDefined();
  });

  test('is mono where nothing is said, at the rate that the option has', async () => {
    await open({ live: { defaultAudioSampleRate: '44100' } });
    await sendRtmp({ AudioChannels: undefined, AudioSampleRate: undefined });
    await scene.clock.advance(2_000);
    expect(scene.chime.published()).toMatchObject([{ audioChannels: 'Mono', audioSampleRate: '44100' }]);
  });

  test('fails where its server does not take what is published, as an option', async () => {
    await open({ live: { accepts: (url) => !url.includes('stream-key') } });
    const { MediaPipelineId } = await goLive(scene);
    await scene.clock.advance(2_000);
    expect((await read(MediaPipelineId))?.Status).toBe('Failed');
    expect(scene.chime.published()).toEqual([]);
    expect(scene.told()).toContain(`MediaPipelinePermanentFailure ${MediaPipelineId}`);
  });

  test('is one at a time for a meeting; the same token gives the same one', async () => {
    await open();
    const first = await goLive(scene, { ClientRequestToken: 'token-1' });
    const again = await goLive(scene, { ClientRequestToken: 'token-1' });
    expect(again.MediaPipelineId).toBe(first.MediaPipelineId);
    await expect(goLive(scene)).rejects.toMatchObject({
      name: 'ResourceLimitExceededException',
      $metadata: { httpStatusCode: 400 },
    });
  });
});

describe('what no SDK checks is refused', () => {
  test.each([
    ['an empty URL', { Url: '' }],
    ['another protocol', { Url: 'https://live.example/app' }],
    ['a URL of over 1,024 characters', { Url: `rtmps://live.example/${'x'.repeat(1_024)}` }],
    ['unknown channels', { AudioChannels: 'Surround' }],
    ['another rate', { AudioSampleRate: '8000' }],
  ])('%s', async (_what, rtmp) => {
    await open();
    await expect(sendRtmp(rtmp)).rejects.toMatchObject({ name: 'BadRequestException' });
    expect(scene.chime.pipelines()).toEqual([]);
  });

  test('no sink, two sinks and no meeting', async () => {
    await open();
    const [sink] = liveInput(scene).Sinks!;
    for (const Sinks of [[], [sink!, sink!]]) {
      await expect(goLive(scene, { Sinks })).rejects.toMatchObject({ name: 'BadRequestException' });
    }
    scene.meeting.end();
    await expect(goLive(scene)).rejects.toMatchObject({ name: 'BadRequestException' });
  });
});
