import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import { type AzureTokenFault, CALLBACK_ISSUER } from './index.ts';
import { openScene, type Scene } from './testing/scene.ts';

/** The token of the newest callback; undefined without one. */
function lastToken({ app }: Scene): string | undefined {
  return app.posts.at(-1)?.headers.authorization?.replace('Bearer ', '');
}

/** Why the newest callback's token is not accepted by keys fetched now. */
async function verdict(scene: Scene): Promise<string | undefined> {
  const keys = createRemoteJWKSet(new URL(scene.azure.plain.jwksUrl));
  const { resourceId: audience } = scene.azure;
  const currentDate = new Date(scene.clock.now());
  const options = { issuer: CALLBACK_ISSUER, audience, algorithms: ['RS256'], currentDate };
  return jwtVerify(lastToken(scene) ?? '', keys, options).then(
    () => undefined,
    (error: { code: string; claim?: string }) => [error.code, error.claim].filter(Boolean).join(' '),
  );
}

async function callback(scene: Scene): Promise<void> {
  scene.call.join({ name: `somebody ${scene.app.posts.length}` });
  await scene.clock.idle();
}

test.each<[AzureTokenFault, string]>([
  ['expired', 'ERR_JWT_EXPIRED exp'],
  ['early', 'ERR_JWT_CLAIM_VALIDATION_FAILED nbf'],
  ['foreign-audience', 'ERR_JWT_CLAIM_VALIDATION_FAILED aud'],
  ['foreign-issuer', 'ERR_JWT_CLAIM_VALIDATION_FAILED iss'],
  ['foreign-key', 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED'],
  ['unknown-key', 'ERR_JWKS_NO_MATCHING_KEY'],
  ['unsigned', 'ERR_JOSE_ALG_NOT_ALLOWED'],
  ['symmetric', 'ERR_JOSE_ALG_NOT_ALLOWED'],
  ['missing', 'ERR_JWS_INVALID'],
])('one callback has a token that is %s', async (fault, expected) => {
  await using scene = await openScene();
  scene.azure.tokenFaults.next({ match: 'ParticipantsUpdated', fault });
  await callback(scene);
  expect(await verdict(scene)).toBe(expected);
  expect(lastToken(scene) === undefined).toBe(fault === 'missing');
  await callback(scene);
  expect([await verdict(scene), scene.azure.tokenFaults.pending()]).toEqual([undefined, 0]);
});

test.each([
  ['kept', 2, undefined],
  ['gone', 1, 'ERR_JWKS_NO_MATCHING_KEY'],
] as const)('after a rotation the old key is %s, and the new one signs', async (oldKey, count, ofOld) => {
  await using scene = await openScene();
  const old = lastToken(scene) ?? '';
  const kid = await scene.azure.rotateCallbackKey({ oldKey });
  expect(scene.azure.jwks.keys.map((key) => key.kid)).toHaveLength(count);
  await callback(scene);
  expect(await verdict(scene)).toBeUndefined();
  expect(decodeProtectedHeader(lastToken(scene) ?? '').kid).toBe(kid);
  const keys = createRemoteJWKSet(new URL(scene.azure.plain.jwksUrl));
  const verified = jwtVerify(old, keys, { currentDate: new Date(scene.clock.now()) });
  expect(
    await verified.then(
      () => undefined,
      (error: { code: string }) => error.code,
    ),
  ).toBe(ofOld);
  await using other = await openScene();
  expect(other.azure.jwks.keys.map((key) => key.kid)).not.toContain(kid);
});
