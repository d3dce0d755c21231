import { inspect } from 'node:util';
import { OnRecordError, Secret } from '@onrecord/core';
import { describe, expect, test } from 'vitest';
import { asterisk } from '../driver.ts';
import type { AsteriskOptions } from './options.ts';

const least = { url: 'https://pbx.example:8089/ari', username: 'recorder', password: 'of nobody' } as const;

/** What is wrong with the options, whatever they are: they may come from a file. */
function problemsOf(options: unknown): string {
  try {
    asterisk(options as AsteriskOptions);
  } catch (error) {
    if (OnRecordError.is(error, 'invalid-request')) return error.message;
    throw error;
  }
  return 'none';
}

describe('what is enough', () => {
  test.each<[string, AsteriskOptions]>([
    ['address, user and password', least],
    ['a secret one', { ...least, password: new Secret('of nobody') }],
    ['this machine without https', { ...least, url: 'http://127.0.0.1:8088/ari' }],
    ['a name of this machine', { ...least, url: 'http://localhost:8088/ari/' }],
    ['the other protocol of addresses', { ...least, url: 'http://[::1]:8088/ari' }],
    ['http that is permitted', { ...least, url: 'http://pbx.example:8088/ari', allowHttp: true }],
    [
      'everything',
      { ...least, app: 'my-app', folder: 'calls/main', server: 'asterisk-16', calls: 'all', sampleRateHz: 16000 },
    ],
  ])('%s', (_name, options) => {
    expect(problemsOf(options)).toBe('none');
  });
});

describe('what is wrong', () => {
  test.each<[string, unknown, RegExp]>([
    ['no options', undefined, /options: Must be an object/],
    ['nothing in them', {}, /url: Missing\.[\s\S]*username: Missing\.[\s\S]*password: Missing\./],
    ['no URL', { ...least, url: 'pbx' }, /url: Must be an absolute URL/],
    ['another protocol', { ...least, url: 'ws://127.0.0.1/ari' }, /url: Must be an absolute URL/],
    ['http beyond this machine', { ...least, url: 'http://pbx.example/ari' }, /url: Must begin with https:\/\//],
    ['credentials in the URL', { ...least, url: 'https://a:secret@pbx.example/ari' }, /no user name and no password/],
    ['a key in the query', { ...least, url: 'https://pbx.example/ari?api_key=a:b' }, /no query/],
    ['a user that HTTP cannot carry', { ...least, username: 'a:b' }, /username: Must hold no colon/],
    ['a password that is none', { ...least, password: 7 }, /password: Must be text or a Secret/],
    [
      'a variable that is not set',
      { ...least, username: '', password: '' },
      /username: Missing\.\n- password: Missing\./,
    ],
    ['an application of two words', { ...least, app: 'a,b' }, /app: Must be made of letters/],
    ['a folder that leads elsewhere', { ...least, folder: '../etc' }, /folder: Must be made of letters/],
    ['a folder from the root', { ...least, folder: '/calls' }, /folder: Must be made of letters/],
    ['a folder that is too long', { ...least, folder: 'a'.repeat(101) }, /at most 100/],
    ['a server of nobody', { ...least, server: 'asterisk-20' }, /"asterisk-22" or "asterisk-16"/],
    ['calls of nobody', { ...least, calls: 'none' }, /"started" or "all"/],
    ['another rate', { ...least, sampleRateHz: 44_100 }, /8000 or 16000/],
    ['a slip of the pen', { ...least, pasword: 'x' }, /pasword: .*did you mean password/],
  ])('%s', (_name, options, problem) => {
    expect(problemsOf(options)).toMatch(problem);
  });

  test('is told all at once, and without the password', () => {
    const text = problemsOf({ ...least, url: 'x', app: '', folder: '..' });
    expect(text.split('\n')).toHaveLength(4);
    expect(text).not.toContain(least.password);
  });
});

test('the driver shows its password nowhere', () => {
  const driver = asterisk(least);
  const encoded = Buffer.from(`${least.username}:${least.password}`).toString('base64');
  for (const shown of [
    inspect(driver, { depth: 9, showHidden: true }),
    JSON.stringify(driver),
    inspect(driver.native()),
  ]) {
    expect(shown).not.toContain(least.password);
    expect(shown).not.toContain(encoded);
  }
});
