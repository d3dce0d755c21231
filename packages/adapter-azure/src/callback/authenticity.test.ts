import { randomUUID } from 'node:crypto';
import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline';
import { generateKeyPair, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { altered, recorded } from '../testing/posted-callback.ts';
import { callbackSecret, rejection, type Scene } from '../testing/scene.ts';

const issuer = 'https://acscallautomation.communication.azure.com';

const same = () => undefined;

describe('forged', () => {
  test('a body with another token, or none', async () => {
    const { scene, request } = await recorded();
    await using _scene = scene;
    const { privateKey } = await generateKeyPair('RS256');
    const now = Math.floor(scene.clock.now() / 1000);
    const claims = { alg: 'RS256', kid: scene.azure.jwks.keys[0]?.kid ?? '' };
    const stranger = await new SignJWT({})
      .setProtectedHeader(claims)
      .setIssuer(issuer)
      .setAudience(scene.azure.resourceId)
      .setExpirationTime(now + 300)
      .sign(privateKey);
    const unsigned = `${btoa('{"alg":"none"}')}.${btoa(`{"iss":"${issuer}"}`)}.`;
    for (const authorization of [`Bearer ${stranger}`, `Bearer ${unsigned}`, 'Basic abc', undefined]) {
      const error = await rejection(scene.driver.parse(altered(request, same, { authorization }), scene.context));
      expect(error).toMatchObject({ code: 'signature-invalid' });
    }
  });

  test('a symmetric token made with the public key', async () => {
    const { scene, request } = await recorded();
    await using _scene = scene;
    const secret = new TextEncoder().encode(JSON.stringify(scene.azure.jwks.keys[0]));
    const token = await new SignJWT({})
      .setProtectedHeader({ alg: 'HS256', kid: scene.azure.jwks.keys[0]?.kid ?? '' })
      .setIssuer(issuer)
      .setAudience(scene.azure.resourceId)
      .setExpirationTime(Math.floor(scene.clock.now() / 1000) + 300)
      .sign(secret);
    const forged = altered(request, same, { authorization: `Bearer ${token}` });
    expect(await rejection(scene.driver.parse(forged, scene.context))).toMatchObject({ code: 'signature-invalid' });
  });

  test('a token that has expired, but for the skew of clocks', async () => {
    const { scene, request } = await recorded();
    await using _scene = scene;
    await scene.clock.advance(300_000);
    await expect(scene.driver.parse(request, scene.context)).resolves.toMatchObject({ unhandled: 0 });
    await scene.clock.advance(60_000);
    const error = await rejection(scene.driver.parse(request, scene.context));
    expect(error).toMatchObject({ code: 'signature-invalid', message: expect.stringContaining('ERR_JWT_EXPIRED') });
  });

  test.each([
    ['another audience', { audience: randomUUID() }],
    ['another issuer', { audience: 'x', issuer: 'https://evil.example' }],
  ])('a token for %s', async (_name, jwt) => {
    const { scene, request } = await recorded();
    await using _scene = scene;
    const { jwksUrl } = scene.azure;
    const driver = scene.another({ jwt: { ...jwt, jwksUrl } });
    expect(await rejection(driver.parse(request, scene.context))).toMatchObject({ code: 'signature-invalid' });
  });

  test.each<[string, (url: URL) => void]>([
    ['another session', (url) => url.searchParams.set('s', `${randomUUID()}.p1`)],
    ['another part', (url) => url.searchParams.set('s', url.searchParams.get('s')?.replace('.p1', '.p2') ?? '')],
    ['another command', (url) => url.searchParams.set('c', randomUUID())],
    ['no command', (url) => url.searchParams.delete('c')],
    ['a cut signature', (url) => url.searchParams.set('k', url.searchParams.get('k')?.slice(0, -3) ?? '')],
    ['no signature', (url) => url.searchParams.delete('k')],
    ['an empty signature', (url) => url.searchParams.set('k', '')],
    ['two sessions', (url) => url.searchParams.append('s', `${randomUUID()}.p1`)],
  ])('a URL with %s, though the token is right', async (_name, change) => {
    const { scene, request } = await recorded();
    await using _scene = scene;
    const error = await rejection(scene.driver.parse(altered(request, change), scene.context));
    expect(error).toMatchObject({ code: 'signature-invalid' });
  });

  test('a query that is not ours is left alone, as long as the token is right', async () => {
    const { scene, request } = await recorded();
    await using _scene = scene;
    const driver = scene.another({ callbackUrl: undefined, callbackSecret: undefined });
    const theirs = altered(request, (url) => {
      url.search = '?s=5&k=7';
    });
    const { reports } = await driver.parse(theirs, scene.context);
    expect(reports).toMatchObject([{ subject: { providerKey: expect.stringMatching(/^recording\//) } }]);
  });

  test('nothing is taken on trust where neither token nor query proves it', async () => {
    const { scene, request } = await recorded();
    await using _scene = scene;
    const driver = scene.another({ jwt: undefined });
    await expect(driver.parse(request, scene.context)).resolves.toMatchObject({ reports: [{ via: 'push' }] });
    const bare = altered(request, (url) => {
      url.search = '';
    });
    expect(await rejection(driver.parse(bare, scene.context))).toMatchObject({
      code: 'signature-invalid',
      message: expect.stringContaining('jwt'),
    });
  });
});

describe('keys', () => {
  test('of `callbackSecret` change without a gap: the old one is still accepted, the new one signs', async () => {
    const { scene, request } = await recorded();
    await using _scene = scene;
    const both = scene.another({ callbackSecret: ['a new secret of enough length', callbackSecret] });
    await expect(both.parse(request, scene.context)).resolves.toMatchObject({ reports: [{ via: 'push' }] });
    expect(both.callbackUrl()).not.toBe(scene.driver.callbackUrl());
    const moved = scene.another({ callbackSecret: 'a new secret of enough length' });
    expect(await rejection(moved.parse(request, scene.context))).toMatchObject({ code: 'signature-invalid' });
    const url = new URL(both.callbackUrl());
    const renewed = altered(request, (old) => {
      old.search = url.search;
    });
    await expect(moved.parse(renewed, scene.context)).resolves.toMatchObject({ unhandled: 0 });
  });

  test('of the service are fetched once for many messages', async () => {
    const { scene, request } = await recorded();
    await using _scene = scene;
    let fetches = 0;
    const driver = scene.another({
      client: {
        agent: scene.azure.agent(),
        httpClient: counting(() => {
          fetches += 1;
        }, scene),
      },
    });
    for (let time = 0; time < 3; time++) await driver.parse(request, scene.context);
    expect(fetches).toBe(1);
  });

  test('that cannot be fetched make nothing a forgery: the message may come again', async () => {
    const { scene, request } = await recorded();
    await using _scene = scene;
    const driver = scene.another({ jwt: { audience: scene.azure.resourceId, jwksUrl: `${scene.origin}/nowhere` } });
    const error = await rejection(driver.parse(request, scene.context));
    expect(error).toMatchObject({ code: 'unavailable', retry: 'safe', blame: 'provider' });
  });
});

function counting(note: () => void, scene: Scene): HttpClient {
  const inner = createDefaultHttpClient();
  return {
    sendRequest: (request) => {
      if (request.url.startsWith(scene.azure.jwksUrl)) note();
      return inner.sendRequest(request);
    },
  };
}
