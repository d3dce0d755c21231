import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultRecordingPrefix, parseRecordingKey, recordingKey } from './recording-key.ts';
import { readRecordingMetadata } from './recording-metadata.ts';

const transactionId = '1322a4e7-0000-4000-8000-000000000001';
const callId = '6e1b6b9a-0000-4000-8000-000000000002';

test('a key is read from its end, whatever stands before it', () => {
  const segment = fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }).filter((text) => !text.includes('/'));
  const id = fc.stringMatching(/^[A-Za-z0-9-]{1,40}$/);
  fc.assert(
    fc.property(
      fc.array(fc.oneof(segment, fc.constant('2026'), fc.constant('a_b_c'), fc.constant(defaultRecordingPrefix)), {
        minLength: 1,
        maxLength: 5,
      }),
      fc.date({ min: new Date('2021-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }),
      id,
      id,
      (segments, date, transaction, call) => {
        const recording = {
          prefix: segments.join('/'),
          startedAt: date.toISOString(),
          transactionId: transaction,
          callId: call,
        };
        expect(parseRecordingKey(recordingKey(recording))).toEqual(recording);
      },
    ),
  );
});

test('the documented form is read and written', () => {
  const key = `Amazon-Chime-SMA-Call-Recordings/2026/03/01/2026-03-01-10-00-00-123_${transactionId}_${callId}.wav`;
  const recording = {
    prefix: defaultRecordingPrefix,
    startedAt: '2026-03-01T10:00:00.123Z',
    transactionId,
    callId,
  };
  expect(parseRecordingKey(key)).toEqual(recording);
  expect(recordingKey(recording)).toBe(key);
});

const stamp = '2026-03-01-10-00-00-123';
test.each([
  '',
  'recording.wav',
  `${stamp}_${transactionId}_${callId}.wav`,
  `2026/03/01/${stamp}_${transactionId}_${callId}.wav`,
  `calls/2026/03/01/${stamp}_${callId}.wav`,
  `calls/2026/03/01/${stamp}__${callId}.wav`,
  `calls/2026/03/01/${stamp}_${transactionId}_.wav`,
  `calls/2026/03/01/${stamp}_${transactionId}_${callId}.mp4`,
  `calls/2026/03/01/2026-13-01-10-00-00-123_${transactionId}_${callId}.wav`,
  `calls/2026/03/01/2026-02-30-10-00-00-123_${transactionId}_${callId}.wav`,
  `calls/2026/3/1/${stamp}_${transactionId}_${callId}.wav`,
  `messages/${stamp}_${transactionId}_${callId}.wav`,
])('%j is no key of a call recording', (key) => {
  expect(parseRecordingKey(key)).toBeUndefined();
});

test('metadata are read under their English names, in any case, with their header prefix or without', () => {
  const plain = {
    'transaction-id': transactionId,
    'call-id': callId,
    'recording-duration': '61',
    'recording-audio-file-format': 'audio/wav',
  };
  const expected = { transactionId, callId, durationMs: 61_000, mediaType: 'audio/wav' };
  expect(readRecordingMetadata(plain)).toEqual(expected);
  const headers = Object.entries(plain).map(([name, value]) => [`X-Amz-Meta-${name}`, ` ${value}`]);
  expect(readRecordingMetadata(Object.fromEntries(headers))).toEqual(expected);
  expect(readRecordingMetadata({ 'recording-duration': '12.5' })).toEqual({ durationMs: 12_500 });
});

test.each(['', 'number', '-1', '1e9', 'Infinity', '1:01', '99999999999'])(
  'a duration of %j says nothing',
  (seconds) => {
    const metadata = { 'recording-duration': seconds, 'call-id': '', 'recording-audio-file-format': 'wav' };
    expect(readRecordingMetadata(metadata)).toEqual({});
  },
);
