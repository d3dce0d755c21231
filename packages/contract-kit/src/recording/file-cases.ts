import { equal, ok } from 'node:assert/strict';
import { formatOutput, type Output, sameOutput, type Track } from '@onrecord/core';
import { always } from '../case.ts';
import { measured, pauses, type RecordingCase, where } from './applicability.ts';
import type { KitCall, RecordingFacts, RecordingHarness } from './harness.ts';
import { channelsOf, heardForMs, loudest, loudestAnywhere, type MeasuredFile, measureFiles } from './measure.ts';
import { pause, recording, resume, settle, stop } from './scenario.ts';
import { APART_DB, EDGE, PRESENT_DBFS, VOICE } from './voices.ts';

type Voice = keyof typeof VOICE;

/** A recording of one output, three seconds of both voices. */
async function recorded(harness: RecordingHarness, output: Output): Promise<readonly MeasuredFile[]> {
  const running = await recording(harness, { output });
  await harness.clock.advance(3_000);
  await stop(harness, running.session);
  const files = await measureFiles(harness, await settle(harness, running));
  ok(files.length > 0, `${formatOutput(output)} left no file`);
  return files;
}

/** The declared outputs, but for those that cannot be made here. */
async function triedOutputs(harness: RecordingHarness, { unproven = [] }: RecordingFacts): Promise<readonly Output[]> {
  const { outputs } = (await harness.recorder()).capabilities;
  const tried = outputs.filter((output) => !unproven.some((other) => sameOutput(other.output, output)));
  ok(tried.length > 0, 'no declared output can be tried');
  return tried;
}

/** Fails unless the channel holds this voice and not the other, 30 dB apart. */
function alone(
  channel: { readonly samples: Int16Array; readonly sampleRate: number; readonly name: string },
  voice: Voice,
): void {
  const absent: Voice = voice === 'reference' ? 'other' : 'reference';
  const own = loudest(channel.samples, channel.sampleRate, VOICE[voice]);
  const foreign = loudest(channel.samples, channel.sampleRate, VOICE[absent]);
  ok(own > PRESENT_DBFS, `${channel.name} lacks the ${voice} speaker: ${own.toFixed(1)} dBFS`);
  ok(own - foreign >= APART_DB, `${channel.name} holds the ${absent} speaker too: ${foreign.toFixed(1)} dBFS`);
}

const promised: { readonly [L in Output['layout']]: (files: readonly MeasuredFile[]) => void } = {
  mixed(files) {
    for (const file of files) {
      equal(file.audio.channels.length, 1, `${file.artifact.id} has ${file.audio.channels.length} channels`);
      for (const voice of ['reference', 'other'] as const) {
        const level = loudestAnywhere(file, VOICE[voice]);
        ok(level > PRESENT_DBFS, `the ${voice} speaker is missing from the mix: ${level.toFixed(1)} dBFS`);
      }
    }
  },
  separate(files) {
    const own = channelsOf(files, 'participant');
    const rest = channelsOf(files, 'everyone-else');
    ok(own.length > 0, 'no track says where the reference participant is');
    ok(rest.length > 0, 'no track says where everyone else is');
    for (const channel of own) alone(channel, 'reference');
    for (const channel of rest) alone(channel, 'other');
  },
  'per-participant'(files) {
    const channels = channelsOf(files, 'participant');
    const named = new Set<string>();
    for (const voice of ['reference', 'other'] as const) {
      const found = channels.filter(
        ({ samples, sampleRate }) => loudest(samples, sampleRate, VOICE[voice]) > PRESENT_DBFS,
      );
      equal(found.length, 1, `the ${voice} speaker is in ${found.length} channels`);
      for (const channel of found) {
        alone(channel, voice);
        ok(channel.participant !== undefined, `${channel.name} does not say who is heard there`);
        named.add(channel.participant);
      }
    }
    equal(named.size, 2, 'both speakers go by one name');
  },
  incoming: (files) => oneSide(files, 'participant', 'reference'),
  outgoing: (files) => oneSide(files, 'everyone-else', 'other'),
};

/** Fails unless each file is one channel with this side of the call, and says so. */
function oneSide(files: readonly MeasuredFile[], from: Track['from'], voice: Voice): void {
  const channels = channelsOf(files, from);
  equal(channels.length, files.length, `${channels.length} of ${files.length} files say whom they hold`);
  for (const { audio, artifact } of files) {
    equal(audio.channels.length, 1, `${artifact.id} has ${audio.channels.length} channels`);
  }
  for (const channel of channels) alone(channel, voice);
}

const WORDS_MS = 400;

/** Both speakers say this, then go on as before. */
async function words(harness: RecordingHarness, call: KitCall, toneHz: number): Promise<void> {
  for (const speaker of ['reference', 'other'] as const) call.say(speaker, toneHz);
  await harness.clock.advance(WORDS_MS);
  for (const speaker of ['reference', 'other'] as const) call.say(speaker, VOICE[speaker]);
}

export const fileCases: readonly RecordingCase[] = [
  {
    id: 'REC-FILE-001',
    rule: 'Settled means verified: every file can be read back and has the size, digest and length that the session states.',
    appliesTo: where(always, measured),
    async run(harness) {
      const running = await recording(harness);
      await harness.clock.advance(3_000);
      await stop(harness, running.session);
      const snapshot = await settle(harness, running);
      const files = await measureFiles(harness, snapshot);
      ok(files.length > 0, 'there is no file');
      for (const { artifact, bytes, sha256, durationMs, audio } of files) {
        equal(artifact.state, 'stored', `${artifact.id} is ${artifact.state}`);
        equal(artifact.bytes, bytes, `${artifact.id} has another size`);
        equal(artifact.sha256, sha256, `${artifact.id} has another digest`);
        if (artifact.durationMs !== undefined) {
          ok(
            Math.abs(artifact.durationMs - durationMs) <= 50,
            `${artifact.id} lasts ${durationMs}, not ${artifact.durationMs} ms`,
          );
        }
        if (artifact.channels !== undefined)
          equal(artifact.channels, audio.channels.length, `${artifact.id}: channels`);
      }
    },
  },
  {
    id: 'REC-FILE-002',
    rule: 'A file is as long as what was surely captured, and no longer than what can have been, pauses taken out.',
    appliesTo: where(pauses, measured),
    async run(harness) {
      const { clock } = harness;
      const before = clock.now();
      const running = await recording(harness);
      const begun = clock.now();
      await clock.advance(3_000);
      const pauseAsked = clock.now();
      await pause(harness, running.session);
      const paused = clock.now();
      await clock.advance(5_000);
      const resumeAsked = clock.now();
      await resume(harness, running.session);
      const resumed = clock.now();
      await clock.advance(3_000);
      const stopAsked = clock.now();
      await stop(harness, running.session);
      const stopped = clock.now();
      const snapshot = await settle(harness, running);
      const silent = snapshot.pauses[0]?.effect === 'silence';
      const files = await measureFiles(harness, snapshot);
      // Files of one part lie side by side; those of several parts follow each other.
      const length = snapshot.parts.reduce(
        (sum, { id }) =>
          sum + Math.max(0, ...files.filter(({ artifact }) => artifact.partId === id).map((file) => file.durationMs)),
        0,
      );
      const least = silent ? stopAsked - begun : pauseAsked - begun + (stopAsked - resumed);
      const most = silent ? stopped - before : stopped - before - (resumeAsked - paused);
      const tolerance = harness.toleranceMs ?? 250;
      ok(length >= least - tolerance, `the files last ${length} ms, but ${least} ms were surely captured`);
      ok(length <= most + tolerance, `the files last ${length} ms, but at most ${most} ms can have been captured`);
    },
  },
  {
    id: 'REC-FILE-003',
    rule: 'Not a word is lost: what is said from the moment a start or resume resolved until a pause or stop is asked for is in the files.',
    appliesTo: measured,
    async run(harness) {
      const running = await recording(harness);
      await words(harness, running.call, EDGE.started);
      await harness.clock.advance(2_000);
      const said: (keyof typeof EDGE)[] = ['started', 'stopping'];
      if (running.session.pause) {
        await words(harness, running.call, EDGE.pausing);
        await pause(harness, running.session);
        await harness.clock.advance(2_000);
        await resume(harness, running.session);
        await words(harness, running.call, EDGE.resumed);
        await harness.clock.advance(2_000);
        said.push('pausing', 'resumed');
      }
      await words(harness, running.call, EDGE.stopping);
      await stop(harness, running.session);
      const files = await measureFiles(harness, await settle(harness, running));
      for (const edge of said) {
        const heard = heardForMs(files, EDGE[edge], PRESENT_DBFS);
        ok(heard >= WORDS_MS - 100, `${edge}: of ${WORDS_MS} ms only about ${heard} are in the files`);
      }
    },
  },
  {
    id: 'REC-LAYOUT-001',
    rule: 'Every declared output keeps the guarantee of its layout: who is alone on a channel, who is in the mix, measured.',
    appliesTo: measured,
    async run(harness, facts) {
      const outputs = await triedOutputs(harness, facts);
      for (const output of outputs) {
        const files = await recorded(harness, output);
        try {
          promised[output.layout](files);
        } catch (cause) {
          throw new Error(`${formatOutput(output)}: ${cause instanceof Error ? cause.message : String(cause)}`, {
            cause,
          });
        }
      }
    },
  },
  {
    id: 'REC-LAYOUT-002',
    rule: 'The files are in the container that was asked for, and the session states it.',
    appliesTo: measured,
    async run(harness, facts) {
      for (const output of await triedOutputs(harness, facts)) {
        for (const { artifact } of await recorded(harness, output)) equal(artifact.container, output.container);
      }
    },
  },
];
