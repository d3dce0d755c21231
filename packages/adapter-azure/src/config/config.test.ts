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
      '`callbackUrl` over http',
      { connectionString, callbackUrl: 'http://app.example/cb', callbackSecret: long },
      /callbackUrl: Must begin with https/,
    ],
    [
      '`callbackUrl` to this machine',
      { connectionString, callbackUrl: 'https://localhost/cb', callbackSecret: long },
      /callbackUrl: Names this machine/,
    ],
    [
      '`callbackUrl` with a password',
      { connectionString, callbackUrl: 'https://a:b@app.example', callbackSecret: long },
      /no user name/,
    ],
    [
      '`callbackUrl` with our parameter',
      { connectionString, callbackUrl: 'https://app.example/?k=1', callbackSecret: long },
      /must leave "k"/,
    ],
    [
      '`callbackUrl` that is none',
      { connectionString, callbackUrl: 'app', callbackSecret: long },
      /callbackUrl: Must be an absolute URL/,
    ],
    [
      '`callbackSecret` missing beside callbackUrl',
      { connectionString, callbackUrl: 'https://app.example' },
      /callbackSecret: Missing/,
    ],
    [
      '`callbackSecret` too short to sign',
      { connectionString, callbackSecret: 'short' },
      /callbackSecret: Must be text of at least 16/,
    ],
    ['`callbackSecret` as an empty list', { connectionString, callbackSecret: [] }, /callbackSecret: Missing/],
    ['`jwt.audience` missing', { connectionString, jwt: {} }, /jwt\.audience: Missing/],
    ['`jwt.audience` with a gap', { connectionString, jwt: { audience: ['a', ''] } }, /jwt\.audience: Missing/],
    ['`jwt.issuer` that is no text', { connectionString, jwt: { audience: 'a', issuer: 7 } }, /jwt\.issuer: Must be/],
    [
      '`jwt.clockSkewMs` as a text',
      { connectionString, jwt: { audience: 'a', clockSkewMs: '30' } },
      /jwt\.clockSkewMs: /,
    ],
    ['`jwt` of the wrong form', { connectionString, jwt: 'yes' }, /jwt: Must be an object/],
    ['a slip in `jwt`', { connectionString, jwt: { audience: 'a', isuer: 'x' } }, /jwt\.isuer: .*did you mean issuer/],
    [
      '`jwt.clockSkewMs` longer than a token lives',
      { connectionString, jwt: { audience: 'a', clockSkewMs: 400_000 } },
      /jwt\.clockSkewMs/,
    ],
    [
      '`jwt.jwksUrl` over http',
      { connectionString, jwt: { audience: 'a', jwksUrl: 'http://keys.example' } },
      /jwt\.jwksUrl: Must begin/,
    ],
    ['`eventGrid.secret` missing', { connectionString, eventGrid: {} }, /eventGrid\.secret: Missing/],
    ['`eventGrid` of the wrong form', { connectionString, eventGrid: 'secret' }, /eventGrid: Must be an object/],
    [
      'a slip in `speech`',
      { connectionString, speech: { langauge: 'en' } },
      /speech\.langauge: .*did you mean language/,
    ],
    [
      '`speech.language` that is no text',
      { connectionString, speech: { language: 7 } },
      /speech\.language: Must be text/,
    ],
    ['`speech.voice` that is no text', { connectionString, speech: { voice: 7 } }, /speech\.voice: Must be text/],
    ['`profile` that there is none', { connectionString, profile: 'teams' }, /profile: Must be acs-standalone or/],
    ['`attempt` where all is documented', { connectionString, attempt: ['mp3'] }, /attempt: Belongs to .*teams-phone/],
    [
      '`attempt` of nothing known',
      { connectionString, profile: 'teams-phone', attempt: ['flac'] },
      /attempt\.0: Must be one of/,
    ],
    ['`rooms` as a flag', { connectionString, rooms: true }, /rooms: Must be refuse or attempt/],
    [
      '`recordingStorage` without a container',
      { connectionString, recordingStorage: {} },
      /recordingStorage\.containerUrl: /,
    ],
    [
      '`recordingStorage` with a signature in it',
      { connectionString, recordingStorage: { containerUrl: 'https://a.blob.core.windows.net/c?sig=s3cr3t' } },
      /recordingStorage\.containerUrl: (?!.*s3cr3t)/,
    ],
    [
      '`allowInsecureLoopback` as a text',
      { connectionString, allowInsecureLoopback: 'true' },
      /allowInsecureLoopback: Must be true or false/,
    ],
    [
      '`client.retryOptions` that are none',
      { connectionString, client: { retryOptions: null } },
      /client\.retryOptions: /,
    ],
    [
      '`speech.language` that is empty',
      { connectionString, speech: { language: ' ' } },
      /speech\.language: Must be text/,
    ],
    ['`client` that is none', { connectionString, client: 'agent' }, /client: Must be an object/],
    [
      'a slip in `client`',
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
  const containerUrl = 'https://contoso.blob.core.windows.net/recordings';
  const callbacks = { callbackUrl: 'https://app.example/cb', callbackSecret: long };

  test.each<[string, Partial<AzureOptions>, { readonly publicUrl?: string }, readonly RegExp[]]>([
    ['nothing of it', { eventGrid, ...callbacks }, { publicUrl }, []],
    ['files alone', { eventGrid }, { publicUrl }, []],
    ['no Event Grid', callbacks, { publicUrl }, [/without eventGrid every recording ends as missing/]],
    [
      'no Event Grid, and places in a container (`recordingStorage.perRecording`)',
      { ...callbacks, recordingStorage: { containerUrl } },
      { publicUrl },
      [/files are looked for in the container of recordingStorage.*could not be written there ends as missing/],
    ],
    [
      'no Event Grid, and one place for all',
      { ...callbacks, recordingStorage: { containerUrl, perRecording: false } },
      { publicUrl },
      [/without eventGrid every recording ends as missing/],
    ],
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
