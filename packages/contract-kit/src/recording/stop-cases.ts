import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { OnRecordError } from '@onrecord/core';
import { always } from '../case.ts';
import { cannotDiscard, discards, pauses, type RecordingCase } from './applicability.ts';
import { audioArtifacts } from './measure.ts';
import { described, pause, reaches, recording, settle, stop } from './scenario.ts';
import { refusedUnasked } from './start-cases.ts';

export const stopCases: readonly RecordingCase[] = [
  {
    id: 'REC-STOP-001',
    rule: 'A stop that resolved has ended capture, and the session then completes because it was asked to.',
    appliesTo: always,
    async run(harness) {
      const running = await recording(harness);
      await harness.clock.advance(2_000);
      await stop(harness, running.session);
      const { state, parts } = await running.session.snapshot();
      ok(state === 'processing' || state === 'completed', `it is ${state}`);
      ok(!parts.some(({ capturing }) => capturing), 'a part says that it captures');
      const snapshot = await settle(harness, running);
      deepEqual([snapshot.state, snapshot.endReason, snapshot.verdict], ['completed', 'requested', 'present']);
    },
  },
  {
    id: 'REC-STOP-002',
    rule: 'Stopping twice, also at once and after the end, is stopping once.',
    appliesTo: always,
    async run(harness) {
      const running = await recording(harness);
      await harness.clock.advance(2_000);
      await harness.clock.until(Promise.all([running.session.stop(), running.session.stop()]));
      await stop(harness, running.session);
      const settled = await settle(harness, running);
      await stop(harness, running.session);
      deepEqual(described(await running.session.snapshot()), described(settled));
      equal(settled.endReason, 'requested');
    },
  },
  {
    id: 'REC-STOP-003',
    rule: 'When the call ends by itself the recording ends with it, and its file arrives.',
    appliesTo: always,
    async run(harness) {
      const running = await recording(harness);
      await harness.clock.advance(3_000);
      const snapshot = await settle(harness, running);
      deepEqual([snapshot.state, snapshot.endReason, snapshot.verdict], ['completed', 'call-ended', 'present']);
      ok(audioArtifacts(snapshot).length > 0, 'there is no file');
    },
  },
  {
    id: 'REC-STOP-004',
    rule: 'A stop that comes after the call has ended changes nothing and fails nothing.',
    appliesTo: always,
    async run(harness) {
      const running = await recording(harness);
      await harness.clock.advance(3_000);
      await running.call.end();
      await stop(harness, running.session);
      equal((await settle(harness, running)).state, 'completed');
    },
  },
  {
    id: 'REC-STOP-005',
    rule: 'After the end there is nothing to pause: it is refused, not ignored.',
    appliesTo: pauses,
    async run(harness) {
      const running = await recording(harness);
      await harness.clock.advance(1_000);
      await stop(harness, running.session);
      await settle(harness, running);
      await rejects(pause(harness, running.session), (error) => OnRecordError.is(error, 'invalid-state'));
    },
  },
  {
    id: 'REC-STOP-006',
    rule: 'A paused recording can be stopped, and what it captured before is kept.',
    appliesTo: pauses,
    async run(harness) {
      const running = await recording(harness);
      await harness.clock.advance(3_000);
      await pause(harness, running.session);
      await stop(harness, running.session);
      const snapshot = await settle(harness, running);
      deepEqual([snapshot.state, snapshot.verdict], ['completed', 'present']);
    },
  },
  {
    id: 'REC-DISCARD-001',
    rule: 'A discarded recording leaves no file, and says why there is none.',
    appliesTo: discards,
    async run(harness) {
      const running = await recording(harness);
      ok(running.session.discard, 'The session has no discard although the capabilities declare one');
      await harness.clock.until(running.session.discard());
      await running.call.end();
      const snapshot = await reaches(harness, running.session, 'completed', 'failed');
      deepEqual([snapshot.endReason, snapshot.verdict], ['discarded', 'none']);
      ok(
        audioArtifacts(snapshot).every(({ state }) => state === 'deleted'),
        'a file was kept',
      );
    },
  },
  {
    id: 'REC-DISCARD-002',
    rule: 'A provider that cannot discard is not asked to: the verb is missing, requiring it fails, nothing changes.',
    appliesTo: cannotDiscard,
    async run(harness) {
      const { recorder, session } = await recording(harness);
      equal(session.discard, undefined);
      const before = await session.snapshot();
      await refusedUnasked(harness, 'unsupported', () => recorder.require({ discard: 'required' }));
      deepEqual(await session.snapshot(), before);
    },
  },
];
