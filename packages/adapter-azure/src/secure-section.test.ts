import { describe, expect, test } from 'vitest';
import type { AzureOptions } from './config/options.ts';
import { connected, openRecorder, withoutCallbacks } from './testing/recorder-scene.ts';
import { rejection } from './testing/scene.ts';

const limit = { maxMs: 60_000 };

async function recording(behaviour = {}, driver: Partial<AzureOptions> = {}) {
  const opened = await openRecorder({ resource: { behaviour } }, driver);
  const { clock, azure } = opened.scene;
  const { call, ref } = await connected(opened.scene);
  const session = await clock.until(opened.recorder.start({ call: ref }));
  await clock.advance(3_000);
  const [recordingId = ''] = azure.recordingIds();
  const service = opened.scene.driver.native().recording;
  const says = async () => (await service.getState(recordingId)).recordingState;
  return { opened, call, session, clock, azure, recordingId, service, says };
}

const learnt: readonly [string, Partial<AzureOptions>][] = [
  ['by callbacks', {}],
  ['by asking alone', withoutCallbacks],
];

describe.each(learnt)('learnt %s', (_how, driver) => {
  test('the function runs once the service records nothing, and not before', async () => {
    const { opened, call, session, clock, says } = await recording({ settleMs: 6_000 }, driver);
    await using _ = opened;
    expect(await clock.until(session.secureSection(says, limit))).toBe('inactive');
    expect(await says()).toBe('active');
    expect((await session.snapshot()).pauses).toHaveLength(1);
    call.end();
  });

  test('a call that ends while the pause is on its way is inactive, and no pause: the function never runs', async () => {
    const { opened, call, session, clock } = await recording({ settleMs: 6_000 }, driver);
    await using _ = opened;
    let ran = false;
    const section = session.secureSection(() => {
      ran = true;
    }, limit);
    const refused = rejection(section);
    await clock.advance(1_000);
    call.end();
    expect(await clock.until(refused)).toMatchObject({ code: 'invalid-state' });
    expect(ran).toBe(false);
    const { endReason, pauses } = await clock.until(session.settled());
    expect(endReason).toBe('call-ended');
    // What came by callback may have been the pause, in the last moment: it lasted no time.
    expect(pauses.filter(({ from, to }) => from !== to)).toEqual([]);
  });

  test('a pause that is accepted and never happens is not proven, and the function never runs', async () => {
    const { opened, call, session, clock, azure } = await recording({}, driver);
    await using _ = opened;
    azure.faults.next({ match: 'PauseRecording', fault: { status: 202 } });
    let ran = false;
    const section = session.secureSection(() => {
      ran = true;
    }, limit);
    expect(await clock.until(rejection(section))).toMatchObject({ code: 'timeout' });
    expect([ran, (await session.snapshot()).state]).toEqual([false, 'recording']);
    call.end();
  });

  test('in that case the recording is stopped where that was asked for', async () => {
    const { opened, session, clock, azure } = await recording({}, driver);
    await using _ = opened;
    azure.faults.next({ match: 'PauseRecording', fault: { status: 202 } });
    const section = session.secureSection(() => expect.unreachable(), { ...limit, onUnproven: 'stop' });
    expect(await clock.until(rejection(section))).toMatchObject({ code: 'timeout' });
    expect((await session.snapshot()).state).toBe('processing');
    await clock.until(session.settled());
  });

  test('an answer that was lost, and a repeated pause that 8573 refuses, end in a proven pause', async () => {
    const strict = { redundantCommands: 'refuse', overlappingCommands: 'conflict' };
    const { opened, call, session, clock, azure, says } = await recording(strict, driver);
    await using _ = opened;
    azure.faults.next({ match: 'PauseRecording', fault: 'drop-before-answer' });
    expect(await clock.until(session.secureSection(says, limit))).toBe('inactive');
    call.end();
  });

  test('a process that dies in the section leaves the recording paused, for whoever comes next', async () => {
    const { opened, call, session, clock, says } = await recording({}, driver);
    await using _ = opened;
    void session.secureSection(() => clock.delay(600_000), { maxMs: 30_000 }).catch(() => undefined);
    await clock.advance(10_000);
    opened.crash();
    const again = await opened.recorder.attach(session.id);
    await clock.advance(600_000);
    expect([await says(), (await again.snapshot()).state]).toEqual(['inactive', 'paused']);
    expect(opened.scene.requests('ResumeRecording')).toEqual([]);
    await clock.until(again.resume());
    expect(await says()).toBe('active');
    call.end();
  });
});

test('RecordingStateChanged that is lost is made good by a question', async () => {
  const { opened, call, session, clock, azure, says } = await recording();
  await using _ = opened;
  azure.eventFaults.next({ match: 'RecordingStateChanged', fault: 'lost', times: 2 });
  expect(await clock.until(session.secureSection(says, limit))).toBe('inactive');
  expect(await says()).toBe('active');
  call.end();
});

test('inactive of an end that nobody can tell from a pause at the time proves nothing', async () => {
  const { opened, call, session, clock, azure } = await recording({ settleMs: 6_000 });
  await using _ = opened;
  azure.faults.next({ match: 'GetRecordingProperties', fault: { status: 503 }, times: 4 });
  const section = session.secureSection(() => expect.unreachable(), limit);
  const refused = rejection(section);
  await clock.advance(1_000);
  call.end();
  expect(await clock.until(refused)).toMatchObject({ code: 'invalid-state' });
});

describe('inactive of an earlier pause that is told late', () => {
  test.each([
    ['although the resume between was told', 0],
    ['and the resume between was never told', 1],
  ])('proves no later one, %s', async (_name, lost) => {
    const { opened, call, session, clock, azure } = await recording();
    await using _ = opened;
    azure.eventFaults.next({ match: 'RecordingStateChanged', fault: { delayMs: 40_000 } });
    if (lost > 0) azure.eventFaults.next({ match: 'RecordingStateChanged', fault: 'lost' });
    await clock.until(session.pause());
    await clock.until(session.resume());
    await clock.advance(25_000);
    azure.faults.next({ match: 'PauseRecording', fault: { status: 202 } });
    const section = session.secureSection(() => expect.unreachable(), limit);
    expect(await clock.until(rejection(section))).toMatchObject({ code: 'timeout' });
    expect((await session.snapshot()).state).toBe('recording');
    call.end();
  });
});

test('a resume by somebody else in the section aborts it, and the section is a conflict', async () => {
  const { opened, call, session, clock, service, recordingId } = await recording();
  await using _ = opened;
  let aborted = false;
  const section = session.secureSection(async ({ signal }) => {
    await service.resume(recordingId);
    await clock.delay(20_000, { signal }).catch(() => undefined);
    aborted = signal.aborted;
  }, limit);
  expect(await clock.until(rejection(section))).toMatchObject({ code: 'conflict' });
  expect(aborted).toBe(true);
  call.end();
});
