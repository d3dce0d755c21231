import { expect, test } from 'vitest';
import { AsteriskDriver } from '../driver.ts';
import { plugins } from './index.ts';

const options = { url: 'https://pbx.example:8089/ari', username: 'recorder', password: 'of nobody' };

test('a configuration names the driver by its type', async () => {
  const [plugin] = plugins;
  expect(plugin).toMatchObject({ kind: 'provider', type: 'asterisk' });
  expect(await plugin?.check(options)).toEqual([]);
  expect(plugin?.module('main', options)).toBeDefined();
  expect(AsteriskDriver.name).toBe('AsteriskDriver');
});

test('options from a file may be of any type: each problem has its path, and shows no password', async () => {
  const [plugin] = plugins;
  const wrong = {
    url: 7,
    username: [],
    password: {},
    app: null,
    folder: '..',
    server: 22,
    calls: true,
    sampleRateHz: '8',
  };
  const problems = (await plugin?.check(wrong)) ?? [];
  expect(problems.map(({ path }) => path).sort()).toEqual(Object.keys(wrong).sort());
  expect(JSON.stringify(await plugin?.check({ ...options, pasword: 'x' }))).not.toContain(options.password);
});
