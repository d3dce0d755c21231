import { inspect } from 'node:util';
import { OnRecordError, Secret } from '@onrecord/core';
import { describe, expect, test } from 'vitest';
import { azure } from '../driver.ts';
import type { AzureOptions } from './options.ts';

const accessKey = Buffer.from('the access key of the resource').toString('base64');
const connectionString = `endpoint=https://contoso.communication.azure.com/;accesskey=${accessKey}`;
const long = 'a secret of enough length';

/** What is wrong with the options, whatever they are: they may come from a file. */
function problemsOf(options: unknown): string {
  try {
    azure(options as AzureOptions);
  } catch (error) {
    if (OnRecordError.is(error, 'invalid-request')) return error.message;
    throw error;
  }
  return 'none';
}

describe('what is enough', () => {
  test.each<[string, AzureOptions]>([
    ['a connection string', { connectionString }],
    ['a secret one', { connectionString: new Secret(connectionString) }],
    [
      'callbacks',
      { connectionString, callbackUrl: 'https://app.example/cb?tenant=7', callbackSecret: [long, `${long}!`] },
    ],
    [
      'this machine, for tests',
      { connectionString, callbackUrl: 'http://127.0.0.1:8080/cb', callbackSecret: long, allowInsecureLoopback: true },
    ],
  ])('%s', (_name, options) => {
    expect(problemsOf(options)).toBe('none');
  });
});

describe('what is wrong', () => {
  test.each<[string, unknown, RegExp]>([
    ['nothing at all', {}, /connectionString: Missing; give it, or endpoint with credential/],
    [
      'a slip of the pen',
      { connectionString, calbackUrl: 'https://app.example' },
      /calbackUrl: There is no such option; did you mean callbackUrl\?/,
    ],
    [
      'an option of nobody',
      { connectionString, zzzzzzzz: 1 },
      /zzzzzzzz: There is no such option; there are connectionString/,
    ],
    [
      'a callback over http',
      { connectionString, callbackUrl: 'http://app.example/cb', callbackSecret: long },
      /callbackUrl: Must begin with https/,
    ],
    [
      'a callback to this machine',
      { connectionString, callbackUrl: 'https://localhost/cb', callbackSecret: long },
      /callbackUrl: Names this machine/,
    ],
    [
      'a callback with a password',
      { connectionString, callbackUrl: 'https://a:b@app.example', callbackSecret: long },
      /no user name/,
    ],
    [
      'a callback with our parameter',
      { connectionString, callbackUrl: 'https://app.example/?k=1', callbackSecret: long },
      /must leave "k"/,
    ],
    [
      'a callback that is no URL',
      { connectionString, callbackUrl: 'app', callbackSecret: long },
      /callbackUrl: Must be an absolute URL/,
    ],
    ['a callback without secret', { connectionString, callbackUrl: 'https://app.example' }, /callbackSecret: Missing/],
    ['a short secret', { connectionString, callbackSecret: 'short' }, /callbackSecret: Must be text of at least 16/],
    ['no secrets', { connectionString, callbackSecret: [] }, /callbackSecret: Missing/],
    ['a token without audience', { connectionString, jwt: {} }, /jwt\.audience: Missing/],
    ['a token of the wrong form', { connectionString, jwt: 'yes' }, /jwt: Must be an object/],
    [
      'a slip in the token',
      { connectionString, jwt: { audience: 'a', isuer: 'x' } },
      /jwt\.isuer: .*did you mean issuer/,
    ],
    [
      'a skew longer than a token',
      { connectionString, jwt: { audience: 'a', clockSkewMs: 400_000 } },
      /jwt\.clockSkewMs/,
    ],
    [
      'keys over http',
      { connectionString, jwt: { audience: 'a', jwksUrl: 'http://keys.example' } },
      /jwt\.jwksUrl: Must begin/,
    ],
    ['Event Grid without secret', { connectionString, eventGrid: {} }, /eventGrid\.secret: Missing/],
    ['Event Grid of the wrong form', { connectionString, eventGrid: 'secret' }, /eventGrid: Must be an object/],
    [
      'an unknown voice option',
      { connectionString, speech: { langauge: 'en' } },
      /speech\.langauge: .*did you mean language/,
    ],
    ['a voice that is no text', { connectionString, speech: { voice: 7 } }, /speech\.voice: Must be text/],
    [
      'allowInsecureLoopback as a text',
      { connectionString, allowInsecureLoopback: 'true' },
      /allowInsecureLoopback: Must be true or false/,
    ],
    ['a client that is none', { connectionString, client: 'agent' }, /client: Must be an object/],
    [
      'a slip in the options of the client',
      { connectionString, client: { retryOption: {} } },
      /client\.retryOption: There is no such option; did you mean retryOptions\?/,
    ],
  ])('%s', (_name, options, message) => {
    expect(problemsOf(options)).toMatch(message);
  });

  test('is told all at once, each with its path', () => {
    const message = problemsOf({ callbackUrl: 'http://app.example', jwt: {}, eventGrid: {}, regoin: 'eu' });
    for (const path of [
      'regoin',
      'connectionString',
      'callbackUrl',
      'callbackSecret',
      'jwt.audience',
      'eventGrid.secret',
    ]) {
      expect(message).toContain(`\n- ${path}: `);
    }
  });
});

describe('secrets', () => {
  test('stand in no message about them', () => {
    const message = problemsOf({
      connectionString: `endpoint=https://c.example/path;accesskey=${accessKey}`,
      callbackSecret: 'short secret',
    });
    expect(message).not.toContain(accessKey);
    expect(message).not.toContain('short secret');
  });

  test('are not to be seen in the driver or its clients', () => {
    const driver = azure({
      connectionString,
      callbackUrl: 'https://app.example',
      callbackSecret: long,
      eventGrid: { secret: long },
    });
    for (const shown of [inspect(driver, { depth: 9 }), inspect(driver.native(), { depth: 9, showHidden: true })]) {
      expect(shown).not.toContain(accessKey);
      expect(shown).not.toContain(long);
    }
  });
});

test('no callback URL can be had where none is configured', () => {
  expect(() => azure({ connectionString }).callbackUrl()).toThrow(/callbackUrl/);
});

describe('what is lawful and yet loses recordings is said', () => {
  const publicUrl = 'https://app.example';
  const eventGrid = { secret: long };
  const callbacks = { callbackUrl: 'https://app.example/cb', callbackSecret: long };

  test.each<[string, Partial<AzureOptions>, { readonly publicUrl?: string }, readonly RegExp[]]>([
    ['nothing of it', { eventGrid, ...callbacks }, { publicUrl }, []],
    ['files alone', { eventGrid }, { publicUrl }, []],
    ['no Event Grid', callbacks, { publicUrl }, [/without eventGrid every recording ends as missing/]],
    ['no public address', { eventGrid, ...callbacks }, {}, [/without publicUrl each of them is refused/]],
    ['no public address for a token', { eventGrid, jwt: { audience: 'x' } }, {}, [/without publicUrl/]],
    ['neither, where nothing is expected', {}, {}, [/without eventGrid/]],
    ['neither, with callbacks', callbacks, {}, [/without eventGrid/, /without publicUrl/]],
  ])('%s', (_name, options, setting, expected) => {
    const warnings = azure({ connectionString, ...options }).warnings(setting);
    expect(warnings).toEqual(expected.map((text) => expect.stringMatching(text)));
    expect(warnings.join()).not.toContain(accessKey);
  });
});
