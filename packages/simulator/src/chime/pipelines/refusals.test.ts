import { afterEach, describe, expect, test } from 'vitest';
import type { ChimeOptions } from '../start-chime.ts';
import { type MeetingScene, openMeetingScene } from '../testing/meeting-scene.ts';
import { capture, DISABLED } from '../testing/pipeline-requests.ts';

let scene: MeetingScene;
afterEach(() => scene?.[Symbol.asyncDispose]());
const open = async (options: Partial<ChimeOptions> = {}) => {
  scene = await openMeetingScene(options);
};

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
