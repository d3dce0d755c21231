import { OnRecordError } from '@onrecord/core';
import { describe, expect, test } from 'vitest';
import { type ChimeMeetingOptions, chimeMeeting } from '../../index.ts';

/** The problems of options, as the error lists them; none when they are taken. */
function problemsOf(options: object): readonly string[] {
  const all = { region: 'us-east-1', bucket: 'recordings', ...options } as ChimeMeetingOptions;
  try {
    chimeMeeting(all);
    return [];
  } catch (error) {
    if (!OnRecordError.is(error, 'invalid-request')) throw error;
    return error.context['problems'] as readonly string[];
  }
}

const grid = (more: object, beside: object = {}) => ({
  compositedVideo: { ...beside, GridViewConfiguration: { ContentShareLayout: 'Vertical', ...more } },
});

describe('what the pages of the service put in another place than its API does', () => {
  test.each<[string, object, string]>([
    [
      'CanvasOrientation beside the grid',
      grid({}, { CanvasOrientation: 'Portrait' }),
      'compositedVideo.CanvasOrientation: Belongs in compositedVideo.GridViewConfiguration.CanvasOrientation.',
    ],
    [
      'VideoAttribute beside the grid',
      grid({}, { VideoAttribute: { CornerRadius: 10 } }),
      'compositedVideo.VideoAttribute: Belongs in compositedVideo.GridViewConfiguration.VideoAttribute.',
    ],
    [
      'Resolution in the grid',
      grid({ Resolution: 'FHD' }),
      'compositedVideo.GridViewConfiguration.Resolution: Belongs in compositedVideo.Resolution.',
    ],
    [
      'the positions of horizontal tiles for vertical ones',
      grid({ VerticalLayoutConfiguration: { TilePosition: 'Bottom' } }),
      'compositedVideo.GridViewConfiguration.VerticalLayoutConfiguration.TilePosition: Must be Left or Right: Bottom belongs to HorizontalLayoutConfiguration.',
    ],
    [
      'a position without its layout',
      grid({ TilePosition: 'Left' }),
      'compositedVideo.GridViewConfiguration.TilePosition: Belongs in compositedVideo.GridViewConfiguration.HorizontalLayoutConfiguration.TilePosition or compositedVideo.GridViewConfiguration.VerticalLayoutConfiguration.TilePosition.',
    ],
    [
      'the color of a border beside the attributes',
      grid({ BorderColor: 'Green' }),
      'compositedVideo.GridViewConfiguration.BorderColor: Belongs in compositedVideo.GridViewConfiguration.VideoAttribute.BorderColor.',
    ],
    [
      'a ratio as a number',
      grid({ VerticalLayoutConfiguration: { TileAspectRatio: 1.78 } }),
      'compositedVideo.GridViewConfiguration.VerticalLayoutConfiguration.TileAspectRatio: Must be text such as "16/9".',
    ],
  ])('%s', (_, options, problem) => {
    expect(problemsOf(options)).toEqual([problem]);
  });
});

describe('a grid', () => {
  const at = 'compositedVideo.GridViewConfiguration';

  test.each<[string, unknown, string]>([
    ['no object', 'GridView', 'compositedVideo: Must be an object.'],
    ['no grid', { Layout: 'GridView' }, `${at}: Missing.`],
    ['no layout', { GridViewConfiguration: {} }, `${at}.ContentShareLayout: Missing.`],
    [
      'an unknown layout',
      { GridViewConfiguration: { ContentShareLayout: 'Grid' } },
      `${at}.ContentShareLayout: Must be PresenterOnly or ActiveSpeakerOnly or Horizontal or Vertical.`,
    ],
    [
      'settings of another layout',
      grid({ PresenterOnlyConfiguration: { PresenterPosition: 'TopLeft' } }).compositedVideo,
      `${at}.PresenterOnlyConfiguration: Belongs to ContentShareLayout PresenterOnly; here it is Vertical.`,
    ],
    [
      'too many tiles',
      grid({ VerticalLayoutConfiguration: { TileCount: 11 } }).compositedVideo,
      `${at}.VerticalLayoutConfiguration.TileCount: Must be a whole number from 1 to 10.`,
    ],
    [
      'a border of no width',
      grid({ VideoAttribute: { BorderThickness: 0 } }).compositedVideo,
      `${at}.VideoAttribute.BorderThickness: Must be a whole number from 1 to 20.`,
    ],
    [
      'a misspelt member',
      grid({ VideoAttribute: { CornerRadus: 5 } }).compositedVideo,
      `${at}.VideoAttribute.CornerRadus: There is no such option; did you mean CornerRadius?`,
    ],
    [
      'an empty resolution',
      { ...grid({}).compositedVideo, Resolution: '' },
      'compositedVideo.Resolution: Must be HD or FHD.',
    ],
  ])('with %s', (_, compositedVideo, problem) => {
    expect(problemsOf({ compositedVideo })).toContain(problem);
  });

  test('belongs to composited video, which it brings by itself', () => {
    expect(problemsOf(grid({}))).toEqual([]);
    expect(problemsOf({ ...grid({}), video: 'composited' })).toEqual([]);
    expect(problemsOf({ ...grid({}), video: 'active-speaker' })).toEqual([
      "compositedVideo: Belongs to video: 'composited'.",
    ]);
  });
});

describe('options', () => {
  const roleArn = 'arn:aws:iam::111122223333:role/recordings';
  const many = Array.from({ length: 26 }, (_, index) => `user-${index}`);

  test.each<[string, object, string]>([
    ['an unknown picture', { video: 'grid' }, 'video: Must be active-speaker or composited.'],
    ['cameras that are no flag', { cameras: 'yes' }, 'cameras: Must be true or false.'],
    ['a selection of nobody', { select: {} }, 'select: Names nobody: give attendeeIds, externalUserIds or both.'],
    [
      'a selection of too many',
      { select: { externalUserIds: many } },
      'select.externalUserIds: Must be a list of 1 to 25.',
    ],
    ['an empty selection', { select: { attendeeIds: [] } }, 'select.attendeeIds: Must be a list of 1 to 25.'],
    [
      'a selection by no id',
      { select: { attendeeIds: ['ann'] } },
      'select.attendeeIds.0: Must be the id of an attendee, a GUID.',
    ],
    [
      'a selection by too short a name',
      { select: { externalUserIds: ['a'] } },
      'select.externalUserIds.0: Must be text of 2 to 64 characters.',
    ],
    [
      'somebody selected twice',
      { select: { externalUserIds: ['ann', 'ann'] } },
      'select.externalUserIds: Names somebody twice.',
    ],
    [
      'a misspelt selection',
      { select: { attendeeId: [], externalUserIds: ['ann'] } },
      'select.attendeeId: There is no such option; did you mean attendeeIds?',
    ],
    ['a key without a role', { encryption: { kmsKeyId: 'alias/mine' } }, 'encryption.roleArn: Missing.'],
    ['a role without a key', { encryption: { roleArn } }, 'encryption.kmsKeyId: Missing.'],
    [
      'a key of AWS',
      { encryption: { roleArn, kmsKeyId: 'alias/aws/s3' } },
      'encryption.kmsKeyId: Must be a customer-managed key: the service cannot use one of AWS.',
    ],
    [
      'a role that is none',
      { encryption: { roleArn: 'arn:aws:iam::111122223333:user/ann', kmsKeyId: 'k' } },
      'encryption.roleArn: Must be the ARN of a role whose name has letters, digits, "/", "-", "_" and "." only.',
    ],
    [
      'a role whose name the service does not take',
      { encryption: { roleArn: `${roleArn}+2`, kmsKeyId: 'k' } },
      'encryption.roleArn: Must be the ARN of a role whose name has letters, digits, "/", "-", "_" and "." only.',
    ],
    [
      'a context that is not of texts',
      { encryption: { roleArn, kmsKeyId: 'k', context: { a: 1 } } },
      'encryption.context: Must be an object of texts.',
    ],
    [
      'a context that is too long',
      { encryption: { roleArn, kmsKeyId: 'k', context: { a: 'x'.repeat(4_000) } } },
      'encryption.context: Must be 4096 characters of base64 at most.',
    ],
    ['a reserved tag', { tags: { 'aws:x': 'y' } }, 'tags.aws:x: Keys that begin with aws: are reserved.'],
    ['our own tag', { tags: { 'onrecord:session': 'y' } }, 'tags.onrecord:session: Is the tag of OnRecord itself.'],
    ['a tag too long', { tags: { a: 'x'.repeat(257) } }, 'tags.a: The value must be text of 256 characters at most.'],
    ['a tag without a key', { tags: { '': 'x' } }, 'tags.: The key must have 1 to 128 characters.'],
    [
      'too many tags',
      { tags: Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`t${index}`, ''])) },
      'tags: Must be 199 at most: one more is ours.',
    ],
    [
      'a prefix with a character that no ARN of a sink has',
      { prefix: 'a b' },
      'prefix: Must be at most 800 letters, digits, ".", ":", "_" and "-" in segments joined by "/", without one at either end.',
    ],
    [
      'a prefix that leaves no room',
      { prefix: 'x'.repeat(801) },
      'prefix: Must be at most 800 letters, digits, ".", ":", "_" and "-" in segments joined by "/", without one at either end.',
    ],
    ['regions that are no list', { regions: 'all' }, "regions: Must be a list of regions, or 'any'."],
  ])('with %s', (_, options, problem) => {
    expect(problemsOf(options)).toEqual([problem]);
  });

  test.each(['#', '=', '+', ' ', '?', 'ü', '//'])('no prefix has %j', (character) => {
    expect(problemsOf({ prefix: `a${character}b` })).toHaveLength(1);
  });

  test('every character that an ARN may have is one of a prefix', () => {
    expect(problemsOf({ prefix: 'Az09/a-b_c.d:e' })).toEqual([]);
  });

  test('a control region without media pipelines is refused with the reason and the list, unless the list is another', () => {
    const [problem] = problemsOf({ region: 'eu-west-1' });
    expect(problem).toMatch(
      /^region: There are no media pipelines in eu-west-1; there are in us-east-1, .*, eu-west-2\./,
    );
    expect(problemsOf({ region: 'eu-west-1', regions: ['eu-west-1'] })).toEqual([]);
    expect(problemsOf({ region: 'eu-west-1', regions: 'any' })).toEqual([]);
  });

  test('with several things wrong are told of all of them at once', () => {
    const options = { video: 'x', cameras: 1, prefix: '/', tags: [], nonsense: true, encryption: 'key' };
    const paths = problemsOf(options).map((line) => line.split(':')[0]);
    expect(paths.sort()).toEqual(['cameras', 'encryption', 'nonsense', 'prefix', 'tags', 'video']);
  });
});
