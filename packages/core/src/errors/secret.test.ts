import { format, inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { OnRecordError } from './on-record-error.ts';
import { reveal, Secret } from './secret.ts';

const plain = 'hunter2-access-key';
const secret = new Secret(plain);

describe('a secret never shows', () => {
  test.each([
    ['in inspect', inspect(secret)],
    [
      'deep inside what is inspected',
      inspect({ provider: { keys: [secret], map: new Map([['key', secret]]) } }, { depth: 9 }),
    ],
    [
      'with everything that inspect can show',
      inspect(secret, { showHidden: true, getters: true, customInspect: false }),
    ],
    ['in JSON', JSON.stringify({ key: secret })],
    ['in a template', `${secret}`],
    ['in a sum of texts', `key: ${String(secret)}`],
    ['in a formatted log line', format('%s %o %O %j', secret, secret, secret, secret)],
    ['as a key', JSON.stringify({ [`${secret}`]: 1 })],
    ['in a copy of its members', inspect({ ...secret })],
    [
      'in the context and the causes of an error',
      inspect(
        new OnRecordError('unknown', `With ${secret}.`, { cause: new AggregateError([{ secret }], `and ${secret}`) }),
      ),
    ],
    ['in the JSON of an error', JSON.stringify(new OnRecordError('unknown', `With ${secret}.`, { cause: secret }))],
  ])('%s', (_, shown) => {
    expect(shown).not.toContain(plain);
    expect(shown).not.toContain('hunter2');
  });

  test('through its own keys', () => {
    expect(Reflect.ownKeys(secret)).toEqual([]);
  });

  test('through structuredClone', () => {
    expect(inspect(structuredClone(secret))).not.toContain(plain);
  });
});

test('it is marked, so that a reader sees that something is hidden', () => {
  expect(`${secret}`).toBe('[secret]');
  expect(inspect({ secret })).toBe('{ secret: [secret] }');
});

test('the one call that needs it gets it', () => {
  expect(secret.reveal()).toBe(plain);
  expect(reveal(secret)).toBe(plain);
  expect(reveal(plain)).toBe(plain);
  expect(reveal(new Secret({ id: 'a', key: plain })).key).toBe(plain);
});
