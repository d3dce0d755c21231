import { generateKeyPairSync, sign } from 'node:crypto';
import type { Clock, InboundRequest } from '@onrecord/core';
import { listen, sendAnswer } from '@onrecord/simulator';
import { exportJWK, type GenerateKeyPairResult, generateKeyPair, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import type { CallbackTokenOptions } from '../config/options.ts';
import { callbackEvent, callbackWith } from '../testing/post-events.ts';
import { openScene, rejection } from '../testing/scene.ts';

const issuer = 'https://acscallautomation.communication.azure.com';
const audience = '0b6ad2b5-6b1a-4b5e-9c0e-2f6c2a6f6b10';

type Claims = Readonly<Record<string, unknown>>;

/** Keys are slow to make, and which one has which id is up to a test. */
const pairs: readonly Promise<GenerateKeyPairResult>[] = [generateKeyPair('RS256'), generateKeyPair('RS256')];

/** A key server that a test can rotate and break, and a driver that trusts it alone. */
async function openIssuer(options: Partial<CallbackTokenOptions> = {}) {
  const served = new Map<string, number>();
  const state = {
    fetches: 0,
    answer: undefined as { readonly status: number; readonly body?: string } | 'never' | undefined,
  };
  const endpoint = await listen(async (incoming, response) => {
    state.fetches += 1;
    if (state.answer === 'never') return;
    if (state.answer) return sendAnswer(incoming, response, state.answer);
    const keys = [...served].map(async ([kid, pair]) => ({
      ...(await exportJWK((await pairs[pair]!).publicKey)),
      kid,
      use: 'sig',
      alg: 'RS256',
    }));
    sendAnswer(incoming, response, { status: 200, body: JSON.stringify({ keys: await Promise.all(keys) }) });
  });
  served.set('k1', 0);
  const scene = await openScene({
    driver: { client: {}, jwt: { audience, jwksUrl: `${endpoint.origin}/keys`, ...options } },
  });
  // The scene's own driver has fetched the keys for the notices of its call.
  const driver = scene.another();
  state.fetches = 0;
  const token = async (
    claims: Claims = {},
    { pair = 0, kid = 'k1' }: { readonly pair?: number; readonly kid?: string } = {},
  ) => {
    const now = Math.floor(scene.clock.now() / 1000);
    const payload = { iss: issuer, aud: audience, iat: now, nbf: now, exp: now + 300, ...claims };
    const { privateKey } = await pairs[pair]!;
    return new SignJWT(payload).setProtectedHeader({ alg: 'RS256', ...(kid === '' ? {} : { kid }) }).sign(privateKey);
  };
  const request = (bearer: string): InboundRequest => ({
    ...callbackWith(scene, [callbackEvent('CallConnected', { callConnectionId: 'leg' })]),
    headers: { authorization: `Bearer ${bearer}` },
  });
  const send = async (bearer: Promise<string>, clock: Clock = scene.clock) =>
    driver.parse(request(await bearer), { ...scene.context, clock });
  return {
    scene,
    served,
    state,
    token,
    accepted: async (bearer: Promise<string>) => (await send(bearer)).calls.length === 1,
    refused: (bearer: Promise<string>, clock?: Clock) => rejection(send(bearer, clock)),
    async [Symbol.asyncDispose]() {
      await scene[Symbol.asyncDispose]();
      await endpoint.close();
    },
  };
}

const seconds = (opened: Awaited<ReturnType<typeof openIssuer>>, from: number) =>
  Math.floor(opened.scene.clock.now() / 1000) + from;

describe('a token', () => {
  test('of the issuer, for the `jwt.audience`, holds; so does each of several', async () => {
    await using opened = await openIssuer({ audience: ['another', audience] });
    expect(await opened.accepted(opened.token())).toBe(true);
    expect(await opened.accepted(opened.token({ aud: [audience, 'third'] }))).toBe(true);
  });

  test.each<[string, (now: number) => Claims, string]>([
    ['for another audience', () => ({ aud: 'another' }), 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['for nobody', () => ({ aud: undefined }), 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['of another issuer', () => ({ iss: 'https://evil.example' }), 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['of nobody', () => ({ iss: undefined }), 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['that has expired', (now) => ({ exp: now - 31 }), 'ERR_JWT_EXPIRED'],
    ['that never expires', () => ({ exp: undefined }), 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['that is not valid yet', (now) => ({ nbf: now + 31 }), 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['from the future', (now) => ({ nbf: undefined, iat: now + 31 }), 'issued in the future'],
  ])('%s does not', async (_name, claims, why) => {
    await using opened = await openIssuer();
    const error = await opened.refused(opened.token(claims(seconds(opened, 0))));
    expect(error).toMatchObject({ code: 'signature-invalid', message: expect.stringContaining(why) });
  });

  test('of another cloud holds where `jwt.issuer` names it, and that of the default does not', async () => {
    await using opened = await openIssuer({ issuer: 'https://acscallautomation.communication.azure.us' });
    expect(await opened.accepted(opened.token({ iss: 'https://acscallautomation.communication.azure.us' }))).toBe(true);
    expect(await opened.refused(opened.token())).toMatchObject({ code: 'signature-invalid' });
  });

  test('within `jwt.clockSkewMs` of expiry and beginning still holds', async () => {
    await using opened = await openIssuer({ clockSkewMs: 60_000 });
    expect(await opened.accepted(opened.token({ exp: seconds(opened, -59) }))).toBe(true);
    expect(await opened.accepted(opened.token({ nbf: seconds(opened, 59), iat: seconds(opened, 59) }))).toBe(true);
    expect(await opened.refused(opened.token({ exp: seconds(opened, -61) }))).toMatchObject({
      code: 'signature-invalid',
    });
  });

  test('signed by another key under the right name does not hold, and says nothing of why', async () => {
    await using opened = await openIssuer();
    const bearer = await opened.token({}, { pair: 1 });
    const error = (await opened.refused(Promise.resolve(bearer))) as Error;
    expect(error).toMatchObject({ code: 'signature-invalid' });
    expect(`${error.message}${JSON.stringify(error)}`).not.toContain(bearer.slice(-20));
  });

  test('without a key id holds while there is one key, and not while there are two', async () => {
    await using opened = await openIssuer();
    const bare = () => opened.token({}, { kid: '' });
    expect(await opened.accepted(bare())).toBe(true);
    opened.served.set('k2', 1);
    await opened.scene.clock.advance(601_000);
    expect(await opened.refused(bare())).toMatchObject({ code: 'signature-invalid' });
  });

  test.each(['none', 'HS256', 'RS512', 'PS256'])(
    'that claims to be signed with %s is refused before any key is used',
    async (alg) => {
      await using opened = await openIssuer();
      const [, payload, signature] = (await opened.token()).split('.');
      const header = Buffer.from(JSON.stringify({ alg, kid: 'k1' })).toString('base64url');
      const forged = Promise.resolve(`${header}.${payload}.${signature}`);
      expect(await opened.refused(forged)).toMatchObject({ code: 'signature-invalid' });
    },
  );

  test.each(['jwk', 'jku', 'x5u', 'kid of another kind', 'crit'])(
    'that brings its own key or rules (%s) is judged by the known keys alone',
    async (kind) => {
      await using opened = await openIssuer();
      const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const now = Math.floor(opened.scene.clock.now() / 1000);
      const headers: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
        jwk: { jwk: stranger.publicKey.export({ format: 'jwk' }) },
        jku: { jku: 'https://evil.example/keys' },
        x5u: { x5u: 'https://evil.example/certificate' },
        'kid of another kind': { kid: 7 },
        crit: { crit: ['exp'], exp: now + 300 },
      };
      const protectedHeader = JSON.stringify({ alg: 'RS256', kid: 'k1', ...headers[kind] });
      const payload = JSON.stringify({ iss: issuer, aud: audience, exp: now + 300 });
      const input = [protectedHeader, payload].map((part) => Buffer.from(part).toString('base64url')).join('.');
      const signature = sign('sha256', Buffer.from(input), stranger.privateKey).toString('base64url');
      expect(await opened.refused(Promise.resolve(`${input}.${signature}`))).toMatchObject({
        code: 'signature-invalid',
      });
    },
  );

  test('that is two tokens, or none of the form, is refused', async () => {
    await using opened = await openIssuer();
    const one = await opened.token();
    for (const bearer of [`${one}, Bearer ${one}`, `${one}.x`, 'a.b', '..', `${one} `, 'x'.repeat(1_000_000)]) {
      expect(await opened.refused(Promise.resolve(bearer))).toMatchObject({ code: 'signature-invalid' });
    }
  });
});

describe('the keys of `jwt.jwksUrl`', () => {
  test('are fetched once for many messages, and again after ten minutes', async () => {
    await using opened = await openIssuer();
    for (let message = 0; message < 5; message++) await opened.accepted(opened.token());
    expect(opened.state.fetches).toBe(1);
    await opened.scene.clock.advance(600_000);
    for (let message = 0; message < 5; message++) await opened.accepted(opened.token());
    expect(opened.state.fetches).toBe(2);
  });

  test('are fetched once for many messages that come together', async () => {
    await using opened = await openIssuer();
    const all = await Promise.all(Array.from({ length: 10 }, () => opened.accepted(opened.token())));
    expect(all).toEqual(Array(10).fill(true));
    expect(opened.state.fetches).toBe(1);
  });

  test('may change: an unknown one is looked for, at most every 30 s, and the old one is dropped', async () => {
    await using opened = await openIssuer();
    await opened.accepted(opened.token());
    const renewed = () => opened.token({}, { pair: 1, kid: 'k2' });
    for (let message = 0; message < 5; message++) {
      expect(await opened.refused(renewed())).toMatchObject({ code: 'signature-invalid' });
    }
    expect(opened.state.fetches).toBe(2);
    opened.served.clear();
    opened.served.set('k2', 1);
    await opened.scene.clock.advance(30_000);
    expect(await opened.accepted(renewed())).toBe(true);
    expect(opened.state.fetches).toBe(3);
    expect(await opened.refused(opened.token())).toMatchObject({ code: 'signature-invalid' });
  });

  test('that change right after they were fetched cost no message', async () => {
    await using opened = await openIssuer();
    await opened.accepted(opened.token());
    opened.served.set('k2', 1);
    expect(await opened.accepted(opened.token({}, { pair: 1, kid: 'k2' }))).toBe(true);
  });

  test.each<[string, { readonly status: number; readonly body?: string }]>([
    ['an error', { status: 503 }],
    ['a page', { status: 200, body: '<html></html>' }],
    ['no keys', { status: 200, body: '{"keys":[]}' }],
    ['something else', { status: 200, body: '{"keys":7}' }],
    ['a redirect', { status: 302 }],
  ])(
    'that are answered with %s: known ones go on counting, and an unknown one makes nothing a forgery',
    async (_name, answer) => {
      await using opened = await openIssuer();
      await opened.accepted(opened.token());
      opened.state.answer = answer;
      await opened.scene.clock.advance(3_600_000);
      expect(await opened.accepted(opened.token())).toBe(true);
      const unknown = opened.token({}, { pair: 1, kid: 'k2' });
      expect(await opened.refused(unknown)).toMatchObject({ code: 'unavailable', retry: 'safe', blame: 'provider' });
      opened.state.answer = undefined;
      await opened.scene.clock.advance(30_000);
      expect(await opened.accepted(opened.token())).toBe(true);
    },
  );

  test('that never come are waited for five seconds, and the message may come again', async () => {
    await using opened = await openIssuer();
    opened.state.answer = 'never';
    const { clock } = opened.scene;
    const waited: number[] = [];
    // The clock of the scene stands still while a request of its own process is in flight.
    const delay = async (ms: number) => void waited.push(ms);
    const impatient = { now: () => clock.now(), monotonic: () => clock.monotonic(), delay };
    expect(await opened.refused(opened.token(), impatient)).toMatchObject({ code: 'unavailable' });
    expect(waited).toEqual([5_000]);
    opened.state.answer = undefined;
    await clock.advance(5_000);
    expect(await opened.accepted(opened.token())).toBe(true);
  });

  test('count for a day after they were last seen, and no longer', async () => {
    await using opened = await openIssuer();
    await opened.accepted(opened.token());
    opened.state.answer = { status: 500 };
    await opened.scene.clock.advance(23 * 3_600_000);
    expect(await opened.accepted(opened.token())).toBe(true);
    await opened.scene.clock.advance(3_600_000);
    expect(await opened.refused(opened.token())).toMatchObject({ code: 'unavailable' });
  });
});
