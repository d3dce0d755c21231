import { inspect } from 'node:util';
import type { AccessToken, GetTokenOptions } from '@azure/core-auth';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { rejection } from '../testing/scene.ts';
import { SharedCredential } from './shared-credential.ts';
import { openEntraScene } from './testing/entra-scene.ts';
import { tokenFailure } from './token-failure.ts';

const scope = 'https://communication.azure.com//.default';
const began = Date.parse('2026-01-05T09:00:00Z');
const minute = 60_000;

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: began }));
afterEach(() => void vi.useRealTimers());

/** A credential whose tokens live an hour. */
function hourly(answer: (count: number) => Partial<AccessToken> | Error | null = () => ({})) {
  const asked: (GetTokenOptions | undefined)[] = [];
  const inner = {
    clientSecret: 'a secret that an inspection must not show',
    async getToken(_scope: string | string[], options?: GetTokenOptions): Promise<AccessToken | null> {
      asked.push(options);
      const given = answer(asked.length);
      if (given instanceof Error) throw given;
      return given && { token: `token ${asked.length}`, expiresOnTimestamp: Date.now() + 60 * minute, ...given };
    },
  };
  return { asked, inner, credential: new SharedCredential(inner, tokenFailure) };
}

const at = (minutes: number) => vi.setSystemTime(began + minutes * minute);

test('a token is fetched once, and anew two minutes before it expires', async () => {
  const { credential } = hourly();
  const seen: string[] = [];
  for (const minutes of [0, 30, 57.9, 58, 100, 116]) {
    at(minutes);
    seen.push((await credential.getToken(scope)).token);
  }
  expect(seen).toEqual(['token 1', 'token 1', 'token 1', 'token 2', 'token 2', 'token 3']);
});

test('a token that says when it wants to be renewed is renewed then', async () => {
  const { credential } = hourly(() => ({ refreshAfterTimestamp: Date.now() + 20 * minute }));
  await credential.getToken(scope);
  at(19);
  expect((await credential.getToken(scope)).token).toBe('token 1');
  at(20);
  expect((await credential.getToken(scope)).token).toBe('token 2');
});

test('whoever asks at once waits for the same token; a failure is everybody’s, and the next one asks again', async () => {
  const { credential, asked } = hourly((count) => (count === 1 ? new Error('down') : {}));
  const first = await Promise.allSettled([1, 2, 3].map(() => credential.getToken(scope)));
  expect(first.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  const tokens = await Promise.all([1, 2, 3].map(() => credential.getToken(scope)));
  expect(tokens.map(({ token }) => token)).toEqual(['token 2', 'token 2', 'token 2']);
  expect(asked).toHaveLength(2);
});

test('a token that cannot be renewed serves to its end, and then its failure is told', async () => {
  const { credential } = hourly((count) =>
    count === 1 ? {} : Object.assign(new Error('down'), { code: 'ECONNRESET' }),
  );
  await credential.getToken(scope);
  for (const minutes of [58, 59, 59.99]) {
    at(minutes);
    expect((await credential.getToken(scope)).token).toBe('token 1');
  }
  at(60);
  expect(await rejection(credential.getToken(scope))).toMatchObject({ code: 'unavailable', retry: 'safe' });
});

test('a request that is aborted does not take the token from those that wait with it', async () => {
  const { credential, asked } = hourly();
  const controller = new AbortController();
  const wanted = credential.getToken(scope, { abortSignal: controller.signal, enableCae: true });
  controller.abort();
  expect((await wanted).token).toBe('token 1');
  expect(asked).toEqual([{ enableCae: true }]);
});

test('a token that the service asks more of is fetched past what is kept, and kept in its place', async () => {
  const { credential, asked } = hourly();
  await credential.getToken(scope);
  expect((await credential.getToken(scope, { claims: '{"access_token":{}}' })).token).toBe('token 2');
  expect((await credential.getToken(scope)).token).toBe('token 2');
  expect(asked).toEqual([{}, { claims: '{"access_token":{}}' }]);
});

test('no inspection and no JSON shows what is inside', () => {
  const { credential, inner } = hourly();
  expect(inspect(inner)).toContain(inner.clientSecret);
  expect(inspect(credential, { depth: 9, showHidden: true, getters: true })).not.toContain(inner.clientSecret);
  expect(JSON.stringify(credential)).toBe('{}');
});

describe('a credential of your own', () => {
  test('is asked once for all clients, and is not to be seen in them', async () => {
    vi.useRealTimers();
    await using scene = await openEntraScene({ resource: { bearerTokens: ['token 1'] } });
    const { inner, asked } = hourly();
    const driver = scene.holding(inner);
    await scene.startWith(driver);
    await driver.doAnnounce(scene.ref, { text: 'Hello.' }, { announcementId: 'a1' }, scene.context);
    expect(asked).toHaveLength(1);
    expect(inspect(driver.native(), { depth: 12, showHidden: true })).not.toContain(inner.clientSecret);
  });

  test.each<[string, Error | null, object]>([
    ['gives none', null, { code: 'unauthenticated', retry: 'never' }],
    [
      'is refused',
      Object.assign(new Error('invalid_client'), {
        name: 'AuthenticationError',
        statusCode: 401,
        errorResponse: {
          error: 'invalid_client',
          errorDescription: 'AADSTS7000222: The provided client secret keys are expired. Trace ID: t Correlation ID: c',
          correlationId: 'c-1',
        },
      }),
      { code: 'unauthenticated', retry: 'never', message: expect.stringContaining('make a new one') },
    ],
    [
      'finds its endpoint busy',
      Object.assign(new Error('busy'), { name: 'AuthenticationError', statusCode: 503 }),
      { code: 'unavailable', retry: 'safe' },
    ],
    [
      'cannot reach its endpoint',
      Object.assign(new Error('connect'), { code: 'ENOTFOUND' }),
      { code: 'unavailable', retry: 'safe' },
    ],
    ['takes too long', new DOMException('late', 'TimeoutError'), { code: 'timeout', retry: 'safe' }],
    [
      'finds nothing in the environment',
      Object.assign(new Error('CredentialUnavailableError: nothing is set'), { name: 'AggregateAuthenticationError' }),
      { code: 'unauthenticated', retry: 'never', message: expect.stringContaining('nothing is set') },
    ],
  ])('that %s', async (_name, thrown, judged) => {
    vi.useRealTimers();
    await using scene = await openEntraScene();
    const driver = scene.holding(hourly(() => thrown).inner);
    expect(await rejection(scene.startWith(driver))).toMatchObject(judged);
    expect(scene.azure.requests()).toEqual([]);
  });
});
