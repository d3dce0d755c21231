import { type CallRef, createRecorder, memorySessionStore } from '@onrecord/core';
import { describe, expect, test } from 'vitest';
import { azureCallConnection, azureGroupCall, azureRoom, azureServerCall } from './call-ref.ts';
import { openScene, partOf, rejection, type Scene } from './testing/scene.ts';

const group = '29228d3e-040e-4656-a70e-890ab4e173e5';
const room = '99199690362660524';

describe('a call is named by callLocator or by callConnectionId, never by both', () => {
  const placed = {
    placement: { groupCallId: group, roomId: room },
    resource: { behaviour: { roomStart: 'accept' } },
    driver: { rooms: 'attempt' },
  } as const;

  test.each<[string, (scene: Scene) => CallRef, (scene: Scene) => object]>([
    [
      'callConnectionId',
      ({ call }) => azureCallConnection(call.callConnectionId),
      ({ call: { callConnectionId } }) => ({ callConnectionId }),
    ],
    [
      'callConnectionId, although serverCallId is known',
      ({ call }) => azureServerCall(call.ids()),
      ({ call: { callConnectionId } }) => ({ callConnectionId }),
    ],
    [
      'serverCallLocator',
      ({ call }) => azureServerCall(call.serverCallId),
      ({ call: { serverCallId } }) => ({ callLocator: { kind: 'serverCallLocator', serverCallId } }),
    ],
    [
      'groupCallLocator',
      () => azureGroupCall(group.toUpperCase()),
      () => ({ callLocator: { kind: 'groupCallLocator', groupCallId: group } }),
    ],
    [
      "roomCallLocator, with rooms: 'attempt'",
      () => azureRoom(room),
      () => ({ callLocator: { kind: 'roomCallLocator', roomId: room } }),
    ],
  ])('%s', async (_name, call, expected) => {
    await using scene = await openScene(placed);
    const plan = scene.plan({ call: call(scene) });
    const part = partOf(plan, await scene.driver.doStart(plan, scene.context));
    const { callLocator, callConnectionId } = Object(scene.requests('StartRecording')[0]?.body);
    expect(JSON.parse(JSON.stringify({ callLocator, callConnectionId }))).toEqual(expected(scene));
    await scene.clock.advance(3_000);
    expect(scene.reports()).toMatchObject([{ subject: { correlation: part.correlation }, seen: { capturing: true } }]);
  });

  test('a room is refused by default, with the reason and the way around it', async () => {
    await using scene = await openScene({ ...placed, driver: {} });
    const error = await rejection(scene.driver.doStart(scene.plan({ call: azureRoom(room) }), scene.context));
    expect(error).toMatchObject({
      code: 'unsupported',
      message: expect.stringMatching(/"Not supported for Start Recording".*30 September 2028.*rooms: 'attempt'/s),
    });
    expect(scene.azure.requests()).toEqual([]);
  });

  test('a recorder refuses it before anything is written, with the same reason', async () => {
    await using scene = await openScene();
    const store = memorySessionStore();
    await using recorder = createRecorder(scene.driver, { store, clock: scene.clock, worker: false });
    const refused = recorder.start({ call: azureRoom(room), consent: { basis: 'application', noticeId: 'sign' } });
    expect(await rejection(refused)).toMatchObject({
      code: 'unsupported',
      message: expect.stringMatching(/azure\.room.*"Not supported for Start Recording".*rooms: 'attempt'/s),
    });
    expect(await store.list()).toEqual([]);
    expect(scene.azure.requests()).toEqual([]);
  });

  test("rooms: 'attempt' adds them to what is offered, of a standalone resource only", async () => {
    await using scene = await openScene();
    expect(scene.driver.capabilities.calls).not.toContain('azure.room');
    expect(scene.another({ rooms: 'attempt' }).capabilities.calls).toContain('azure.room');
    expect(() => scene.another({ rooms: 'attempt', profile: 'teams-phone' })).toThrow(
      /rooms: Belongs to .*acs-standalone/,
    );
  });

  test("what the service says of a room is told, when rooms is 'attempt'", async () => {
    await using scene = await openScene({ ...placed, resource: {} });
    const error = await rejection(scene.driver.doStart(scene.plan({ call: azureRoom(room) }), scene.context));
    expect(scene.requests('StartRecording')).toHaveLength(1);
    expect(['unsupported', 'invalid-request']).toContain(scene.driver.classifyError(error).code);
  });

  test.each<[string, CallRef, RegExp]>([
    [
      'a GUID as serverCallId (js-quickstarts#203)',
      { kind: 'azure.server-call', provider: 'azure', key: group, data: {} },
      /^call\.serverCallId: A GUID is no serverCallId/,
    ],
    [
      'no GUID as groupCallId',
      { kind: 'azure.group-call', provider: 'azure', key: 'standup', data: {} },
      /^call\.groupCallId: Must be a GUID/,
    ],
    [
      'a serverCallId as callConnectionId',
      { kind: 'azure.call-connection', provider: 'azure', key: 'aHR0cHM6Ly9hcGk', data: {} },
      /^call\.callConnectionId: Is a serverCallId/,
    ],
  ])('a reference made by hand is looked at again: %s', async (_name, call, message) => {
    await using scene = await openScene();
    const error = await rejection(scene.driver.doStart(scene.plan({ call }), scene.context));
    expect(error).toMatchObject({ code: 'invalid-request', message: expect.stringMatching(message) });
    expect(scene.azure.requests()).toEqual([]);
  });
});
