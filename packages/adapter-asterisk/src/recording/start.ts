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
import { isGone } from '../client/ari-error.ts';
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
    const over = isNotFound(error) ? await observe(work, part) : {};
    if (!over.media) throw error;
    // An earlier attempt recorded it, and the call is over since.
    return { ...done(work, 'start', plan, plan.command, over), handle: part.handle };
  }
  const expects = (begun?.files ?? files).map((file) => expectation(plan, file));
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
  /** Those asked for, but those of participants who hung up meanwhile. */
  readonly files: readonly FilePlan[];
  readonly running: boolean;
  /** False when each file that runs is paused. */
  readonly capturing: boolean;
  readonly facts: NonNullable<Seen['facts']>;
}

/**
 * Begins all of the files at once. When one is refused the others are ended and removed, for a part has all of its files
 * or none; when an answer is only lost they are left for the repeated start to find. A participant who hung up meanwhile
 * has no file, and is no reason to leave out the others.
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
  const hungUp = ({ reason }: PromiseRejectedResult) => !fixedFiles(part) && isNotFound(reason);
  const failures = results.filter((result) => result.status === 'rejected');
  const failed = failures.length < results.length ? failures.find((failure) => !hungUp(failure)) : failures[0];
  if (failed) {
    if (!isRefusal(failed.reason)) throw failed.reason;
    throw (await takeBack(work, part, handle, files)) ? failed.reason : mayRunOn(failed.reason);
  }
  const states = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const running = states.filter((state) => state !== 'ended');
  return {
    files: files.filter((_, index) => results[index]?.status === 'fulfilled'),
    running: running.length > 0,
    capturing: running.includes('recording'),
    facts,
  };
}

function isNotFound(error: unknown): boolean {
  return classifyAsteriskError(error).code === 'not-found';
}

function isRefusal(error: unknown): boolean {
  return classifyAsteriskError(error).retry !== 'only-with-same-key';
}

/** Ends and deletes what was begun. False when some of it could not be, and may run on. */
async function takeBack(
  work: Work,
  part: PartTarget,
  handle: PartHandle,
  files: readonly FilePlan[],
): Promise<boolean> {
  const labels = files.map(({ label }) => label);
  const ended = await Promise.allSettled(
    labels.map((label) => ask(work, 'DELETE', ['recordings', 'live', nameOf(part, handle, label)])),
  );
  const [alone] = await Promise.allSettled([removeListeners(work, part, labels)]);
  return [...ended, alone].every((result) => result.status === 'fulfilled' || isGone(result.reason));
}

/** A start that is refused began nothing: this one did, so that it is asked for again until it runs or is taken back. */
function mayRunOn(cause: unknown): OnRecordError {
  return new OnRecordError('unavailable', 'A file of the part was refused, and what had begun could not be ended.', {
    retry: 'only-with-same-key',
    blame: 'provider',
    cause,
  });
}
