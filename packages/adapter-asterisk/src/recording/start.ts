import {
  type MediaExpectation,
  OnRecordError,
  type Outcome,
  type PartTarget,
  type Seen,
  type StartPlan,
  timestamp,
} from '@onrecord/core';
import { targetOf } from '../call-ref.ts';
import { classifyAsteriskError } from '../errors.ts';
import { fileOptionsOf } from '../start-options.ts';
import { type Begun, beginFile } from './begin-file.ts';
import { type FilePlan, fixedFiles, participantFile, roleOf, trackOf } from './files.ts';
import { fact, handleJson, type PartHandle } from './handle.ts';
import { nameOf, removeListeners } from './live.ts';
import { membersOf } from './members.ts';
import { observe } from './observe.ts';
import { done } from './report.ts';
import { subscribe, subscribeToBridge } from './subscribe.ts';
import { ask, type Work } from './work.ts';

/**
 * Begins every file of a part, or finds them begun. A part that starts paused leaves nothing on the server until it is
 * resumed, so that nothing of what is to stay out can be captured.
 */
export async function startPart(work: Work, plan: StartPlan): Promise<Outcome> {
  const options = fileOptionsOf(plan, work.config);
  checkPlan(work, plan, options);
  const handle: PartHandle = { ...options, folder: work.config.folder, startedPaused: plan.startPaused };
  const part: PartTarget = { ...plan, handle: handleJson(handle) };
  let files: readonly FilePlan[];
  let begun: BegunFiles | undefined;
  try {
    files = await plannedFiles(work, plan);
    await subscribe(work, targetOf(plan.call));
    if (!fixedFiles(plan)) await subscribeToBridge(work, targetOf(plan.call));
    begun = plan.startPaused ? undefined : await beginFiles(work, part, handle, files);
  } catch (error) {
    const over = classifyAsteriskError(error).code === 'not-found' ? await observe(work, part) : {};
    if (!over.media) throw error;
    // An earlier attempt recorded it, and the call is over since.
    return { ...done(work, 'start', plan, plan.command, over), handle: part.handle };
  }
  const expects = files.map((file) => expectation(plan, file));
  if (!begun) {
    return { ...done(work, 'start', plan, plan.command, { capturing: false, expects }), handle: part.handle };
  }
  const seen: Seen = begun.running ? { capturing: begun.capturing } : await observe(work, part);
  const facts = { ...begun.facts, ...seen.facts };
  return { ...done(work, 'start', plan, plan.command, { ...seen, expects, facts }), handle: part.handle };
}

/** @throws OnRecordError for what Asterisk cannot, before any request. */
function checkPlan(work: Work, plan: StartPlan, { format }: { readonly format: string }): void {
  if (plan.startPaused && plan.pauseEffect === 'silence') {
    throw new OnRecordError('unsupported', 'A recording that starts paused begins with its resume, not with silence.', {
      remedy: "Start it with the pause effect 'omitted', or pause it once it runs.",
    });
  }
  const bridged = plan.call.kind === 'asterisk.bridge' && plan.output.layout === 'mixed';
  if (bridged && format === 'wav16' && work.config.server === 'asterisk-16') {
    throw new OnRecordError(
      'unsupported',
      'This generation of Asterisk mixes a bridge at 8000 Hz, whatever the file says.',
      {
        remedy: 'Ask for sampleRateHz 8000, or record a leg with asteriskChannel(…).',
      },
    );
  }
}

function expectation({ call, output }: StartPlan, { label }: FilePlan): MediaExpectation {
  return { role: roleOf(output), container: output.container, tracks: [trackOf(call, label, 0)] };
}

/** The files to begin now. @throws OnRecordError `not-found` when the call is over. */
export async function plannedFiles(
  work: Work,
  part: Pick<PartTarget, 'call' | 'output'>,
): Promise<readonly FilePlan[]> {
  const target = targetOf(part.call);
  const fixed = fixedFiles(part);
  if (fixed) {
    await ask(work, 'GET', [target.kind === 'bridge' ? 'bridges' : 'channels', target.id]);
    return fixed;
  }
  const members = await membersOf(work, target);
  if (members && members.length > 0) return members.map((channel) => participantFile(channel));
  throw new OnRecordError('not-found', `Nobody is on the ${target.kind} ${target.id}, so there is nobody to record.`, {
    remedy: 'Start once somebody has joined; later ones are followed.',
  });
}

export interface BegunFiles {
  readonly running: boolean;
  /** False when each file that runs is paused. */
  readonly capturing: boolean;
  readonly facts: NonNullable<Seen['facts']>;
}

/**
 * Begins all of the files at once. When one is refused the others are ended and removed, for a part has all of its files
 * or none; when an answer is only lost they are left for the repeated start to find.
 */
export async function beginFiles(
  work: Work,
  part: PartTarget,
  handle: PartHandle,
  files: readonly FilePlan[],
): Promise<BegunFiles> {
  if (files.some(({ source }) => source.kind === 'snoop')) await ask(work, 'GET', ['applications', work.config.app]);
  const facts: { [name: string]: string } = {};
  const results = await Promise.allSettled(
    files.map(async (file): Promise<Begun> => {
      const state = await beginFile(work, part, handle, file);
      facts[fact.begun(file.label)] = timestamp(work.clock.now());
      return state;
    }),
  );
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) {
    if (isRefusal(failed.reason)) await takeBack(work, part, handle, files);
    throw failed.reason;
  }
  const states = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const running = states.filter((state) => state !== 'ended');
  return { running: running.length > 0, capturing: running.includes('recording'), facts };
}

function isRefusal(error: unknown): boolean {
  return classifyAsteriskError(error).retry !== 'only-with-same-key';
}

/** Ends and deletes what was begun. What cannot be reached any more is left: the refusal is what counts. */
export async function takeBack(
  work: Work,
  part: PartTarget,
  handle: PartHandle,
  files: readonly FilePlan[],
): Promise<void> {
  const labels = files.map(({ label }) => label);
  await Promise.allSettled(
    labels.flatMap((label) => [ask(work, 'DELETE', ['recordings', 'live', nameOf(part, handle, label)])]),
  );
  await removeListeners(work, part, labels).catch(() => {});
}
