import { defaultBehaviour } from '@onrecord/simulator';
import { expect, test } from 'vitest';
import { UsageError } from '../../usage-error.ts';
import { behaviourOption } from './behaviour-option.ts';
import { blobAccountOption } from './blob-account-option.ts';

test('everything that the documentation leaves open can be set, and its default is a value of it', () => {
  const settable = Object.entries(defaultBehaviour).filter(([, value]) => value !== undefined && value !== Infinity);
  const given = settable.map(([name, value]) => `${name}=${value}`);
  expect(behaviourOption(given)).toEqual(Object.fromEntries(settable));
});

test('what has no default value, or no limit, can be given one', () => {
  expect(behaviourOption(['metadataVersion=V2', 'maxChunkBytes=1000', 'subject=call'])).toEqual({
    metadataVersion: 'V2',
    maxChunkBytes: 1000,
    subject: 'call',
  });
});

test.each([
  [['fileDelayMs=soon'], /fileDelayMs: /],
  [['settleMs=-1'], /settleMs: /],
  [['duplicateStart=8500'], /duplicateStart: /],
  [['pauseEvent=yes'], /pauseEvent: /],
  [['fileDelay=1'], /Unrecognized key: "fileDelay"[\s\S]*There are startStatus, settleMs/],
  [['fileDelayMs'], /takes name=value, not fileDelayMs/],
  [['fileDelayMs=x', 'subject=y'], /fileDelayMs: [\s\S]*subject: /],
])('--azure-behaviour %s is refused', (given, message) => {
  expect(() => behaviourOption(given)).toThrow(UsageError);
  expect(() => behaviourOption(given)).toThrow(message);
});

test('a Blob account is a name, an address and a key, and no message repeats a key', () => {
  expect(blobAccountOption(['mine=http://127.0.0.1:10000,a2V5', 'yours=https://127.0.0.1:1,a2V5Mg=='])).toEqual({
    mine: { origin: 'http://127.0.0.1:10000', accountKey: 'a2V5' },
    yours: { origin: 'https://127.0.0.1:1', accountKey: 'a2V5Mg==' },
  });
  for (const wrong of ['mine', 'Mine=http://127.0.0.1,c2VjcmV0', 'mine=ftp://x,c2VjcmV0', 'mine=http://,c2VjcmV0']) {
    expect(() => blobAccountOption([wrong])).toThrow(/takes name=http:\/\/127\.0\.0\.1:10000,key/);
    expect(() => blobAccountOption([wrong])).not.toThrow(/c2VjcmV0/);
  }
});
