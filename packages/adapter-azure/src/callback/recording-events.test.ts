import { describe, expect, test } from 'vitest';
import { callbackEvent, callbackWith, recordingId } from '../testing/post-events.ts';
import { recorded } from '../testing/posted-callback.ts';
import { openScene, rejection } from '../testing/scene.ts';

const path = `calling/recordings/aHR0/cHM6Ly8=/recordingId/${recordingId}`;

/** What an event says that comes to the URL of a recording. */
async function told(name: string, data: object, more: object = {}) {
  const { scene, part, request } = await recorded();
  await using _scene = scene;
  const event = callbackEvent(name, { ...data }, { ...more });
  const parsed = await scene.driver.parse(callbackWith(scene, [event], request), scene.context);
  const commandId = new URL(request.url ?? '').searchParams.get('c');
  return { ...parsed, correlation: part.correlation, commandId };
}

/** The same, where the URL says nothing of a recording. */
async function toldBare(name: string, data: object, more: object = {}) {
  await using scene = await openScene({ driver: { jwt: undefined } });
  return scene.driver.parse(callbackWith(scene, [callbackEvent(name, { ...data }, { ...more })]), scene.context);
}

describe('RecordingStateChanged', () => {
  test('without recordingId finds its recording by the URL alone', async () => {
    const { reports, correlation } = await told('RecordingStateChanged', { state: 'active' });
    expect(reports).toMatchObject([{ subject: { correlation }, seen: { capturing: true } }]);
    expect(reports[0]?.seen).not.toHaveProperty('handle');
  });

  test.each([
    ['source', { source: `${path}/RecordingStateChanged` }],
    ['subject', { subject: path }],
  ])('without recordingId in its data has it from its %s', async (_name, where) => {
    const { reports } = await toldBare('RecordingStateChanged', { state: 'active' }, where);
    expect(reports).toMatchObject([
      {
        subject: { providerKey: `recording/${recordingId}` },
        seen: { handle: { recordingId }, providerKeys: [`recording/${recordingId}`] },
      },
    ]);
  });

  test('without recordingId that says inactive proves nothing by its time, and the service is asked', async () => {
    const { reports, ask, correlation } = await told('RecordingStateChanged', { state: 'inactive' });
    expect(reports).toMatchObject([{ seen: { capturing: false }, clock: { domain: 'none' } }]);
    expect(ask).toEqual([correlation]);
  });

  test('that names no recording in any way is malformed', async () => {
    expect(await rejection(toldBare('RecordingStateChanged', { state: 'active' }))).toMatchObject({
      code: 'invalid-request',
      message: expect.stringContaining('names a recording'),
    });
  });

  test.each(['Active', 'ACTIVE'])('spelt %s says the same', async (state) => {
    const { reports } = await told('RecordingStateChanged', { state, recordingKind: 'AzureCommunicationServices' });
    expect(reports).toMatchObject([{ seen: { capturing: true } }]);
  });

  test.each([
    ['a new word', 'resting'],
    ['no word', undefined],
    ['a number', 1],
  ])('with %s proves nothing, and the service is asked', async (_name, state) => {
    const { reports, ask, correlation } = await told('RecordingStateChanged', { state, recordingId });
    expect(reports).toMatchObject([{ subject: { correlation }, seen: { handle: { recordingId } } }]);
    expect(reports[0]?.seen).not.toHaveProperty('capturing');
    expect(ask).toEqual([correlation]);
  });

  test.each(['yesterday', '', 7, null])('with the time %j has no time', async (time) => {
    const { reports } = await told('RecordingStateChanged', { state: 'active' }, { time });
    expect(reports).toMatchObject([{ clock: { domain: 'none' } }]);
  });

  test('has its time with seven digits and an offset', async () => {
    const time = '2022-08-12T05:35:07.8174402+02:00';
    const { reports } = await told('RecordingStateChanged', { state: 'active' }, { time });
    expect(reports).toMatchObject([{ clock: { at: '2022-08-12T03:35:07.817Z' } }]);
  });
});

describe('StartRecordingFailed', () => {
  test.each<[string, unknown, { readonly code: string; readonly message: string }]>([
    [
      'all of it',
      { code: 403, subCode: 7504, message: 'No.' },
      { code: 'permission-denied', message: expect.stringMatching(/^403\/7504 No\./) },
    ],
    [
      'texts',
      { code: '400', subCode: '8562', message: 'No.' },
      { code: 'unsupported', message: expect.stringMatching(/^400\/8562 No\./) },
    ],
    [
      'a status alone',
      { code: 409 },
      { code: 'conflict', message: expect.stringMatching(/^409 Azure refused the start/) },
    ],
    [
      'a sub-code alone',
      { subCode: 8501 },
      { code: 'invalid-state', message: expect.stringMatching(/^8501 Azure refused the start/) },
    ],
    ['a new sub-code', { code: 400, subCode: 8999 }, { code: 'invalid-request', message: expect.any(String) }],
    ['a message alone', { message: 'No.' }, { code: 'unavailable', message: 'No.' }],
    ['nothing', {}, { code: 'unavailable', message: 'Azure refused the start' }],
    ['null', null, { code: 'unavailable', message: 'Azure refused the start' }],
    ['a list', [7], { code: 'unavailable', message: 'Azure refused the start' }],
    ['a text', 'no', { code: 'unavailable', message: 'Azure refused the start' }],
    [
      'more than was asked for',
      { code: 500, subCode: 9999, message: 'No.', sipDetails: { code: 5 }, q850Details: { code: 1 } },
      { code: 'unavailable', message: expect.stringMatching(/^500\/9999 No\./) },
    ],
    [
      'a secret',
      { code: 400, subCode: 8523, message: 'Bad callback https://u:p@app.example/cb?s=1&k=hush' },
      { code: 'invalid-request', message: expect.not.stringMatching(/hush|u:p/) },
    ],
  ])('refuses the start it was for, with %s in its resultInformation', async (_name, resultInformation, refused) => {
    const { reports, correlation, commandId } = await told('StartRecordingFailed', { recordingId, resultInformation });
    expect(reports).toMatchObject([
      {
        subject: { correlation },
        cause: { commandId },
        seen: {
          capturing: false,
          ended: true,
          endReason: refused.code === 'permission-denied' ? 'permission-denied' : 'never-started',
          refused,
        },
      },
    ]);
  });

  test('without resultInformation, recordingId and time refuses it all the same', async () => {
    const { reports, commandId } = await told('StartRecordingFailed', {}, { time: undefined });
    expect(reports).toMatchObject([{ cause: { commandId }, seen: { ended: true }, clock: { domain: 'none' } }]);
  });

  test('at the URL of a call ends the recording that it names, and is tied to no command', async () => {
    const { reports } = await toldBare('StartRecordingFailed', { recordingId });
    expect(reports).toMatchObject([
      { subject: { providerKey: `recording/${recordingId}` }, cause: { unattributed: true }, seen: { ended: true } },
    ]);
  });
});
