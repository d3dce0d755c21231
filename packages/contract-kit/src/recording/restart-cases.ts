import { deepEqual, equal } from 'node:assert/strict';
import { always } from '../case.ts';
import { pauses, type RecordingCase } from './applicability.ts';
import { consent, pause, quiet, reaches, recording, resume, settle, stop, talkingCall } from './scenario.ts';

export const restartCases: readonly RecordingCase[] = [
  {
    id: 'REC-RESTART-001',
    rule: 'A process that starts over the same store takes every recording up where the last one left it.',
    appliesTo: always,
    async run(harness) {
      const { recorder, call, session } = await recording(harness);
      await harness.clock.advance(2_000);
      await recorder.close();
      const next = await harness.recorder();
      const taken = await next.attach(session.id);
      equal((await taken.snapshot()).state, 'recording');
      await stop(harness, taken);
      const snapshot = await settle(harness, { call, session: taken });
      deepEqual([snapshot.state, snapshot.endReason, snapshot.verdict], ['completed', 'requested', 'present']);
      equal(harness.recordings(), 1);
    },
  },
  {
    id: 'REC-RESTART-002',
    rule: 'A start that was accepted before the process ended is confirmed in the next one, and not sent again.',
    appliesTo: always,
    async run(harness) {
      const call = await talkingCall(harness);
      const recorder = await harness.recorder();
      const { id } = await harness.clock.until(recorder.start({ call: call.ref, consent }, { until: 'accepted' }));
      await recorder.close();
      const next = await harness.recorder();
      const session = await next.attach(id);
      await reaches(harness, session, 'recording');
      equal(harness.recordings(), 1);
      await harness.clock.advance(1_000);
      await stop(harness, session);
      equal((await settle(harness, { call, session })).state, 'completed');
    },
  },
  {
    id: 'REC-RESTART-003',
    rule: 'A recording that was paused when the process ended stays paused until somebody resumes it.',
    appliesTo: pauses,
    async run(harness) {
      const { recorder, call, session } = await recording(harness);
      await harness.clock.advance(1_000);
      await pause(harness, session);
      await recorder.close();
      const taken = await (await harness.recorder()).attach(session.id);
      await quiet(harness);
      equal((await taken.snapshot()).state, 'paused');
      await resume(harness, taken);
      equal((await taken.snapshot()).state, 'recording');
      await harness.clock.advance(1_000);
      await stop(harness, taken);
      equal((await settle(harness, { call, session: taken })).state, 'completed');
    },
  },
  {
    id: 'REC-RESTART-004',
    rule: 'A pause that one process asked for is confirmed where another waits: both read one record.',
    appliesTo: pauses,
    async run(harness) {
      const { session } = await recording(harness);
      const other = await (await harness.recorder()).attach(session.id);
      await pause(harness, session);
      equal((await other.snapshot()).state, 'paused');
      await resume(harness, other);
      equal((await session.snapshot()).state, 'recording');
    },
  },
];
