import { deepEqual, equal, ok } from 'node:assert/strict';
import type { InboundRequest, SessionSnapshot } from '@onrecord/core';
import { asked, authenticated, pauses, type RecordingCase, told, toldByEvents, where } from './applicability.ts';
import { forgeries } from './forgery.ts';
import type { Deliver, Interceptor, RecordingHarness } from './harness.ts';
import { audioArtifacts } from './measure.ts';
import { described, pause, quiet, recording, resume, settle, stop } from './scenario.ts';

interface Held {
  readonly request: InboundRequest;
  readonly deliver: Deliver;
}

/** A recording with one pause, from start to settled. */
async function wholeRecording(harness: RecordingHarness): Promise<SessionSnapshot> {
  const running = await recording(harness);
  await harness.clock.advance(2_000);
  if (running.session.pause) {
    await pause(harness, running.session);
    await harness.clock.advance(2_000);
    await resume(harness, running.session);
    await harness.clock.advance(2_000);
  }
  await stop(harness, running.session);
  return settle(harness, running);
}

/** What must come out of {@link wholeRecording}, however its events travelled. */
function isTrue(harness: RecordingHarness, snapshot: SessionSnapshot, canPause: boolean): void {
  deepEqual([snapshot.state, snapshot.endReason, snapshot.verdict], ['completed', 'requested', 'present']);
  equal(snapshot.pauses.length, canPause ? 1 : 0, `the session knows of ${snapshot.pauses.length} pauses`);
  const files = audioArtifacts(snapshot);
  equal(new Set(files.map(({ source }) => source)).size, files.length, 'a file is listed twice');
  equal(new Set(files.map(({ id }) => id)).size, files.length, 'an artifact id is used twice');
  equal(harness.recordings(), snapshot.parts.length, 'the provider began another number of recordings');
}

const canPause = async (harness: RecordingHarness): Promise<boolean> =>
  (await harness.recorder()).capabilities.pause !== false;

export const eventCases: readonly RecordingCase[] = [
  {
    id: 'REC-EVENT-001',
    rule: 'A message delivered three times counts once; who waits for an answer gets the same one each time.',
    appliesTo: told,
    async run(harness) {
      const checked = interceptOneByOne(harness, async (request, deliver) => {
        const first = await deliver(request);
        for (let again = 0; again < 2; again++) {
          const repeated = await deliver(request);
          equal(repeated.taken, first.taken);
          deepEqual(repeated.answer, first.answer, 'a repeated message got another answer');
        }
        return first;
      });
      const snapshot = await checked(wholeRecording(harness));
      isTrue(harness, snapshot, await canPause(harness));
    },
  },
  {
    id: 'REC-EVENT-002',
    rule: 'Events that come in reverse order, all of them late, lead to the same session.',
    appliesTo: where(toldByEvents, asked),
    async run(harness) {
      const held: Held[] = [];
      harness.intercept(async (request, deliver) => {
        held.push({ request, deliver });
        return { taken: true };
      });
      const running = await recording(harness);
      await harness.clock.advance(2_000);
      if (running.session.pause) {
        await pause(harness, running.session);
        await harness.clock.advance(2_000);
        await resume(harness, running.session);
        await harness.clock.advance(2_000);
      }
      await stop(harness, running.session);
      await running.call.end();
      await quiet(harness);
      harness.intercept(undefined);
      for (const { request, deliver } of held.toReversed()) await deliver(request);
      isTrue(harness, await settle(harness, running), running.session.pause !== undefined);
    },
  },
  {
    id: 'REC-EVENT-003',
    rule: 'Commands are confirmed although every event about them is lost: the provider is asked.',
    appliesTo: where(toldByEvents, asked),
    async run(harness) {
      harness.intercept(async () => ({ taken: true }));
      const running = await recording(harness);
      await harness.clock.advance(2_000);
      if (running.session.pause) {
        await pause(harness, running.session);
        await resume(harness, running.session);
        await harness.clock.advance(2_000);
      }
      harness.intercept(undefined);
      await stop(harness, running.session);
      equal((await settle(harness, running)).state, 'completed');
      equal(harness.recordings(), (await running.session.snapshot()).parts.length);
    },
  },
  {
    id: 'REC-EVENT-004',
    rule: 'A forged event is refused and changes nothing; the genuine one after it counts.',
    appliesTo: where(toldByEvents, authenticated),
    async run(harness) {
      let forged = 0;
      const checked = interceptOneByOne(harness, async (request, deliver) => {
        const before = await pushed(harness);
        for (const forgery of [...forgeries(request), ...(harness.forge?.(request) ?? [])]) {
          const { taken } = await deliver(forgery);
          ok(!taken, 'a forged event was taken');
          deepEqual(await pushed(harness), before, 'a forged event reached a session');
          forged += 1;
        }
        return deliver(request);
      });
      const snapshot = await checked(wholeRecording(harness));
      isTrue(harness, snapshot, await canPause(harness));
      ok(forged > 0, 'the provider sent no event');
    },
  },
  {
    id: 'REC-EVENT-005',
    rule: 'What ended stays as it is: every event delivered again after the end changes nothing.',
    appliesTo: toldByEvents,
    async run(harness) {
      const seen: Held[] = [];
      harness.intercept(async (request, deliver) => {
        seen.push({ request, deliver });
        return deliver(request);
      });
      const settled = await wholeRecording(harness);
      harness.intercept(undefined);
      for (const { request, deliver } of [...seen, ...seen.toReversed()]) await deliver(request);
      await quiet(harness);
      const [id] = await harness.store.list();
      const record = await harness.store.load(id ?? '');
      deepEqual(record && described(record.snapshot), described(settled));
    },
  },
  {
    id: 'REC-EVENT-006',
    rule: 'An event of the pause that comes again after the resume does not pause the session in our books.',
    appliesTo: where(toldByEvents, pauses),
    async run(harness) {
      const ofPause: Held[] = [];
      const running = await recording(harness);
      harness.intercept(async (request, deliver) => {
        ofPause.push({ request, deliver });
        return deliver(request);
      });
      await pause(harness, running.session);
      harness.intercept(undefined);
      await resume(harness, running.session);
      for (const { request, deliver } of ofPause) await deliver(request);
      equal((await running.session.snapshot()).state, 'recording');
      await quiet(harness);
      equal((await running.session.snapshot()).state, 'recording');
    },
  },
];

/** Ids of every report that came by event, in all sessions. */
async function pushed(harness: RecordingHarness): Promise<readonly string[]> {
  const records = await Promise.all((await harness.store.list()).map((id) => harness.store.load(id)));
  const reports = records.flatMap((record) => record?.reports ?? []);
  return reports.filter(({ via }) => via === 'push').map(({ reportId }) => reportId);
}

/**
 * Intercepts one message at a time. What the interceptor throws would be lost with the provider that delivered, or show
 * as what it did to the call: the function returned waits for work and throws it instead.
 */
function interceptOneByOne(harness: RecordingHarness, interceptor: Interceptor): <T>(work: Promise<T>) => Promise<T> {
  const failures: unknown[] = [];
  let turn: Promise<unknown> = Promise.resolve();
  harness.intercept((request, deliver) => {
    const delivery = turn.then(() => interceptor(request, deliver));
    turn = delivery.catch((error: unknown) => void failures.push(error));
    return delivery;
  });
  return async (work) => {
    await Promise.allSettled([work]);
    if (failures.length > 0) throw failures[0];
    return work;
  };
}
