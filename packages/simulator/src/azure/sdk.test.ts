import { CallAutomationClient, type CallAutomationClientOptions } from '@azure/communication-call-automation';
import { expect, test } from 'vitest';
import { VirtualClock } from '../clock/virtual-clock.ts';
import { startAzure } from './start-azure.ts';
import { openScene, type Scene } from './testing/scene.ts';

const once: CallAutomationClientOptions = { retryOptions: { maxRetries: 0 } };

const connection = (scene: Scene, connectionString: string, options: CallAutomationClientOptions) =>
  new CallAutomationClient(connectionString, { ...once, ...options }).getCallConnection(scene.call.callConnectionId);

test('the call operations, by the agent under the real host names', async () => {
  await using scene = await openScene();
  const { azure, call } = scene;
  const leg = connection(scene, azure.connectionString, { agent: azure.agent() });
  expect(await leg.getCallConnectionProperties()).toMatchObject({
    ...call.ids(),
    callConnectionState: 'connected',
    callbackUri: scene.callbackUri,
    targetParticipants: [{ phoneNumber: '+15550100' }, { phoneNumber: '+15550199' }],
  });
  const { values = [] } = await leg.listParticipants();
  expect(values.map(({ identifier }) => identifier)).toMatchObject([
    { phoneNumber: '+15550100' },
    { phoneNumber: '+15550199' },
  ]);
  const one = await leg.getParticipant({ phoneNumber: '+15550100' });
  expect(one).toMatchObject({ identifier: { phoneNumber: '+15550100' }, isMuted: false });
  await expect(leg.getParticipant({ phoneNumber: '+15550000' })).rejects.toMatchObject({
    statusCode: 404,
    code: '8522',
  });
  expect(azure.requests().map(({ operation, host }) => [operation, host])).toEqual([
    ['GetCall', new URL(azure.endpoint).host],
    ['GetParticipants', new URL(azure.endpoint).host],
    ['GetParticipant', new URL(azure.endpoint).host],
    ['GetParticipant', new URL(azure.endpoint).host],
  ]);
});

test('hanging up takes our leg only, terminating ends the call', async () => {
  for (const isForEveryone of [false, true]) {
    await using scene = await openScene();
    const leg = connection(scene, scene.azure.connectionString, { agent: scene.azure.agent() });
    await leg.hangUp(isForEveryone);
    await scene.clock.idle();
    expect([scene.call.state, scene.call.over]).toEqual(['disconnected', isForEveryone]);
    expect(scene.app.events('CallDisconnected')).toHaveLength(1);
    await expect(leg.hangUp(false)).rejects.toMatchObject({ statusCode: 404, code: '8522' });
  }
});

test('a client for plain http works where it allows that', async () => {
  await using scene = await openScene();
  const { connectionString } = scene.azure.plain;
  const leg = connection(scene, connectionString, { allowInsecureConnection: true });
  expect((await leg.getCallConnectionProperties()).callConnectionState).toBe('connected');
  await expect(connection(scene, connectionString, {}).getCallConnectionProperties()).rejects.toThrow(
    /allowInsecureConnection/,
  );
});

test('a client that does not trust the certificate is not served', async () => {
  await using scene = await openScene();
  await using other = await openScene();
  const leg = connection(scene, scene.azure.connectionString, { agent: other.azure.agent() });
  await expect(leg.getCallConnectionProperties()).rejects.toMatchObject({ code: /CERT|SELF_SIGNED|SIGNATURE/ });
  expect(scene.azure.requests()).toEqual([]);
});

test('a client with the key of another resource is refused', async () => {
  await using scene = await openScene();
  await using other = await openScene();
  const connectionString = `endpoint=${scene.azure.endpoint}/;accesskey=${other.azure.accessKey}`;
  const leg = connection(scene, connectionString, { agent: scene.azure.agent() });
  await expect(leg.getCallConnectionProperties()).rejects.toMatchObject({ statusCode: 401, code: '7509' });
});

test('after closing, nothing answers and nothing is sent; a port in use is named', async () => {
  using clock = new VirtualClock();
  const azure = await startAzure({ clock, resourceName: 'contoso' });
  expect(azure.endpoint).toMatch(/^https:\/\/contoso\.communication\.azure\.com:\d+$/);
  const { port } = new URL(azure.plain.endpoint);
  await expect(startAzure({ clock, ports: { http: Number(port) } })).rejects.toThrow(port);
  await azure.close();
  await azure.close();
  await expect(fetch(azure.plain.jwksUrl)).rejects.toThrow();
  await using again = await startAzure({ clock, ports: { http: Number(port) } });
  expect(again.plain.endpoint).toBe(azure.plain.endpoint);
});
