import type { ArtifactsConfiguration } from '@aws-sdk/client-chime-sdk-media-pipelines';
import { describe, expect, test } from 'vitest';
import type { CaptureStream } from '../chunks/chunk-key.ts';
import { concatenationSettings } from './settings.ts';

type Asked = Partial<ArtifactsConfiguration>;

const streams = (...names: readonly CaptureStream[]) => new Set<CaptureStream>(names);
const everything = streams(
  'audio',
  'video',
  'content',
  'composited-video',
  'data-channel',
  'meeting-events',
  'transcription-messages',
);
const grid = { GridViewConfiguration: { ContentShareLayout: 'PresenterOnly' } } as const;
const on = { State: 'Enabled' } as const;
const off = { State: 'Disabled' } as const;

/** The settings that are enabled, without those that always are. */
function joined(asked: Asked | undefined, present: ReadonlySet<CaptureStream> | undefined, messages = true) {
  const settings = concatenationSettings({ asked, present, messages });
  expect(Object.keys(settings)).toHaveLength(7);
  return Object.entries(settings).flatMap(([name, { State }]) =>
    State === 'Enabled' && name !== 'Audio' ? [name] : [],
  );
}

describe('the seven settings of CreateMediaConcatenationPipeline', () => {
  test.each<[string, Asked | undefined, ReadonlySet<CaptureStream> | undefined, readonly string[]]>([
    ['a capture of voices only', { Video: off, Content: off }, streams('audio', 'meeting-events'), ['MeetingEvents']],
    [
      'cameras that were asked for',
      { Video: on },
      everything,
      ['Video', 'MeetingEvents', 'DataChannel', 'TranscriptionMessages'],
    ],
    ['cameras that nobody switched on', { Video: on, Content: on }, streams('audio'), []],
    ['cameras that lie there of another capture', { Video: off }, streams('audio', 'video'), []],
    ['shares that were asked for', { Content: on }, streams('audio', 'content'), ['Content']],
    ['the grid', { CompositedVideo: grid }, streams('audio', 'composited-video'), ['CompositedVideo']],
    ['messages that were sent', {}, streams('audio', 'data-channel'), ['DataChannel']],
    ['captions that were made', {}, streams('audio', 'transcription-messages'), ['TranscriptionMessages']],
    [
      'a bucket that may not be listed',
      { Video: on, CompositedVideo: grid },
      undefined,
      ['Video', 'CompositedVideo', 'MeetingEvents'],
    ],
    ['a capture of which nothing is known', undefined, undefined, ['MeetingEvents']],
  ])('are all sent, and follow what was captured: %s', (_, asked, present, expected) => {
    expect(joined(asked, present).toSorted()).toEqual([...expected].toSorted());
  });

  test('leave out what people wrote and said where that is not wanted', () => {
    expect(joined({}, everything, false)).toEqual(['MeetingEvents']);
  });
});
