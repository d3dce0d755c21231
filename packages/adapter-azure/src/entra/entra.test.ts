import { inspect } from 'node:util';
import { OnRecordError, Secret } from '@onrecord/core';
import type { Fault } from '@onrecord/simulator';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { finished } from '../testing/finished-file.ts';
import { collect, partOf, poll, rejection } from '../testing/scene.ts';
import { type EntraScene, openEntraScene } from './testing/entra-scene.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** What a start came to that no token could be had for. */
async function refused(scene: EntraScene, driver = scene.entra()) {
  const error = await rejection(scene.startWith(driver));
  expect(scene.requests('StartRecording')).toEqual([]);
  const { code, retry, blame, providerCode, retryAfterMs } = driver.classifyError(error);
  if (!OnRecordError.is(error)) throw error;
  for (const shown of [inspect(error, { depth: 12, showHidden: true }), JSON.stringify(error), inspect(driver)]) {
    expect(shown).not.toContain(scene.app.clientSecret);
  }
  return { code, retry, blame, providerCode, retryAfterMs, message: error.message };
}

test('credential.entra of type client-secret: one token opens commands, questions and files, and is asked for when the first is sent', async () => {
  const { scene, master, access } = await finished();
  await using _scene = scene;
  const { endpoint, entra } = scene.azure;
  const driver = scene.another({
    connectionString: undefined,
    endpoint,
    credential: { entra: { type: 'client-secret', ...entra, clientSecret: new Secret(entra.clientSecret) } },
  });
  expect(scene.requests('GetToken')).toEqual([]);
  const plan = scene.plan();
  const part = partOf(plan, await driver.doStart(plan, scene.context));
  await scene.clock.advance(3_000);
  await driver.doStatus(part, poll(1), scene.context);
  await driver.doPause(part, plan.command, scene.context);
  await driver.doAnnounce(scene.ref, { text: 'This call is recorded.' }, { announcementId: 'a1' }, scene.context);
  const { body } = await driver.doOpenArtifact(master, {}, scene.context);
  expect((await collect(body)).length).toBeGreaterThan(0);
  await driver.doDeleteArtifact(master, { access }, scene.context);
  expect(scene.requests('GetToken')).toMatchObject([
    { body: { grant_type: 'client_credentials', scope: expect.stringContaining('https://communication.azure.com//') } },
  ]);
  expect(new Set(scene.azure.requests().map(({ status }) => status))).not.toContain(401);
});

test('credential.entra.disableInstanceDiscovery: only without it Microsoft is asked whether it knows the authority', async () => {
  await using scene = await openEntraScene();
  await scene.startWith(scene.entra());
  expect(scene.requests('GetInstanceDiscovery')).toEqual([]);
  await rejection(scene.startWith(scene.entra({ ...scene.app, disableInstanceDiscovery: false })));
  expect(scene.requests('GetInstanceDiscovery')).toHaveLength(1);
});

test('many requests at once wait for one token', async () => {
  await using scene = await openEntraScene();
  const driver = scene.entra();
  await Promise.all([1, 2, 3, 4].map(() => driver.doStart(scene.plan(), scene.context).catch(() => {})));
  await driver.doAnnounce(scene.ref, { text: 'Hello.' }, { announcementId: 'a1' }, scene.context);
  expect(scene.tokens()).toBe(1);
});

test('a token is kept for its life, and the service never sees one that is over', async () => {
  await using scene = await openEntraScene({ resource: { entra: { tokenSeconds: 3_600 } } });
  const driver = scene.entra();
  const began = Date.now();
  vi.useFakeTimers({ toFake: ['Date'] });
  for (const [minutes, tokens] of [
    [0, 1],
    [30, 1],
    [57, 1],
    [60, 2],
    [100, 2],
    [121, 3],
  ] as const) {
    vi.setSystemTime(began + minutes * 60_000);
    // A second start of the call is refused, and yet needs a token.
    await scene.startWith(driver).catch(() => {});
    expect([minutes, scene.tokens()]).toEqual([minutes, tokens]);
  }
  expect(scene.requests('StartRecording').map(({ status }) => status)).not.toContain(401);
});

describe('no token, no request', () => {
  test('a secret that is wrong: unauthenticated, with advice', async () => {
    await using scene = await openEntraScene();
    expect(await refused(scene, scene.entra({ ...scene.app, clientSecret: 'the id of it' }))).toMatchObject({
      code: 'unauthenticated',
      retry: 'never',
      blame: 'caller',
      providerCode: 'AADSTS7000215',
      message: expect.stringMatching(
        /^Microsoft Entra answered 401: AADSTS7000215: .*Give the secret's value, not its id/,
      ),
    });
  });

  test.each<[string, Partial<EntraScene['app']>, string, RegExp]>([
    ['tenant', { tenantId: '11111111-2222-4333-8444-555555555555' }, 'AADSTS90002', /Check tenantId/],
    ['application', { clientId: '11111111-2222-4333-8444-555555555555' }, 'AADSTS700016', /Check clientId/],
    ['scope', { scope: 'https://communication.azure.com/.default' }, 'AADSTS500011', /check scope/],
  ])('another %s: unauthenticated, with advice', async (_name, departure, providerCode, advice) => {
    await using scene = await openEntraScene();
    const driver = scene.entra({ ...scene.app, ...departure });
    expect(await refused(scene, driver)).toMatchObject({ code: 'unauthenticated', retry: 'never', providerCode });
    expect((await refused(scene, driver)).message).toMatch(advice);
  });

  test.each<[string, Fault, object]>([
    ['503', { status: 503, body: 'busy' }, { code: 'unavailable' }],
    ['500 as JSON', { status: 500, body: '{"error":"server_error","error_description":"x"}' }, { code: 'unavailable' }],
    ['a page in between', { status: 200, body: '<html>Sign in to the network</html>' }, { code: 'unavailable' }],
    ['a connection that is reset', 'drop-before-answer', { code: 'unavailable' }],
  ])('token endpoint down (%s): whatever was to be sent may be sent again', async (_name, fault, judged) => {
    await using scene = await openEntraScene();
    const driver = scene.entra();
    scene.azure.faults.next({ match: 'GetToken', fault });
    expect(await refused(scene, driver)).toMatchObject({ ...judged, retry: 'safe', blame: 'provider' });
    await scene.startWith(driver);
    expect(scene.requests('StartRecording')).toMatchObject([{ status: 200 }]);
  });

  test('429: nothing is asked until the time that the directory named has passed', async () => {
    await using scene = await openEntraScene();
    const driver = scene.entra();
    const body = '{"error":"temporarily_unavailable","error_description":"AADSTS90055: Too many requests."}';
    scene.azure.faults.next({ match: 'GetToken', fault: { status: 429, headers: { 'retry-after': '7' }, body } });
    const judged = { code: 'rate-limited', retry: 'safe', blame: 'provider', retryAfterMs: 7_000 };
    vi.useFakeTimers({ toFake: ['Date'] });
    const began = Date.now();
    for (const seconds of [0, 3, 6]) {
      vi.setSystemTime(began + seconds * 1000);
      expect(await refused(scene, driver)).toMatchObject(judged);
    }
    expect(scene.tokens()).toBe(1);
    vi.setSystemTime(began + 7_100);
    await scene.startWith(driver);
    expect(scene.tokens()).toBe(2);
  });

  test('nobody at authorityHost', async () => {
    await using scene = await openEntraScene();
    const driver = scene.entra({ ...scene.app, authorityHost: 'https://127.0.0.1:9' });
    expect(await refused(scene, driver)).toMatchObject({
      code: 'unavailable',
      retry: 'safe',
      message: expect.stringMatching(/ECONNREFUSED.*Check authorityHost/),
    });
  });

  test('a certificate that nobody trusts', async () => {
    await using scene = await openEntraScene();
    const driver = scene.entra(scene.app, { client: {} });
    expect(await refused(scene, driver)).toMatchObject({
      code: 'unavailable',
      retry: 'never',
      blame: 'caller',
      message: expect.stringContaining('trusted authorities'),
    });
  });
});
