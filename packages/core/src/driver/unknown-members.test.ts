import { expect, test } from 'vitest';
import { unknownMembers } from './unknown-members.ts';

const known = ['username', 'password'];

test('a slip is told with the name that was meant, and where it stands', () => {
  expect(unknownMembers({ username: 'u', pasword: 'x' }, known, 'ari')).toEqual([
    { path: 'ari.pasword', message: 'There is no such option; did you mean password?' },
  ]);
  expect(unknownMembers({ PASSWORD: 'x' }, known)[0]?.message).toContain('password?');
});

test('what resembles nothing is told with all that there is, and what is known is no problem', () => {
  expect(unknownMembers({ colour: 1 }, known)).toEqual([
    { path: 'colour', message: 'There is no such option; there are username, password.' },
  ]);
  expect(unknownMembers({ username: 'u' }, known)).toEqual([]);
});
