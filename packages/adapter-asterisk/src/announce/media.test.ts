import { OnRecordError } from '@onrecord/core';
import { describe, expect, test } from 'vitest';
import { capabilitiesFor } from '../capabilities.ts';
import { asterisk } from '../driver.ts';
import { mediaOf, mediaUriOf } from './media.ts';

const sounds = new Map([['This call is recorded.', 'sound:call-recorded']]);
const access = { url: 'http://127.0.0.1:8088/ari', username: 'onrecord', password: 'a long password' };

function refusal(work: () => unknown): OnRecordError {
  try {
    work();
  } catch (error) {
    if (OnRecordError.is(error)) return error;
  }
  throw new Error('nothing was refused');
}

describe('a text', () => {
  test('is the media that the option sounds has for it, word for word', () => {
    expect(mediaOf({ text: ' This call is recorded.\n', voice: 'Joanna' }, sounds)).toBe('sound:call-recorded');
  });

  test.each(['This call is being recorded.', 'this call is recorded.', 'constructor', ''])(
    'that it does not hold is refused, and the refusal names the option: %j',
    (text) => {
      const error = refusal(() => mediaOf({ text }, sounds));
      expect(error).toMatchObject({ code: 'unsupported', blame: 'caller', context: { option: 'sounds' } });
      expect(error.message).toContain('the option sounds has no media for this one');
    },
  );

  test('is refused where there is no such option, and so is SSML always', () => {
    expect(refusal(() => mediaOf({ text: 'This call is recorded.' }, new Map()))).toMatchObject({
      code: 'unsupported',
    });
    expect(refusal(() => mediaOf({ ssml: '<speak>This call is recorded.</speak>' }, sounds)).code).toBe('unsupported');
  });
});

test('media is what Asterisk plays to an end; a bare name is a sound', () => {
  expect(['beep', 'sound:/srv/notice', 'https://a.example/b.wav', 'tone:ring', 'sound:', ' '].map(mediaUriOf)).toEqual([
    'sound:beep',
    'sound:/srv/notice',
    'https://a.example/b.wav',
    undefined,
    undefined,
    undefined,
  ]);
});

describe('what a driver says that it announces from', () => {
  test('is files, and texts with the option only', () => {
    const sources = (options: object) => asterisk({ ...access, ...options }).capabilities.announce.sources;
    expect(sources({})).toEqual(['file']);
    expect(sources({ server: 'asterisk-16' })).toEqual(['file']);
    expect(sources({ sounds: { 'This call is recorded.': 'call-recorded' } })).toEqual(['text', 'file']);
  });

  test('is all that the option changes', () => {
    for (const server of ['asterisk-16', 'asterisk-22'] as const) {
      const { announce, ...rest } = capabilitiesFor(server, { sounds: true });
      expect(rest).toEqual({ ...capabilitiesFor(server), announce: undefined });
      expect(announce).toEqual({ ...capabilitiesFor(server).announce, sources: ['text', 'file'] });
    }
  });
});

test('a table with mistakes is told of in one error with the others', () => {
  const given = { sounds: { ' ': 'beep', 'A tone.': 'tone:ring', 'A number.': 7 }, app: 'a b' };
  const error = refusal(() => asterisk({ ...access, ...(given as object) }));
  expect(error.context['problems']).toEqual([
    'app: Must be made of letters, digits, - and _, at most 64.',
    'sounds[" "]: Must be for a text that says something.',
    'sounds["A tone."]: Must be media that ends: a sound, a recording or a URL.',
    'sounds["A number."]: Must be media that ends: a sound, a recording or a URL.',
  ]);
  for (const sounds of [{}, [], 'sound:beep', null]) {
    expect(refusal(() => asterisk({ ...access, ...({ sounds } as object) })).message).toMatch(
      /sounds: Must be an object/,
    );
  }
});
