import { deepEqual, equal, ok } from 'node:assert/strict';
import type { PauseCapability, PauseEffect, SessionSnapshot, StartRequest } from '@onrecord/core';
import {
  cannotPause,
  lacksEffects,
  measured,
  pauses,
  type RecordingCase,
  undeclaredEffects,
  where,
} from './applicability.ts';
import type { RecordingHarness } from './harness.ts';
import { leaked, loudestAnywhere, measureFiles } from './measure.ts';
import {
  commands,
  consent,
  pause,
  quiet,
  recording,
  resume,
  secretPause,
  settle,
  stop,
  talkingCall,
} from './scenario.ts';
import { refusedUnasked } from './start-cases.ts';
import { APART_DB, PRESENT_DBFS, SECRET, VOICE } from './voices.ts';

const PAUSE_MS = 4_000;

/** What was said before the pause and after it, in ms each. */
const SAID_MS = 3_000;

interface PausedOnce {
  readonly snapshot: SessionSnapshot & { readonly wallMs: number };
  readonly pauses: PauseCapability;
  /** The effects of its pauses, as the session states them. */
  readonly done: readonly PauseEffect[];
}

/** A recording with secrets said in one pause, settled. */
async function pausedOnce(
  harness: RecordingHarness,
  request: Partial<Omit<StartRequest, 'call'>> = {},
): Promise<PausedOnce> {
  const before = harness.clock.now();
  const running = await recording(harness, request);
  await harness.clock.advance(SAID_MS);
  await secretPause(harness, running, PAUSE_MS);
  await harness.clock.advance(SAID_MS);
  await stop(harness, running.session);
  const wallMs = harness.clock.now() - before;
  const snapshot = await settle(harness, running);
  const { pause: declared } = running.recorder.capabilities;
  ok(declared, 'The recorder cannot pause although the facts say so');
  equal(snapshot.pauses.length, 1, `the session knows of ${snapshot.pauses.length} pauses instead of one`);
  return { snapshot: { ...snapshot, wallMs }, pauses: declared, done: snapshot.pauses.map(({ effect }) => effect) };
}

/** Fails unless the files of a recording with one pause show this effect, and nothing of what was said in it. */
async function hasEffect(
  harness: RecordingHarness,
  snapshot: PausedOnce['snapshot'],
  effect: PauseEffect,
): Promise<void> {
  const files = await measureFiles(harness, snapshot);
  const longest = Math.max(0, ...files.map(({ durationMs }) => durationMs));
  const tolerance = harness.toleranceMs ?? 250;
  const most = snapshot.wallMs - PAUSE_MS + tolerance;
  if (effect === 'silence') {
    ok(longest >= 2 * SAID_MS + PAUSE_MS - tolerance, `a pause of silence is missing: ${longest} ms`);
  }
  if (effect === 'omitted') {
    ok(longest >= 2 * SAID_MS - tolerance, `what was said around the pause is missing: ${longest} ms`);
    ok(longest <= most, `a pause that should be cut out is there: ${longest} ms`);
  }
  if (effect === 'segmented') ok(snapshot.parts.length === 2, `the session has ${snapshot.parts.length} parts`);
  for (const tone of Object.values(SECRET)) {
    const level = Math.max(-120, ...files.map((file) => leaked(file, tone)));
    ok(level < PRESENT_DBFS - APART_DB, `${effect}: what was said while paused is in a file: ${level.toFixed(1)} dBFS`);
  }
}

export const pauseCases: readonly RecordingCase[] = [
  {
    id: 'REC-PAUSE-001',
    rule: 'A pause that resolved is in force, and stays so: the session is paused and nothing captures.',
    appliesTo: pauses,
    async run(harness) {
      const running = await recording(harness);
      await harness.clock.advance(1_000);
      await pause(harness, running.session);
      for (const later of [async () => {}, quiet]) {
        await later(harness);
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
      const voices = Object.values(VOICE).map((tone) => Math.max(...files.map((file) => loudestAnywhere(file, tone))));
      ok(Math.max(...voices) > PRESENT_DBFS, `nobody is heard: ${voices.join(' and ')} dBFS`);
      for (const speaker of ['reference', 'other'] as const) {
        const secret = Math.max(...files.map((file) => leaked(file, SECRET[speaker])));
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
      const { snapshot, pauses, done } = await pausedOnce(harness);
      const [effect] = done;
      ok(effect && pauses.effects.includes(effect), `its effect is ${effect}, which is not declared`);
      await hasEffect(harness, snapshot, effect);
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
      const before = await session.snapshot();
      await refusedUnasked(harness, 'unsupported', () => recorder.require({ pause: 'required' }));
      deepEqual(await session.snapshot(), before);
    },
  },
  {
    id: 'REC-PAUSE-007',
    rule: 'Each declared effect can be asked for, and is what the pause does to the file, whichever is the default.',
    appliesTo: where(pauses, measured),
    async run(harness) {
      const { pause: declared } = (await harness.recorder()).capabilities;
      ok(declared, 'The recorder cannot pause although the facts say so');
      for (const effect of declared.effects) {
        const { snapshot, done } = await pausedOnce(harness, { pauseEffect: effect });
        deepEqual(done, [effect], `${effect} was asked for`);
        await hasEffect(harness, snapshot, effect);
      }
    },
  },
  {
    id: 'REC-PAUSE-008',
    rule: 'An effect of a pause that is not declared is refused before any request leaves, by start and by require.',
    appliesTo: lacksEffects,
    async run(harness) {
      const call = await talkingCall(harness);
      const recorder = await harness.recorder();
      for (const pauseEffect of undeclaredEffects(recorder.capabilities)) {
        const start = () => recorder.start({ call: call.ref, consent, pauseEffect });
        const error = await refusedUnasked(harness, 'unsupported', start);
        ok(error.message.includes(pauseEffect), `the refusal does not name ${pauseEffect}`);
        await refusedUnasked(harness, 'unsupported', () => recorder.require({ pause: { effects: [pauseEffect] } }));
      }
      equal(harness.recordings(), 0);
    },
  },
];
