import { type Announcement, createRecorder, memorySessionStore, OnRecordError } from '@onrecord/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { azureServerCall } from './call-ref.ts';
import { knownSubCodes } from './error-table.ts';
import { openScene, rejection, type Scene } from './testing/scene.ts';

type Row = readonly [
  subCode: string,
  status: number,
  to: 'StartRecording' | 'Play',
  code: string,
  retry: string,
  blame: 'caller' | 'provider',
  remedy: RegExp,
];

const speech = /cognitiveServicesEndpoint.*multi-service.*managed identity.*Cognitive Services User.*A file needs none/;

/** Sub-codes with the status beside which they are documented or likeliest, and what is to be made of them. */
const rows: readonly Row[] = [
  ['7500', 401, 'StartRecording', 'unauthenticated', 'never', 'caller', /tenant/],
  ['7501', 401, 'StartRecording', 'unauthenticated', 'never', 'caller', /token is for https:\/\/communication\.azure/],
  ['7502', 403, 'StartRecording', 'permission-denied', 'never', 'caller', /role/],
  ['7504', 403, 'StartRecording', 'permission-denied', 'never', 'caller', /role/],
  ['7505', 403, 'StartRecording', 'permission-denied', 'never', 'caller', /tenant/],
  ['7506', 403, 'StartRecording', 'permission-denied', 'never', 'caller', /access settings/],
  ['7507', 403, 'StartRecording', 'permission-denied', 'never', 'caller', /resource that answered/],
  ['7508', 403, 'StartRecording', 'permission-denied', 'never', 'caller', /not the token of a user/],
  ['7509', 401, 'StartRecording', 'unauthenticated', 'never', 'caller', /access key/],
  ['7510', 403, 'StartRecording', 'permission-denied', 'never', 'caller', /managed identity/],
  ['7600', 403, 'StartRecording', 'permission-denied', 'never', 'caller', /access settings/],
  ['7601', 403, 'StartRecording', 'permission-denied', 'never', 'caller', /resource that answered/],
  ['7602', 403, 'StartRecording', 'permission-denied', 'never', 'caller', /participants/],
  ['7603', 403, 'StartRecording', 'permission-denied', 'never', 'caller', /participants/],
  ['7604', 403, 'StartRecording', 'permission-denied', 'never', 'caller', /Teams interoperability/],
  ['7605', 403, 'StartRecording', 'permission-denied', 'never', 'caller', /recording of Teams calls/],
  ['7606', 403, 'Play', 'unsupported', 'never', 'caller', speech],
  ['8500', 400, 'Play', 'invalid-state', 'never', 'caller', /media operation is over/],
  ['8501', 400, 'StartRecording', 'invalid-state', 'exhausted', 'caller', /call\.connected/],
  ['8502', 400, 'StartRecording', 'invalid-state', 'never', 'caller', /call\.connected/],
  ['8503', 400, 'Play', 'invalid-state', 'never', 'caller', /call\.connected/],
  ['8504', 400, 'Play', 'invalid-state', 'never', 'caller', /call\.connected/],
  ['8506', 400, 'StartRecording', 'unsupported', 'never', 'caller', /no calls of this kind/],
  ['8508', 400, 'Play', 'aborted', 'never', 'caller', /cancelled/],
  ['8511', 500, 'Play', 'unavailable', 'never', 'provider', /request id/],
  ['8515', 400, 'StartRecording', 'invalid-state', 'never', 'caller', /longest time/],
  ['8516', 429, 'StartRecording', 'rate-limited', 'safe', 'provider', /fewer/],
  ['8517', 403, 'StartRecording', 'permission-denied', 'never', 'caller', /resource that answered/],
  ['8518', 500, 'StartRecording', 'unavailable', 'only-with-same-key', 'provider', /request id/],
  ['8519', 409, 'StartRecording', 'conflict', 'safe', 'provider', /one thing/],
  ['8520', 405, 'StartRecording', 'unsupported', 'never', 'caller', /limitations/],
  ['8522', 404, 'StartRecording', 'not-found', 'exhausted', 'caller', /call is over/],
  ['8522', 405, 'Play', 'unsupported', 'never', 'caller', /when the call is answered/],
  ['8523', 400, 'StartRecording', 'invalid-request', 'never', 'caller', /names the field/],
  ['8524', 400, 'StartRecording', 'invalid-request', 'never', 'caller', /no calls of this kind/],
  ['8525', 400, 'StartRecording', 'invalid-request', 'never', 'caller', /no calls of this kind/],
  ['8528', 400, 'StartRecording', 'invalid-state', 'exhausted', 'caller', /call is over/],
  ['8529', 403, 'StartRecording', 'quota-exceeded', 'never', 'caller', /month/],
  ['8530', 429, 'StartRecording', 'rate-limited', 'safe', 'provider', /raise the limit/],
  ['8535', 400, 'Play', 'invalid-request', 'never', 'caller', /WAV file, mono, 16 bit, 16 kHz/],
  ['8536', 400, 'Play', 'not-found', 'never', 'caller', speech],
  ['8543', 404, 'StartRecording', 'not-found', 'exhausted', 'caller', /call is over/],
  ['8548', 400, 'StartRecording', 'invalid-request', 'never', 'caller', /serverCallId/],
  ['8553', 400, 'StartRecording', 'conflict', 'exhausted', 'caller', /recorded already/],
  ['8554', 400, 'Play', 'invalid-state', 'never', 'caller', /on hold/],
  ['8556', 400, 'StartRecording', 'unsupported', 'never', 'caller', /no calls of this kind/],
  ['8557', 400, 'StartRecording', 'invalid-request', 'never', 'caller', /outputs/],
  ['8558', 404, 'Play', 'not-found', 'never', 'caller', /participants/],
  ['8559', 400, 'StartRecording', 'conflict', 'exhausted', 'caller', /recorded already/],
  ['8562', 400, 'StartRecording', 'unsupported', 'never', 'caller', /outputs/],
  ['8564', 500, 'Play', 'unavailable', 'never', 'provider', speech],
  ['8565', 400, 'Play', 'invalid-request', 'never', 'caller', /language, voice and SSML/],
  ['8565', 401, 'Play', 'unauthenticated', 'never', 'caller', speech],
  ['8565', 403, 'Play', 'quota-exceeded', 'never', 'caller', /quota/],
  ['8565', 408, 'Play', 'timeout', 'never', 'provider', /shorter text/],
  ['8565', 429, 'Play', 'rate-limited', 'safe', 'provider', /Too many announcements/],
  ['8565', 500, 'Play', 'unavailable', 'never', 'provider', speech],
  ['8567', 400, 'Play', 'unsupported', 'never', 'caller', speech],
  ['8568', 400, 'Play', 'unsupported', 'never', 'caller', speech],
  ['8571', 409, 'StartRecording', 'conflict', 'safe', 'provider', /sent again/],
  ['8572', 500, 'Play', 'unavailable', 'never', 'provider', /request id/],
  ['8573', 400, 'StartRecording', 'invalid-state', 'never', 'caller', /paused while it records/],
  ['8582', 400, 'Play', 'invalid-request', 'never', 'caller', /text/],
  ['8583', 412, 'Play', 'invalid-state', 'never', 'caller', /media operation is over/],
  ['8585', 400, 'Play', 'invalid-state', 'never', 'caller', /call\.connected/],
  ['8589', 429, 'StartRecording', 'rate-limited', 'safe', 'provider', /fewer/],
  ['8606', 400, 'StartRecording', 'invalid-request', 'never', 'caller', /participants/],
  ['8608', 400, 'StartRecording', 'provider-contract', 'never', 'provider', /request id/],
  ['9001', 500, 'StartRecording', 'unavailable', 'only-with-same-key', 'provider', /request id/],
  ['9002', 504, 'StartRecording', 'unavailable', 'only-with-same-key', 'provider', /request id/],
  ['9003', 500, 'StartRecording', 'unavailable', 'only-with-same-key', 'provider', /request id/],
  ['9998', 500, 'StartRecording', 'unavailable', 'only-with-same-key', 'provider', /request id/],
  ['9999', 500, 'StartRecording', 'unavailable', 'only-with-same-key', 'provider', /request id/],
  ['10057', 408, 'StartRecording', 'unavailable', 'never', 'provider', /signed in/],
  ['10105', 403, 'StartRecording', 'permission-denied', 'never', 'caller', /Teams channel/],
  ['UserLicenseNotPresentForbidden', 403, 'StartRecording', 'permission-denied', 'never', 'caller', /licences/],
];

const announcement: Announcement = { text: 'This call is recorded.' };
const said = 'Refused, see https://acct.blob.core.windows.net/p/a.wav?sv=2024&sig=abc%3D for more.';

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
});
afterAll(() => scene[Symbol.asyncDispose]());

/** The next request of this kind is answered so. */
function fault(to: Row[2], status: number, code: string): void {
  const body = JSON.stringify({ error: { code, message: said } });
  const headers = { 'content-type': 'application/json; charset=utf-8', 'x-microsoft-skype-chain-id': `chain-${code}` };
  scene.azure.faults.next({ match: to, fault: { status, headers, body } });
}

test('every sub-code of the table stands in the table of this test', () => {
  expect([...new Set(rows.map(([subCode]) => subCode))]).toEqual(knownSubCodes.toSorted(numerically));
});

function numerically(left: string, right: string): number {
  return (Number(left) || Number.POSITIVE_INFINITY) - (Number(right) || Number.POSITIVE_INFINITY);
}

test.each(rows)('sub-code %s with status %i to %s is judged: %s, retry %s, blame %s', async (...row) => {
  const [subCode, status, to, code, retry, blame, remedy] = row;
  fault(to, status, subCode);
  const work =
    to === 'Play'
      ? scene.driver.doAnnounce(scene.ref, announcement, { announcementId: 'n' }, scene.context)
      : scene.driver.doStart(scene.plan(), scene.context);
  const judged = scene.driver.classifyError(await rejection(work));
  expect(judged).toMatchObject({ code, retry, blame, providerCode: subCode, requestId: `chain-${subCode}` });
  expect(judged.message).toBe(
    `Azure answered ${status}/${subCode}: Refused, see https://acct.blob.core.windows.net/p/a.wav?[secret] for more.`,
  );
  expect(judged.remedy).toMatch(remedy);
});

/** Of dialling, digits and transcription, which this adapter asks for nowhere. */
test.each([
  ['8510', 400, 'invalid-request'],
  ['8512', 500, 'unavailable'],
  ['8531', 400, 'invalid-request'],
  ['8532', 400, 'invalid-request'],
  ['8539', 486, 'provider-contract'],
  ['8578', 500, 'unavailable'],
])('sub-code %s is left to its status %i: %s', async (subCode, status, code) => {
  fault('StartRecording', status, subCode);
  const judged = scene.driver.classifyError(await rejection(scene.driver.doStart(scene.plan(), scene.context)));
  expect(judged).toMatchObject({ code, providerCode: subCode });
});

const starts = rows.filter(([, , to]) => to === 'StartRecording');
const repeated = ['safe', 'only-with-same-key'];

test.each(starts.filter((row) => repeated.includes(row[4])))(
  'a start answered %s with status %i is repeated as the same request, and records',
  async (subCode, status) => {
    const { call, ref } = await connected();
    await using recorder = createRecorder(scene.driver, { clock: scene.clock });
    const before = scene.requests('StartRecording').length;
    fault('StartRecording', status, subCode);
    const session = await scene.clock.until(recorder.start({ call: ref }));
    expect((await session.snapshot()).state).toBe('recording');
    const [refused, taken] = scene.requests('StartRecording').slice(before);
    expect([refused?.status, taken?.status]).toEqual([status, 200]);
    expect(scene.requests('StartRecording')).toHaveLength(before + 2);
    call.end();
  },
);

test.each(starts.filter((row) => !repeated.includes(row[4])))(
  'a start answered %s with status %i fails its session, and is not sent again',
  async (subCode, status, _to, code) => {
    const { call, ref } = await connected();
    const store = memorySessionStore();
    await using recorder = createRecorder(scene.driver, { clock: scene.clock, store });
    const before = scene.requests('StartRecording').length;
    fault('StartRecording', status, subCode);
    const error = await rejection(scene.clock.until(recorder.start({ call: ref })));
    expect(OnRecordError.is(error) && { code: error.code, told: error.context }).toMatchObject({
      code,
      told: { providerCode: subCode, requestId: `chain-${subCode}` },
    });
    await scene.clock.advance(60_000);
    expect(scene.requests('StartRecording')).toHaveLength(before + 1);
    const [sessionId = ''] = await store.list();
    expect((await store.load(sessionId))?.snapshot).toMatchObject({ state: 'failed' });
    call.end();
  },
);

test.each(rows.filter(([, , to]) => to === 'Play'))(
  'an announcement answered %s with status %i is played once or not at all',
  async (subCode, status, _to, code, retry) => {
    const { call, ref } = await connected();
    await using recorder = createRecorder(scene.driver, { clock: scene.clock });
    const before = scene.requests('Play').length;
    fault('Play', status, subCode);
    const work = scene.clock.until(recorder.announce(ref, announcement));
    if (retry === 'safe') {
      await work;
      expect(scene.requests('Play').slice(before)).toMatchObject([{ status }, { status: 202 }]);
    } else {
      expect(await rejection(work)).toMatchObject({ code, context: { providerCode: subCode } });
      expect(scene.requests('Play')).toHaveLength(before + 1);
    }
    call.end();
  },
);

async function connected() {
  const call = scene.place();
  await scene.clock.advance(1_000);
  return { call, ref: azureServerCall(call.ids()) };
}
