import { OnRecordError } from '@onrecord/core';
import { describe, expect, test } from 'vitest';
import { clockAdvice } from './clock-skew.ts';
import { classifyAzureError } from './errors.ts';
import { openScene, rejection } from './testing/scene.ts';

const hour = 3_600_000;

test.each<[string, number, RegExp | undefined]>([
  ['ahead', hour, /it is 60 minutes ahead of that of Azure/],
  ['behind', -20 * 60_000, /it is 20 minutes behind that of Azure/],
  ['right', 2_000, undefined],
  ['a little off', -4 * 60_000, undefined],
])('7509: a signature is refused and our clock is %s', async (_name, offMs, advice) => {
  await using scene = await openScene();
  const date = new Date(Date.now() - offMs).toUTCString();
  const body = JSON.stringify({ error: { code: '7509', message: 'The HMAC signature is wrong.' } });
  scene.azure.faults.next({ match: 'StartRecording', fault: { status: 401, headers: { date }, body } });
  const error = await rejection(scene.driver.doStart(scene.plan(), scene.context));
  const judged = classifyAzureError(error);
  expect(judged).toMatchObject({ code: 'unauthenticated', retry: 'never', blame: 'caller', providerCode: '7509' });
  const { message } = OnRecordError.wrap(error, judged, {});
  if (advice) expect(message).toMatch(advice);
  else expect(message).toMatch(/Check that the access key belongs to this resource/);
});

describe('nothing is said of the clock', () => {
  test.each<[string, string | undefined, string | undefined]>([
    ['where we signed nothing', undefined, 'Mon, 05 Jan 2026 09:00:00 GMT'],
    ['where the answer has no date', 'Mon, 05 Jan 2026 09:00:00 GMT', undefined],
    ['where a date is none', 'yesterday', 'Mon, 05 Jan 2026 09:00:00 GMT'],
  ])('%s', (_name, signedAt, answeredAt) => {
    expect(clockAdvice(signedAt, answeredAt)).toBeUndefined();
  });

  test('where we came by a token', async () => {
    await using scene = await openScene();
    const credential = { getToken: async () => ({ token: 'wrong', expiresOnTimestamp: Date.now() + hour }) };
    const driver = scene.another({ connectionString: undefined, endpoint: scene.azure.endpoint, credential });
    const date = new Date(Date.now() - hour).toUTCString();
    scene.azure.faults.next({ match: 'StartRecording', fault: { status: 401, headers: { date } } });
    const judged = classifyAzureError(await rejection(driver.doStart(scene.plan(), scene.context)));
    expect(judged.remedy).toMatch(/Check credential and endpoint/);
  });
});
