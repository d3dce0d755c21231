import { type JsonObject, OnRecordError, unknownMembers } from '@onrecord/core';
import type { Problem } from '../../options/problem.ts';
import { type CompositedVideo, compositedVideoProblems, placeOf } from './composited-video.ts';
import { type SelectedVideo, selectProblems } from './select.ts';
import { tagProblems } from './tags.ts';

/** Which picture an `audio-video` recording shows: who speaks, or everybody in a grid. */
export type MeetingVideo = 'active-speaker' | 'composited';

/** What is captured; as options of the driver for every recording, as `providerOptions` for one. */
export interface ChimeMeetingStartOptions {
  /** Default `composited` with {@link compositedVideo}, else `active-speaker`. */
  readonly video?: MeetingVideo | undefined;
  /** The grid of `video: 'composited'`. Default HD, and only the presenter beside what is shared. */
  readonly compositedVideo?: CompositedVideo | undefined;
  /** Whether each camera is captured on its own as well, without sound. Default false. */
  readonly cameras?: boolean | undefined;
  /** Whether what people share is captured on its own as well. Default false. */
  readonly content?: boolean | undefined;
  /** Whose cameras; default everybody's. */
  readonly select?: SelectedVideo | undefined;
  /** Tags of the pipelines, beside our own. */
  readonly tags?: { readonly [key: string]: string } | undefined;
}

export const captureNames: readonly string[] = ['video', 'compositedVideo', 'cameras', 'content', 'select', 'tags'];

/** Everything wrong with what shall be captured, whatever it holds; members that `also` names are somebody else's. */
export function captureProblems(options: object, also: readonly string[] = []): readonly Problem[] {
  const given = options as { readonly [name: string]: unknown };
  const at = (name: string, check: (value: unknown, path: string) => readonly Problem[]) =>
    given[name] === undefined ? [] : check(given[name], name);
  const strange = unknownMembers(options, [...captureNames, ...also]).map((problem) => {
    const place = placeOf(problem.path, 'compositedVideo');
    return place ? { path: problem.path, message: `Belongs in ${place}.` } : problem;
  });
  return [
    ...strange,
    ...at('video', pictureProblems),
    ...at('compositedVideo', compositedVideoProblems),
    ...(given['compositedVideo'] !== undefined && given['video'] === 'active-speaker'
      ? [{ path: 'compositedVideo', message: "Belongs to video: 'composited'." }]
      : []),
    ...at('cameras', flagProblems),
    ...at('content', flagProblems),
    ...at('select', selectProblems),
    ...at('tags', tagProblems),
  ];
}

/** Options of a start that side outputs read. */
const others = ['live', 'streams'];

/** @throws OnRecordError `invalid-request` that lists every problem of a start's options. */
export function readStartOptions(options: JsonObject | undefined): ChimeMeetingStartOptions {
  const problems = captureProblems(options ?? {}, others).map(
    ({ path, message }) => `providerOptions.${path}: ${message}`,
  );
  if (problems.length > 0) {
    throw new OnRecordError('invalid-request', ['This meeting cannot be recorded so.', ...problems].join('\n- '), {
      context: { problems },
    });
  }
  return (options ?? {}) as ChimeMeetingStartOptions;
}

function pictureProblems(value: unknown, path: string): readonly Problem[] {
  const known = value === 'active-speaker' || value === 'composited';
  return known ? [] : [{ path, message: 'Must be active-speaker or composited.' }];
}

function flagProblems(value: unknown, path: string): readonly Problem[] {
  return typeof value === 'boolean' ? [] : [{ path, message: 'Must be true or false.' }];
}
