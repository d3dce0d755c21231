import { describe, expect, test } from 'vitest';
import { type ElementStatus, seenInElements } from './map-elements.ts';

const T = 'AmazonTranscribeProcessor';
const A = 'AmazonTranscribeCallAnalyticsProcessor';
const S = 'S3RecordingSink';

const read = (...pairs: readonly (readonly [string, string])[]): readonly ElementStatus[] =>
  pairs.map(([type, status]) => ({ type, status }));

const runs = { capturing: true };
const over = { capturing: false, ended: true };

/** The combinations that the guide prints, in its order, and what each says of the recording. */
describe('what the guide prints (call analytics, "Using EventBridge notifications")', () => {
  test.each([
    ['transcription in progress, recording not started', read([T, 'InProgress'], [S, 'NotStarted']), runs],
    ['transcription succeeded, recording in progress', read([T, 'Stopped'], [S, 'InProgress']), over],
    [
      'transcription failed, recording in progress: nobody says that the call is over',
      read([T, 'Failed'], [S, 'InProgress']),
      {},
    ],
    ['transcription failed, recording succeeded', read([T, 'Failed'], [S, 'Stopped']), over],
    [
      'transcription succeeded, recording failed',
      read([T, 'Stopped'], [S, 'Failed']),
      { ...over, endReason: 'storage-error' },
    ],
    [
      'transcription paused, recording not started: a pause is none of the recording',
      read([T, 'Paused'], [S, 'NotStarted']),
      runs,
    ],
    [
      'transcription failed for a while, recording not started',
      read([T, 'TemporarilyFailed'], [S, 'NotStarted']),
      runs,
    ],
    ['transcription and recording succeeded', read([T, 'Stopped'], [S, 'Stopped']), over],
    [
      'recording succeeded, enhancement in progress',
      read(['VoiceEnhancementSink', 'InProgress'], [S, 'Stopped']),
      over,
    ],
    ['recording succeeded, too long for enhancement', read(['VoiceEnhancement', 'NotSupported'], [S, 'Stopped']), over],
    ['recording succeeded, enhancement failed', read(['VoiceEnhancement', 'Failed'], [S, 'Stopped']), over],
  ])('%s', (_, elements, seen) => {
    const { facts, ...rest } = seenInElements(elements)!;
    expect(rest).toEqual(seen);
    expect(facts?.['S3RecordingSink']).toBe(elements.find(({ type }) => type === S)?.status);
  });
});

describe('what it does not print', () => {
  test.each([
    ['a recording alone, while the call lasts', read([S, 'InProgress']), runs],
    ['a recording alone that failed', read([S, 'Failed']), { ...over, endReason: 'storage-error' }],
    ['a recording that the service cannot make', read([S, 'NotSupported']), { ...over, endReason: 'storage-error' }],
    ['a recording that initializes', read([S, 'Initializing']), {}],
    ['the other transcriber', read([A, 'InProgress'], [S, 'NotStarted']), runs],
    ['a transcriber that has not begun either', read([T, 'NotStarted'], [S, 'NotStarted']), {}],
    [
      'voice analytics, which waits for tasks',
      read(['VoiceAnalyticsProcessor', 'NotStarted'], [S, 'InProgress']),
      runs,
    ],
    ['a status that nobody knows', read([T, 'InProgress'], [S, 'Sleeping']), {}],
  ])('%s', (_, elements, seen) => {
    const { facts: __, ...rest } = seenInElements(elements)!;
    expect(rest).toEqual(seen);
  });

  test('elements without a recording say nothing of one', () => {
    expect(seenInElements(read([T, 'Stopped']))).toBeUndefined();
    expect(seenInElements([])).toBeUndefined();
  });

  test('a role that was refused is a matter of permission; why enhancement was left out is kept', () => {
    const denied = seenInElements(read([S, 'Failed']), 'Access denied when assuming resource access role');
    expect(denied).toMatchObject({ endReason: 'permission-denied', facts: { failureReason: expect.any(String) } });
    const long = { type: 'VoiceEnhancement', status: 'NotSupported', detail: 'Unsupported recording length' };
    expect(seenInElements([long, ...read([S, 'Stopped'])])?.facts).toEqual({
      S3RecordingSink: 'Stopped',
      enhancement: 'NotSupported',
      enhancementDetail: 'Unsupported recording length',
    });
  });
});
