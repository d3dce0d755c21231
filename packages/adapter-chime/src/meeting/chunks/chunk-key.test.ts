import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ChunkKey, formatChunkKey, parseChunkKey } from './chunk-key.ts';

const shared = ['audio', 'composited-video', 'data-channel', 'meeting-events', 'transcription-messages'] as const;
const times = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2099, 11, 31) });
const ofAll = fc.record({ stream: fc.constantFrom(...shared), startMs: times });
const ofOne = fc.record({
  stream: fc.constantFrom('video' as const, 'content' as const),
  startMs: times,
  attendeeId: fc.uuid(),
});

describe('the key of a chunk', () => {
  test('is read as it was written, whatever the stream, the time and the attendee', () => {
    fc.assert(
      fc.property(fc.oneof(ofAll, ofOne) as fc.Arbitrary<ChunkKey>, (chunk) => {
        expect(parseChunkKey(formatChunkKey(chunk))).toEqual(chunk);
      }),
    );
  });

  test('sorts as its time does, so that a listing comes in the order of the meeting', () => {
    fc.assert(
      fc.property(times, times, (left, right) => {
        const [first, second] = [left, right].map((startMs) => formatChunkKey({ stream: 'audio', startMs })) as [
          string,
          string,
        ];
        expect(Math.sign(first < second ? -1 : first > second ? 1 : 0)).toBe(Math.sign(left - right));
      }),
    );
  });

  test('is understood in its real forms', () => {
    const attendeeId = '6869080f-d028-d9ae-c015-38882089c696';
    const startMs = Date.UTC(2022, 2, 12, 6, 27, 38, 975);
    expect(parseChunkKey('audio/2022-03-12-06-27-38-975.mp4')).toEqual({ stream: 'audio', startMs });
    expect(parseChunkKey(`video/2022-03-12-06-27-38-975-${attendeeId}.mp4`)).toEqual({
      stream: 'video',
      startMs,
      attendeeId,
    });
    expect(parseChunkKey(`video/2022-03-12-06-27-38-975-${attendeeId}#content.mp4`)).toEqual({
      stream: 'content',
      startMs,
      attendeeId,
    });
    expect(parseChunkKey('meeting-events/2022-03-12-06-27-38-975.txt')).toEqual({ stream: 'meeting-events', startMs });
  });

  test.each([
    'concat/audio/2022-03-12-06-27-38-975.mp4',
    'audio/6869080f-d028-d9ae-c015-38882089c696.mp4',
    'audio/2022-03-12-06-27-38-975.txt',
    'audio/2022-02-30-06-27-38-975.mp4',
    'audio/2022-03-12-25-27-38-975.mp4',
    'audio/2022-03-12-06-27-38.mp4',
    'audio/2022-03-12-06-27-38-975-somebody.mp4',
    'video/2022-03-12-06-27-38-975.mp4',
    'screens/2022-03-12-06-27-38-975.mp4',
    'constructor/2022-03-12-06-27-38-975.mp4',
    '',
  ])('is nothing of ours when it is %j', (key) => {
    expect(parseChunkKey(key)).toBeUndefined();
  });

  test('never throws, whatever lies in the bucket', () => {
    fc.assert(fc.property(fc.string(), (key) => void parseChunkKey(key)));
  });
});
