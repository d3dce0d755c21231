import { describe, expect, test } from 'vitest';
import { openMeetingScene } from '../testing/meeting-scene.ts';
import { recordedRequest, withoutReference } from '../testing/reference.ts';

const consent = { basis: 'application', noticeId: 'notice-1' } as const;
const output = (media: 'audio' | 'audio-video') => ({ media, layout: 'mixed', container: 'mp4' }) as const;

/** Names of the members of a body, nested: values differ from recording to recording, names must not. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shape);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shape(member)]));
}

async function requestsOf(media: 'audio' | 'audio-video', video?: 'active-speaker' | 'composited') {
  await using scene = await openMeetingScene({ driver: { ...(video ? { video } : {}) } });
  const session = await scene.settle(scene.recorder.start({ call: scene.call, output: output(media), consent }));
  await scene.pass(10_000);
  await scene.settle(session.stop());
  await scene.pass(60_000);
  const body = (operation: string) => scene.chime.requests().find((one) => one.operation === operation)?.body;
  const record = await scene.store.load(session.id);
  return {
    capture: body('CreateMediaCapturePipeline'),
    concatenation: body('CreateMediaConcatenationPipeline'),
    files: record!.reports.flatMap(({ seen }) => seen.expects ?? []).map(({ uri }) => uri),
    session: session.id,
  };
}

describe('the requests', () => {
  test('carry token, sink and session, and only what the output needs', async () => {
    const { capture, session } = await requestsOf('audio');
    expect(capture).toMatchObject({
      SourceType: 'ChimeSdkMeeting',
      SinkType: 'S3Bucket',
      SinkArn: `arn:aws:s3:::recordings/meetings/${session}/p1`,
      ClientRequestToken: expect.stringMatching(/^[-_a-zA-Z0-9]{2,64}$/),
      ChimeSdkMeetingConfiguration: {
        ArtifactsConfiguration: {
          Audio: { MuxType: 'AudioOnly' },
          Video: { State: 'Disabled' },
          Content: { State: 'Disabled' },
        },
      },
      Tags: [{ Key: 'onrecord:session', Value: session }],
    });
  });

  test('of a concatenation name all seven artifacts', async () => {
    const { concatenation } = await requestsOf('audio');
    const text = JSON.stringify(concatenation);
    for (const artifact of [
      'Audio',
      'Video',
      'Content',
      'DataChannel',
      'TranscriptionMessages',
      'MeetingEvents',
      'CompositedVideo',
    ]) {
      expect(text).toContain(`"${artifact}":{"State":`);
    }
  });

  test.each([
    ['active-speaker', 'AudioWithActiveSpeakerVideo', 'audio'],
    ['composited', 'AudioWithCompositedVideo', 'composited-video'],
  ] as const)('with video (%s) mux it with the voices', async (video, muxType, artifact) => {
    const { capture, files } = await requestsOf('audio-video', video);
    expect(JSON.stringify(capture)).toContain(muxType);
    expect(files[0]).toContain(`/concat/${artifact}/`);
  });

  test.skipIf(withoutReference)('have the members that the SDK was seen to send', async () => {
    const { capture, concatenation } = await requestsOf('audio');
    expect(shape(capture)).toEqual(shape(recordedRequest('CreateMediaCapturePipeline')?.body));
    const { Tags: _, ...rest } = concatenation as { readonly Tags: unknown };
    expect(shape(rest)).toEqual(shape(recordedRequest('CreateMediaConcatenationPipeline')?.body));
  });
});
