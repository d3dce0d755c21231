import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { measured, pauses, type RecordingCase, where } from './applicability.ts';
import { leaked, measureFiles } from './measure.ts';
import { quiet, recording, settle, stop } from './scenario.ts';
import { APART_DB, PRESENT_DBFS, SECRET, VOICE } from './voices.ts';

const SPEAKERS = ['reference', 'other'] as const;

export const secureCases: readonly RecordingCase[] = [
  {
    id: 'REC-SECURE-001',
    rule: 'Card numbers are collected only while the pause is proven, none of them is in any file, and recording goes on.',
    appliesTo: where(pauses, measured),
    async run(harness) {
      const running = await recording(harness);
      const { session, call } = running;
      ok(session.secureSection, 'The session has no secureSection although the capabilities declare pause');
      await harness.clock.advance(2_000);
      const states: string[] = [];
      const section = session.secureSection(
        async () => {
          states.push((await session.snapshot()).state);
          for (const speaker of SPEAKERS) call.say(speaker, SECRET[speaker]);
          await harness.clock.delay(5_000);
          for (const speaker of SPEAKERS) call.say(speaker, VOICE[speaker]);
          states.push((await session.snapshot()).state);
          return '4111';
        },
        { maxMs: 60_000 },
      );
      equal(await harness.clock.until(section), '4111');
      deepEqual(states, ['paused', 'paused']);
      equal((await session.snapshot()).state, 'recording');
      await harness.clock.advance(2_000);
      await stop(harness, session);
      const files = await measureFiles(harness, await settle(harness, running));
      for (const speaker of SPEAKERS) {
        const secret = Math.max(...files.map((file) => leaked(file, SECRET[speaker])));
        ok(secret < PRESENT_DBFS - APART_DB, `the number said by ${speaker} is in a file: ${secret.toFixed(1)} dBFS`);
      }
    },
  },
  {
    id: 'REC-SECURE-002',
    rule: 'A secure section that outlives its limit aborts its function and leaves the recording paused.',
    appliesTo: pauses,
    async run(harness) {
      const running = await recording(harness);
      const { session } = running;
      ok(session.secureSection, 'The session has no secureSection although the capabilities declare pause');
      await harness.clock.advance(1_000);
      let aborted = false;
      const section = session.secureSection(
        async ({ signal }) => {
          await harness.clock.delay(600_000, { signal }).catch(() => {
            aborted = true;
          });
        },
        { maxMs: 5_000 },
      );
      await rejects(harness.clock.until(section));
      ok(aborted, 'the function was not told to stop');
      await quiet(harness);
      equal((await session.snapshot()).state, 'paused');
      await stop(harness, session);
      equal((await settle(harness, running)).state, 'completed');
    },
  },
];
