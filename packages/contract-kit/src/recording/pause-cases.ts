import { deepEqual, equal, ok } from 'node:assert/strict';
import { cannotPause, measured, pauses, type RecordingCase, where } from './applicability.ts';
import { loudestAnywhere, measureFiles } from './measure.ts';
import { commands, pause, recording, resume, secretPause, settle, stop } from './scenario.ts';
import { refusedUnasked } from './start-cases.ts';
import { APART_DB, PRESENT_DBFS, SECRET, VOICE } from './voices.ts';

const PAUSE_MS = 4_000;

export const pauseCases: readonly RecordingCase[] = [
  {
    id: 'REC-PAUSE-001',
    rule: 'A pause that resolved is in force, also a minute later: the session is paused and nothing captures.',
    appliesTo: pauses,
    async run(harness) {
      const running = await recording(harness);
      await harness.clock.advance(1_000);
      await pause(harness, running.session);
      for (const ms of [0, 60_000]) {
        await harness.clock.advance(ms);
        const { state, parts } = await running.session.snapshot();
        equal(state, 'paused');
        ok(!parts.some(({ capturing }) => capturing), 'a part says that it captures');
      }
      await stop(harness, running.session);
      await settle(harness, running);
    },
  },
  {
    id: 'REC-PAUSE-002',
    rule: 'Nothing said between a proven pause and the resume is in any file, and what was said before and after is.',
    appliesTo: where(pauses, measured),
    async run(harness) {
      const running = await recording(harness);
      await harness.clock.advance(3_000);
      await secretPause(harness, running, PAUSE_MS);
      await harness.clock.advance(3_000);
      await stop(harness, running.session);
      const files = await measureFiles(harness, await settle(harness, running));
      ok(files.length > 0, 'there is no file');
      for (const speaker of ['reference', 'other'] as const) {
        const voice = Math.max(...files.map((file) => loudestAnywhere(file, VOICE[speaker])));
        const secret = Math.max(...files.map((file) => loudestAnywhere(file, SECRET[speaker])));
        ok(voice > PRESENT_DBFS || secret < PRESENT_DBFS - APART_DB, `no voice of ${speaker}: ${voice} dBFS`);
        ok(
          secret < PRESENT_DBFS - APART_DB,
          `what ${speaker} said while paused is in a file: ${secret.toFixed(1)} dBFS`,
        );
      }
    },
  },
  {
    id: 'REC-PAUSE-003',
    rule: 'A pause has one of the declared effects: its time is cut out, filled with silence, or lies between two files.',
    appliesTo: where(pauses, measured),
    async run(harness) {
      const before = harness.clock.now();
      const running = await recording(harness);
      await harness.clock.advance(3_000);
      await secretPause(harness, running, PAUSE_MS);
      await harness.clock.advance(3_000);
      await stop(harness, running.session);
      const wallMs = harness.clock.now() - before;
      const snapshot = await settle(harness, running);
      const declared = running.recorder.capabilities.pause;
      const { effect } = snapshot.pauses[0] ?? {};
      equal(snapshot.pauses.length, 1, `the session knows of ${snapshot.pauses.length} pauses instead of one`);
      ok(declared && effect && declared.effects.includes(effect), `its effect is ${effect}, which is not declared`);
      const files = await measureFiles(harness, snapshot);
      const longest = Math.max(...files.map(({ durationMs }) => durationMs));
      const tolerance = harness.toleranceMs ?? 250;
      if (effect === 'silence') {
        ok(longest >= 6_000 + PAUSE_MS - tolerance, `a pause of silence is missing: ${longest} ms`);
      }
      if (effect === 'omitted') {
        ok(longest <= wallMs - PAUSE_MS + tolerance, `a pause that should be cut out is there: ${longest} ms`);
      }
      if (effect === 'segmented') ok(snapshot.parts.length === 2, `the session has ${snapshot.parts.length} parts`);
    },
  },
  {
    id: 'REC-PAUSE-004',
    rule: 'Pausing what is paused and resuming what records resolve at once and ask the provider for nothing.',
    appliesTo: pauses,
    async run(harness) {
      const { session } = await recording(harness);
      const started = commands(harness);
      await resume(harness, session);
      deepEqual(commands(harness), started);
      await pause(harness, session);
      const paused = commands(harness);
      await pause(harness, session);
      deepEqual(commands(harness), paused);
    },
  },
  {
    id: 'REC-PAUSE-005',
    rule: 'A recording can be paused and resumed again and again; each pause is told apart.',
    appliesTo: pauses,
    async run(harness) {
      const running = await recording(harness);
      for (let round = 0; round < 3; round++) {
        await harness.clock.advance(2_000);
        await pause(harness, running.session);
        await harness.clock.advance(2_000);
        await resume(harness, running.session);
        equal((await running.session.snapshot()).state, 'recording');
      }
      await harness.clock.advance(2_000);
      await stop(harness, running.session);
      const snapshot = await settle(harness, running);
      equal(snapshot.state, 'completed');
      equal(snapshot.pauses.length, 3);
      ok(
        snapshot.pauses.every(({ from, to }) => to !== undefined && to > from),
        'a pause has no end after its beginning',
      );
    },
  },
  {
    id: 'REC-PAUSE-006',
    rule: 'A provider that cannot pause is not asked to: the verb is missing, requiring it fails, nothing changes.',
    appliesTo: cannotPause,
    async run(harness) {
      const { recorder, session } = await recording(harness);
      equal(session.pause, undefined);
      equal(session.resume, undefined);
      const before = await harness.store.load(session.id);
      await refusedUnasked(harness, 'unsupported', () => recorder.require({ pause: 'required' }));
      deepEqual(await harness.store.load(session.id), before);
    },
  },
];
