import { createRecorder, defineFlow } from '@onrecord/core';
import { SipRule, startChime, tone } from '@onrecord/simulator';
import { describe, expect, test } from 'vitest';
import { chimeSma } from '../control/driver.ts';
import {
  APPLICATION,
  announceThenRecord,
  CALLER,
  CALLER_HZ,
  openSmaScene,
  receiveDigits,
} from '../testing/sma-scene.ts';
import { unreliableStore } from '../testing/unreliable-store.ts';
import { createSmaHandler, type Ivr, type SmaEvent } from './index.ts';

/** Keys 1 and 2 pause and resume. */
const keys: Ivr = (event, { turn, sessionIds }) => {
  const [session] = sessionIds;
  if (event.ActionData?.Type === 'StartCallRecording') return { after: [receiveDigits(event)] };
  if (event.InvocationEventType !== 'DIGITS_RECEIVED' || !session) return undefined;
  if (event.ActionData?.['ReceivedDigits'] === '1') turn.pause(session);
  if (event.ActionData?.['ReceivedDigits'] === '2') turn.resume(session);
  return undefined;
};

/**
 * A call that us-east-1 records and us-west-2 takes over, with a function that shares nothing with the first but the
 * store, or not even that.
 */
async function takenOver(health: 'well' | 'down') {
  const store = unreliableStore();
  let eastIsDown = false;
  const scene = await openSmaScene({
    store,
    onCall: announceThenRecord,
    ivr: keys,
    printed: (event) => {
      if (eastIsDown) throw new Error('the region is down');
      return event;
    },
  });
  const west = await startChime({ clock: scene.clock, s3: scene.s3, region: 'us-west-2' });
  const seen: { event: SmaEvent; types: readonly string[] | undefined }[] = [];
  const handler = createSmaHandler({
    store,
    ivr: keys,
    clock: scene.clock,
    landing: { bucket: 'recordings', prefix: 'calls' },
    deployment: 'test',
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    flow: defineFlow({ announce: 'required', pause: 'required' }, { onCall: announceThenRecord }),
  });
  await handler.ready;
  const second = west.sipMediaApplication(async (event) => {
    const answer = await handler(event);
    seen.push({ event, types: answer.Actions?.map(({ Type }) => Type) });
    return answer;
  });
  const targets = [
    { application: scene.application, priority: 1 },
    { application: second, priority: 2 },
  ];
  store.health = health;
  const rule = new SipRule(targets, { handsOver: 'any-event' });
  const call = rule.placeInboundCall({ from: CALLER, to: APPLICATION, source: tone(CALLER_HZ) });
  await scene.pass(10_000);
  eastIsDown = true;
  void call.press('1');
  await scene.pass(20_000);
  return {
    scene,
    store,
    west,
    second,
    seen,
    call,
    story: () => seen.map(({ event, types }) => `${event.InvocationEventType} → ${types?.join(' ') ?? '-'}`),
    [Symbol.asyncDispose]: async () => {
      await west.close();
      await scene[Symbol.asyncDispose]();
    },
  };
}

describe('a SIP media application of another region that takes a call over', () => {
  test.each(['well', 'down'] as const)(
    'goes on with the same session in a cold process, while the store is %s',
    async (health) => {
      await using one = await takenOver(health);
      const { scene, call, store } = one;
      expect(one.story()).toEqual(['DIGITS_RECEIVED → PauseCallRecording', 'ACTION_SUCCESSFUL → -']);
      void call.press('2');
      await scene.pass(20_000);
      expect(one.story().slice(2)).toEqual(['DIGITS_RECEIVED → ResumeCallRecording', 'ACTION_SUCCESSFUL → -']);
      store.health = 'well';
      call.hangUp();
      await scene.pass(10_000);
      const records = await scene.records();
      expect(records).toHaveLength(1);
      expect(records[0]?.snapshot).toMatchObject({ endReason: 'call-ended', anomalies: [] });
      expect(records[0]?.snapshot.commands.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
        'start confirmed',
        'pause confirmed',
        'resume confirmed',
      ]);
      expect(scene.s3.list('recordings', `calls/${records[0]?.id}/`)).toHaveLength(1);
    },
  );

  test('is where commands of other processes go from then on', async () => {
    await using one = await takenOver('well');
    const { scene, west, second, store } = one;
    const [record] = await scene.records();
    expect(record?.call).toMatchObject({ region: 'us-east-1', data: { sipMediaApplicationId: scene.application.id } });
    expect(record?.parts[0]?.facts).toMatchObject({ sipMediaApplicationId: second.id, region: 'us-west-2' });
    const recorder = createRecorder(chimeSma({ ...west.clientConfig(), sipMediaApplicationId: scene.application.id }), {
      store,
      deployment: 'test',
      clock: scene.clock,
      worker: false,
    });
    const session = await recorder.attach(record!.id);
    await scene.clock.until(session.resume(), 60_000);
    expect((await session.snapshot()).state).toBe('recording');
    expect(west.requests()).toMatchObject([{ operation: 'UpdateSipMediaApplicationCall' }]);
    expect(one.story().at(-2)).toBe('CALL_UPDATE_REQUESTED → ResumeCallRecording');
  });
});
