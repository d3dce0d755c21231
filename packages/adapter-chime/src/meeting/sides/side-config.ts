import { Secret, unknownMembers } from '@onrecord/core';
import { type Problem, problemsOf, type Rules } from '../../options/problem.ts';
import { matching, oneOf } from '../../options/rules.ts';
import { type CompositedVideo, compositedVideoProblems } from '../capture/composited-video.ts';
import type { ChimeLiveOutput, ChimeSides, ChimeSidesOptions, ChimeStreamOutput } from './side-options.ts';

/** A live output with every default filled in. Its address leaves it for one request only. */
export interface LiveConfig {
  readonly url: Secret;
  readonly mux: 'composited' | 'active-speaker';
  readonly compositedVideo: CompositedVideo | undefined;
  readonly channels: 1 | 2;
  readonly sampleRateHz: 44_100 | 48_000;
}

/** The side outputs, checked. */
export interface SidesConfig {
  readonly live: { readonly [name: string]: LiveConfig };
  readonly always: ChimeSides;
}

type Message = string | undefined;

/** Longest address that the service takes. */
const longestUrl = 1_024;
/** Streams of one sink. */
const mostStreams = 10;

/** The name of a pool of Kinesis video streams. */
export const poolName: (value: unknown) => Message = matching(
  /^[0-9a-zA-Z._-]{1,128}$/,
  'a name of 1 to 128 letters, digits, ".", "_" and "-"',
);

const one = (...values: readonly unknown[]) => {
  const message = `Must be ${values.join(' or ')}.`;
  return (value: unknown): Message => (values.includes(value) ? undefined : message);
};

const liveRules: Rules = {
  url: { required: true, rule: (value) => (plain(value) === undefined ? 'Must be text or a Secret.' : undefined) },
  mux: { rule: oneOf('composited', 'active-speaker') },
  compositedVideo: { rule: () => undefined },
  channels: { rule: one(1, 2) },
  sampleRateHz: { rule: one(44_100, 48_000) },
  allowRtmp: { rule: one(true, false) },
};

const streamRules: Rules = {
  pool: { required: true, rule: poolName },
  type: { required: true, rule: oneOf('mixed', 'individual') },
  reservedCapacity: { rule: capacity },
};

/** Everything wrong with `sides` of the driver's options; never with an address in it. */
export function sidesProblems(options: unknown, path: string = 'sides'): readonly Problem[] {
  if (options === undefined) return [];
  if (!isObject(options)) return [{ path, message: 'Must be an object.' }];
  const { live, always } = options;
  const named = live === undefined ? {} : live;
  if (!isObject(named)) return [{ path: `${path}.live`, message: 'Must be an object of live outputs by name.' }];
  return [
    ...unknownMembers(options, ['live', 'always'], path),
    ...Object.entries(named).flatMap(([name, output]) => liveProblems(output, `${path}.live.${name}`)),
    ...(always === undefined ? [] : startProblems(always, Object.keys(named), `${path}.always`)),
  ];
}

/** Everything wrong with the side outputs that a start asks for. */
export function startProblems(asked: unknown, liveNames: readonly string[], path: string): readonly Problem[] {
  if (!isObject(asked)) return [{ path, message: 'Must be an object.' }];
  const { live, streams } = asked;
  const at = (member: string) => (path === '' ? member : `${path}.${member}`);
  return [
    ...unknownMembers(asked, ['live', 'streams'], path),
    ...(live === undefined || live === false ? [] : nameProblems(live, liveNames, at('live'))),
    ...(streams === undefined || streams === false ? [] : streamsProblems(streams, at('streams'))),
  ];
}

export function resolveSides({ live = {}, always = {} }: ChimeSidesOptions = {}): SidesConfig {
  const outputs = Object.entries(live).map(([name, output]): [string, LiveConfig] => [name, resolveLive(output)]);
  return { live: Object.fromEntries(outputs), always };
}

function resolveLive(output: ChimeLiveOutput): LiveConfig {
  const { url, mux, compositedVideo, channels, sampleRateHz } = output;
  return {
    url: url instanceof Secret ? url : new Secret(url),
    mux: mux ?? (compositedVideo ? 'composited' : 'active-speaker'),
    compositedVideo,
    channels: channels ?? 2,
    sampleRateHz: sampleRateHz ?? 48_000,
  };
}

/** What is not a name may be an address: it is never repeated. */
function nameProblems(live: unknown, names: readonly string[], path: string): readonly Problem[] {
  if (typeof live === 'string' && names.includes(live)) return [];
  const known = names.length === 0 ? 'none is configured' : `there are ${names.join(', ')}`;
  return [{ path, message: `Must be the name of a live output in sides.live of the driver's options; ${known}.` }];
}

function liveProblems(output: unknown, path: string): readonly Problem[] {
  const { url, allowRtmp, compositedVideo, mux } = isObject(output) ? output : {};
  const message = addressProblem(plain(url), allowRtmp === true);
  const grid = compositedVideo === undefined ? [] : compositedVideoProblems(compositedVideo, 'compositedVideo');
  const idle = compositedVideo !== undefined && mux === 'active-speaker';
  const all = [
    ...problemsOf(output, liveRules),
    ...(message === undefined ? [] : [{ path: 'url', message }]),
    ...grid,
    ...(idle ? [{ path: 'compositedVideo', message: "Belongs to mux: 'composited'." }] : []),
  ];
  return all.map((problem) => ({ ...problem, path: problem.path === '' ? path : `${path}.${problem.path}` }));
}

function addressProblem(url: string | undefined, allowRtmp: boolean): Message {
  if (url === undefined) return undefined;
  if (url.length > longestUrl) return `Must have at most ${longestUrl} characters.`;
  if (/^rtmps:\/\/[^/\s]+\/\S+$/.test(url)) return undefined;
  if (/^rtmp:\/\/[^/\s]+\/\S+$/.test(url)) {
    return allowRtmp ? undefined : 'Must be rtmps://, or allowRtmp must say that the way to the server is safe.';
  }
  return 'Must be rtmps://<server>/<stream key>.';
}

function streamsProblems(streams: unknown, path: string): readonly Problem[] {
  const list: readonly unknown[] = Array.isArray(streams) ? streams : [streams];
  if (list.length < 1 || list.length > 2) return [{ path, message: 'Must be one output, or two of different type.' }];
  const problems = list.flatMap((output, index) =>
    streamProblems(output, Array.isArray(streams) ? `${path}.${index}` : path),
  );
  const types = list.map((output) => (isObject(output) ? output['type'] : undefined));
  const twice = list.length === 2 && types[0] === types[1];
  return twice ? [...problems, { path, message: 'Two outputs must differ in type.' }] : problems;
}

function streamProblems(output: unknown, path: string): readonly Problem[] {
  const problems = problemsOf(output, streamRules);
  const { type, reservedCapacity } = (isObject(output) ? output : {}) as Partial<ChimeStreamOutput>;
  const tooMany = type === 'mixed' && reservedCapacity !== undefined && reservedCapacity !== 1;
  const all = tooMany ? [...problems, { path: 'reservedCapacity', message: 'Must be 1 for mixed.' }] : problems;
  return all.map((problem) => ({ ...problem, path: problem.path === '' ? path : `${path}.${problem.path}` }));
}

function capacity(value: unknown): Message {
  const sound = Number.isInteger(value) && Number(value) >= 1 && Number(value) <= mostStreams;
  return sound ? undefined : `Must be a whole number from 1 to ${mostStreams}.`;
}

function plain(value: unknown): string | undefined {
  const text: unknown = value instanceof Secret ? value.reveal() : value;
  return typeof text === 'string' ? text : undefined;
}

function isObject(value: unknown): value is { readonly [member: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
