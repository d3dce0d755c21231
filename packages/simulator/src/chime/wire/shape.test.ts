import { describe, expect, test } from 'vitest';
import { createMediaCapturePipeline } from './operations/media-pipelines.ts';
import { createMeeting } from './operations/meetings.ts';
import { updateSipMediaApplicationCall } from './operations/voice.ts';
import { violations } from './shape.ts';

const capture = {
  SourceType: 'ChimeSdkMeeting',
  SourceArn: 'arn:aws:chime::111122223333:meeting:1e6bf4f5-f4b5-4917-b8c9-bda45c340706',
  SinkType: 'S3Bucket',
  SinkArn: 'arn:aws:s3:::bucket/prefix',
};

describe('validation', () => {
  test('a request that fits has no violation, and unknown members are ignored', () => {
    expect(violations(createMediaCapturePipeline.input, { ...capture, Surprise: 1 })).toEqual([]);
  });

  test.each<[string, unknown, string]>([
    ['a missing member', { ...capture, SinkArn: undefined }, "Value null at 'sinkArn'"],
    ['null counts as missing', { ...capture, SinkArn: null }, "Value null at 'sinkArn'"],
    ['a sign that ARNs may not hold', { ...capture, SinkArn: 'arn:aws:s3:::bucket/a=b' }, 'regular expression pattern'],
    ['an unknown enum value', { ...capture, SinkType: 'Disk' }, 'enum value set: [S3Bucket]'],
    [
      'a nested required member',
      {
        ...capture,
        ChimeSdkMeetingConfiguration: { ArtifactsConfiguration: { Audio: {}, Video: { State: 'Disabled' } } },
      },
      "'chimeSdkMeetingConfiguration.artifactsConfiguration.audio.muxType'",
    ],
    ['a list that is too short', { ...capture, Tags: [] }, 'length between 1 and 200, inclusive'],
  ])('%s', (_, body, message) => {
    expect(violations(createMediaCapturePipeline.input, body).join('; ')).toContain(message);
  });

  test('a map holds texts, and not too many', () => {
    const label = { SipMediaApplicationId: 's', TransactionId: 't' };
    const pairs = Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`key${index}`, 'value']));
    expect(violations(updateSipMediaApplicationCall.input, { ...label, Arguments: pairs })).toHaveLength(1);
    expect(violations(updateSipMediaApplicationCall.input, { ...label, Arguments: { key: 5 } })).toHaveLength(1);
    expect(violations(updateSipMediaApplicationCall.input, { ...label, Arguments: {} })).toEqual([]);
  });

  test('several violations are all told', () => {
    expect(violations(createMeeting.input, {})).toHaveLength(3);
  });
});
