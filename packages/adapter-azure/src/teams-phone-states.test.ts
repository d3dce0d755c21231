import { describe, expect, test } from 'vitest';
import { connected, openRecorder, refusal } from './testing/recorder-scene.ts';
import { rejection } from './testing/scene.ts';

type Answer = readonly [status: 200 | 202 | 204, recordingId: 'in-answer' | 'in-event'];

/** The answers to a start that the pages of Teams Phone leave possible. */
const answers: readonly Answer[] = [
  [200, 'in-answer'],
  [202, 'in-answer'],
  [202, 'in-event'],
  [204, 'in-event'],
];

async function open([teamsPhoneStartStatus, teamsPhoneRecordingId]: Answer = [202, 'in-event'], behaviour = {}) {
  const opened = await openRecorder({
    resource: { behaviour: { teamsPhoneStartStatus, teamsPhoneRecordingId, ...behaviour } },
    placement: { profile: 'teams-phone' },
    driver: { profile: 'teams-phone' },
  });
  const { call, ref } = await connected(opened.scene);
  return { opened, call, ref, clock: opened.scene.clock, azure: opened.scene.azure };
}

describe.each(answers)('a start on Teams Phone that is answered %i, with the recordingId %s', (...answer) => {
  test('records, pauses, resumes and stops, each proven, and brings its file', async () => {
    const { opened, ref, clock } = await open(answer);
    await using _ = opened;
    const session = await clock.until(opened.recorder.start({ call: ref }));
    expect((await session.snapshot()).state).toBe('recording');
    await clock.advance(5_000);
    await clock.until(session.pause());
    expect((await session.snapshot()).state).toBe('paused');
    await clock.until(session.resume());
    await clock.advance(5_000);
    await clock.until(session.stop());
    const settled = await clock.until(session.settled());
    expect(settled).toMatchObject({ state: 'completed', endReason: 'requested', verdict: 'present', anomalies: [] });
    expect(opened.scene.requests('StartRecording')).toHaveLength(1);
  });

  test('keeps a card number out: the function runs once nothing is recorded', async () => {
    const { opened, call, ref, clock, azure } = await open(answer, { settleMs: 6_000 });
    await using _ = opened;
    const session = await clock.until(opened.recorder.start({ call: ref }));
    const { recording } = opened.scene.driver.native();
    const [recordingId = ''] = azure.recordingIds();
    const says = async () => (await recording.getState(recordingId)).recordingState;
    expect(await clock.until(session.secureSection(says, { maxMs: 60_000 }))).toBe('inactive');
    call.end();
  });

  test('whose answer is lost is made good by the token, and happens once', async () => {
    const { opened, call, ref, clock, azure } = await open(answer);
    await using _ = opened;
    azure.faults.next({ match: 'StartRecording', fault: 'drop-before-answer' });
    const session = await clock.until(opened.recorder.start({ call: ref }));
    expect((await session.snapshot()).state).toBe('recording');
    expect(azure.recordingIds()).toHaveLength(1);
    await clock.advance(5_000);
    call.end();
    await clock.until(session.settled());
  });

  test('loses no stop that was asked for at once', async () => {
    const { opened, call, ref, clock } = await open(answer);
    await using _ = opened;
    const session = await clock.until(opened.recorder.start({ call: ref }, { until: 'accepted' }));
    await clock.until(session.stop());
    expect((await session.snapshot()).parts).toMatchObject([{ state: 'ended' }]);
    call.end();
  });
});

test('StartRecordingFailed on Teams Phone fails the session, with advice', async () => {
  const { opened, ref, clock, azure } = await open();
  await using _ = opened;
  azure.failNextStart({ code: 403, subCode: 10105, message: 'NoPermission' });
  const error = await rejection(clock.until(opened.recorder.start({ call: ref })));
  expect(error).toMatchObject({
    code: 'permission-denied',
    message: '403/10105 NoPermission. Enable the Teams channel of the bot, and check its settings.',
  });
});

test('a stop on Teams Phone that is answered 404/8522 although the files come later loses nothing', async () => {
  const { opened, call, ref, clock, azure } = await open();
  await using _ = opened;
  const session = await clock.until(opened.recorder.start({ call: ref }));
  await clock.advance(5_000);
  azure.faults.next({ match: 'StopRecording', fault: refusal(404, '8522') });
  await clock.until(session.stop());
  call.end();
  expect(await clock.until(session.settled())).toMatchObject({ state: 'completed', verdict: 'present' });
});

test('`inactive` that nothing explains on Teams Phone is unknown-inactive, and nothing is resumed', async () => {
  const { opened, call, ref, clock, azure } = await open();
  await using _ = opened;
  const session = await clock.until(opened.recorder.start({ call: ref }));
  azure.eventFaults.next({ match: 'RecordingStateChanged', fault: 'lost' });
  const [recordingId = ''] = azure.recordingIds();
  await opened.scene.driver.native().recording.pause(recordingId);
  await clock.advance(120_000);
  expect(await session.snapshot()).toMatchObject({ state: 'recording', anomalies: [{ code: 'unknown-inactive' }] });
  expect(opened.scene.requests('ResumeRecording')).toEqual([]);
  call.end();
});

test('an announcement on Teams Phone is played to everybody, and told by PlayCompleted', async () => {
  const { opened, call, ref, clock } = await open();
  await using _ = opened;
  await clock.until(opened.recorder.announce(ref, { text: 'This call is recorded.' }));
  await clock.advance(10_000);
  expect(opened.scene.requests('Play')).toMatchObject([{ status: 202, body: { playTo: [] } }]);
  const told = opened.scene.azure.callbacks().flatMap(({ events }) => events.map(({ type }) => type.split('.').at(-1)));
  expect(told).toContain('PlayCompleted');
  call.end();
});
