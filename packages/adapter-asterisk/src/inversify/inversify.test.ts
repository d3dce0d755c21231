import { createContainer, OnRecordToken, RecordingDriverToken } from '@onrecord/core/inversify';
import { expect, test } from 'vitest';
import { AsteriskDriver } from '../driver.ts';
import { plugins } from './index.ts';

const options = { url: 'https://pbx.example:8089/ari', username: 'recorder', password: 'of nobody' };

test('a configuration names the driver by its type', async () => {
  const container = await createContainer({ providers: { pbx: { type: 'asterisk', ...options } } });
  const { recorder } = await container.getAsync(OnRecordToken);
  expect(recorder.report()).toMatchObject({ instance: 'pbx', driver: 'asterisk' });
  expect(await container.getAsync(RecordingDriverToken, { name: 'pbx' })).toBeInstanceOf(AsteriskDriver);
  await container.unbindAllAsync();
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
