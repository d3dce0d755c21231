import { inspect } from 'node:util';
import type { CallAutomationClient, CallRecording } from '@azure/communication-call-automation';
import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline';
import { OnRecordError } from '@onrecord/core';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { classifyAzureError } from './errors.ts';
import { azure } from './index.ts';
import { finished } from './testing/finished-file.ts';
import { callbackSecret, collect, gridSecret, openScene, rejection, type Scene } from './testing/scene.ts';

const everything = { depth: 12, showHidden: true, maxStringLength: null, maxArrayLength: null } as const;

/** Every way to see a value. */
function shown(value: unknown): string {
  return `${inspect(value, everything)}\n${JSON.stringify(value)}\n${String(value)}`;
}

const bearer = 'a-token-that-nobody-may-see';

function byToken(scene: Scene) {
  const credential = { getToken: async () => ({ token: bearer, expiresOnTimestamp: Date.now() + 3_600_000 }) };
  return scene.another({ connectionString: undefined, endpoint: scene.azure.endpoint, credential });
}

describe('native()', () => {
  test('is the SDK beneath the driver, typed, and always the same', async () => {
    await using scene = await openScene();
    const { client, recording } = scene.driver.native();
    expectTypeOf(client).toEqualTypeOf<CallAutomationClient>();
    expectTypeOf(recording).toEqualTypeOf<CallRecording>();
    expect(scene.driver.native().client).toBe(client);
    const { recordingId } = await recording.start({
      callLocator: { kind: 'serverCallLocator', id: scene.call.serverCallId },
    });
    await scene.clock.advance(3_000);
    expect(await recording.getState(recordingId ?? '')).toMatchObject({ recordingState: 'active' });
  });
});

describe('no secret is to be seen', () => {
  test('in driver, clients and options of a driver with a key', async () => {
    await using scene = await openScene();
    const { accessKey } = scene.azure;
    const { driver } = scene;
    // The clients of the SDK hold circles, so that there is no JSON of them.
    for (const text of [shown(driver), inspect(driver.native(), everything)]) {
      for (const secret of [accessKey, callbackSecret, gridSecret]) expect(text).not.toContain(secret);
    }
  });

  test.each(['key', 'token'])('in what a refused request throws, by %s', async (by) => {
    await using scene = await openScene({ resource: by === 'token' ? { bearerTokens: [bearer] } : {} });
    const driver = by === 'token' ? byToken(scene) : scene.driver;
    const body = '{"error":{"code":"7504","message":"Insufficient permissions."}}';
    for (const fault of [{ status: 403, body }, { status: 500, body: '<html>' }, 'drop-before-answer'] as const) {
      scene.azure.faults.next({ match: 'StartRecording', fault });
      const error = await rejection(driver.doStart(scene.plan(), scene.context));
      const wrapped = OnRecordError.wrap(error, classifyAzureError(error), { operation: 'start' });
      expect(wrapped.cause).toBe(error);
      for (const value of [error, wrapped, driver]) {
        expect(shown(value)).not.toContain(bearer);
        expect(shown(value)).not.toContain(scene.azure.accessKey);
        expect(shown(value)).not.toMatch(/Signature=(?!\[secret\])/);
      }
    }
  });
});

describe('client', () => {
  test('its HTTP client carries commands, files, tokens and the keys of callbacks', async () => {
    const { scene, master } = await finished();
    await using _scene = scene;
    const hosts = new Set<string>();
    const inner = createDefaultHttpClient();
    const httpClient: HttpClient = {
      sendRequest: (request) => {
        hosts.add(new URL(request.url).hostname);
        return inner.sendRequest(request);
      },
    };
    const { endpoint, entra } = scene.azure;
    const driver = scene.another({
      connectionString: undefined,
      endpoint,
      credential: { entra: { type: 'client-secret', ...entra, disableInstanceDiscovery: true } },
      client: { agent: scene.azure.agent(), httpClient },
    });
    await driver.doStart(scene.plan(), scene.context);
    await collect((await driver.doOpenArtifact(master, {}, scene.context)).body);
    expect([...hosts]).toEqual(['127.0.0.1', 'onrecord.communication.azure.com', 'storage.asm.skype.com']);
    const { request } = await recordedAt(scene);
    await driver.parse(request, scene.context);
    expect([...hosts]).toContain('acscallautomation.communication.azure.com');
  });

  test.each([429, 500, 503])('without retryOptions a request that is answered %i is sent once', async (status) => {
    await using scene = await openScene();
    scene.azure.faults.next({
      match: 'StartRecording',
      fault: { status, headers: { 'retry-after-ms': '1' } },
      times: 5,
    });
    await rejection(scene.driver.doStart(scene.plan(), scene.context));
    expect(scene.requests('StartRecording')).toHaveLength(1);
  });

  test('retryOptions that are undefined are none', async () => {
    await using scene = await openScene();
    const given: Record<string, unknown> = { agent: scene.azure.agent(), retryOptions: undefined };
    scene.azure.faults.next({ match: 'StartRecording', fault: { status: 503, headers: { 'retry-after-ms': '1' } } });
    await rejection(scene.another({ client: given }).doStart(scene.plan(), scene.context));
    expect(scene.requests('StartRecording')).toHaveLength(1);
  });

  test('retryOptions of yours let the SDK repeat commands, and announcements never', async () => {
    await using scene = await openScene();
    const retryOptions = { maxRetries: 2, retryDelayInMs: 1, maxRetryDelayInMs: 1 };
    const driver = scene.another({ client: { agent: scene.azure.agent(), retryOptions } });
    scene.azure.faults.next({ match: 'StartRecording', fault: { status: 500 }, times: 2 });
    await driver.doStart(scene.plan(), scene.context);
    expect(scene.requests('StartRecording').map(({ status }) => status)).toEqual([500, 500, 200]);
    scene.azure.faults.next({ match: 'Play', fault: { status: 500 } });
    await rejection(driver.doAnnounce(scene.ref, { text: 'Hello.' }, { announcementId: 'a1' }, scene.context));
    expect(scene.requests('Play')).toHaveLength(1);
  });
});

/** A callback of another recording of the scene. */
async function recordedAt(scene: Scene) {
  await scene.recording({ call: scene.ref }).catch(() => {});
  const found = scene.heard.find(({ request }) => request.headers['authorization'] !== undefined);
  if (!found) throw new Error('nothing was posted');
  return found;
}

test('a driver that is not told where this machine is tries the host of the vendor, which no test may', async () => {
  await using scene = await openScene();
  const { accessKey } = scene.azure;
  const driver = azure({
    connectionString: `endpoint=https://onrecord.communication.azure.com/;accesskey=${accessKey}`,
  });
  const error = await rejection(driver.doStart(scene.plan(), scene.context));
  expect(inspect(error, { depth: 5 })).toContain(
    'loopback-guard: this test tried to connect to onrecord.communication.azure.com',
  );
  expect(scene.azure.requests()).toEqual([]);
});
