import { describe, expect, test } from 'vitest';
import { checkMessageStart, messageOf } from './message-options.ts';

describe('the options of a message', () => {
  test('are complete by default: nothing is left to what the service takes an absent limit for', () => {
    expect(messageOf({ message: {} })).toEqual({
      maxSeconds: 120,
      silenceSeconds: 10,
      silenceThreshold: 200,
      terminators: ['#'],
      layout: 'incoming',
    });
    expect(messageOf(undefined)).toBeUndefined();
    expect(messageOf({})).toBeUndefined();
  });

  test('take every value within the limits of RecordAudio', () => {
    const all = [...'0123456789*#'];
    for (const message of [
      { maxSeconds: 1, silenceSeconds: 1, silenceThreshold: 1, terminators: all },
      { maxSeconds: 86_400, silenceSeconds: 1_000, silenceThreshold: 1_000, terminators: ['0'] },
    ]) {
      expect(messageOf({ message })).toMatchObject(message);
    }
  });

  test('that the service would refuse are one error that names every field and its rule', () => {
    const message = {
      maxSeconds: 0,
      silenceSeconds: 1_001,
      silenceThreshold: 0.5,
      terminators: ['##'],
      layout: 'mixed',
    };
    expect(() => messageOf({ message: { ...message, silence: 3 }, more: 1 })).toThrow(
      /more: [\s\S]*message\.silence: [\s\S]*message\.maxSeconds: [\s\S]*above 0[\s\S]*message\.silenceSeconds: [\s\S]*1 to 1000[\s\S]*message\.silenceThreshold: [\s\S]*message\.terminators: [\s\S]*0-9, \* and #[\s\S]*message\.layout: /,
    );
  });

  test.each([
    [{ maxSeconds: -1 }],
    [{ maxSeconds: 1.5 }],
    [{ maxSeconds: '10' }],
    [{ maxSeconds: Number.POSITIVE_INFINITY }],
    [{ silenceSeconds: 0 }],
    [{ silenceThreshold: 1_001 }],
    [{ terminators: [] }],
    [{ terminators: ['A'] }],
    [{ terminators: ['1', '1'] }],
    [{ terminators: '#' }],
    ['yes'],
    [null],
    [[]],
  ])('%j is refused', (message) => {
    expect(() => messageOf({ message })).toThrow(expect.objectContaining({ code: 'invalid-request' }));
  });

  test('go with no other output and no other limit of duration', () => {
    const message = messageOf({ message: {} })!;
    const output = { media: 'audio', layout: 'separate', container: 'wav' } as const;
    expect(() => checkMessageStart(message, { output, maxDurationMs: 1 })).toThrow(/output: [\s\S]*maxDurationMs: /);
    expect(() => checkMessageStart(message, { output: { ...output, layout: 'incoming' } })).not.toThrow();
  });
});
