import { OnRecordError } from '@onrecord/core';
import { createContainer, OnRecordToken, RecordingDriverToken } from '@onrecord/core/inversify';
import { describe, expect, test } from 'vitest';
import { AzureCallAutomationDriver } from '../driver.ts';
import { openScene, partOf, poll, rejection } from '../testing/scene.ts';
import { plugins } from './index.ts';

const accessKey = Buffer.from('the access key of the resource').toString('base64');
const connectionString = `endpoint=https://contoso.communication.azure.com/;accesskey=${accessKey}`;

test('a configuration names the driver by its type', async () => {
  const container = await createContainer({ providers: { main: { type: 'azure', connectionString } } });
  const { recorder } = await container.getAsync(OnRecordToken);
  expect(recorder.report()).toMatchObject({ instance: 'main', driver: 'azure' });
  expect(await container.getAsync(RecordingDriverToken, { name: 'main' })).toBeInstanceOf(AzureCallAutomationDriver);
  await container.unbindAllAsync();
});

test('every problem has its path in the configuration, and shows no key', async () => {
  const main = { type: 'azure', conectionString: connectionString, callbackUrl: 'http://app.example', connect: {} };
  const error = await rejection(createContainer({ providers: { main } }));
  if (!OnRecordError.is(error, 'invalid-request')) throw error;
  for (const path of ['conectionString', 'connectionString', 'callbackUrl', 'callbackSecret', 'connect.address']) {
    expect(error.message).toContain(`providers.main.${path}: `);
  }
  expect(error.message).toContain('did you mean connectionString');
  expect(error.message).not.toContain(accessKey);
});

describe('options from a file', () => {
  test('may be of any type', async () => {
    const [plugin] = plugins;
    const options = { connectionString: 7, jwt: [], eventGrid: null, speech: 'x', callbackSecret: {}, connect: 'x' };
    const problems = (await plugin?.check(options)) ?? [];
    expect(problems.map(({ path }) => path).sort()).toEqual([
      'callbackSecret',
      'connect',
      'connectionString',
      'eventGrid',
      'jwt',
      'speech',
    ]);
  });

  test('say where connections go, whatever the name of the host', async () => {
    await using scene = await openScene();
    const { connectionString, ca } = scene.azure;
    const main = { type: 'azure', connectionString, connect: { address: '127.0.0.1', ca } };
    const container = await createContainer({ providers: { main } });
    const driver = await container.getAsync(RecordingDriverToken, { name: 'main' });
    const plan = scene.plan();
    const part = partOf(plan, await driver.doStart(plan, scene.context));
    await scene.clock.advance(3_000);
    expect(await driver.doStatus?.(part, poll(1), scene.context)).toMatchObject([{ seen: { capturing: true } }]);
    await driver.close();
    await container.unbindAllAsync();
  });
});
