import { type Problem, problemsOf, type Rules } from '../../options/problem.ts';
import { type CaptureEncryption, encryptionProblems } from './encryption.ts';
import { pipelineRegions, withoutPipelines } from './regions.ts';
import { type ChimeMeetingStartOptions, captureNames, captureProblems, type MeetingVideo } from './start-options.ts';

/** What is captured from every meeting, and what the service is asked to do with it. */
export interface ChimeCaptureOptions extends ChimeMeetingStartOptions {
  /** Server-side encryption with a key of yours. Default: what the bucket does by itself. */
  readonly encryption?: CaptureEncryption | undefined;
  /**
   * Control regions that have media pipelines: others are refused before a request leaves. Default: the documented ones.
   * `any` leaves it to the service.
   */
  readonly regions?: readonly string[] | 'any' | undefined;
  /**
   * Who is back this soon after a lost connection, in ms, has not left: `call.participant-left` waits so long. At least
   * 15 000; default 60 000. It needs every event of a meeting to come to the same process; `none` tells each event as it
   * comes, where they do not.
   */
  readonly reconnectGraceMs?: number | 'none' | undefined;
}

/** The options with every default filled in. */
export interface CaptureConfig extends ChimeMeetingStartOptions {
  readonly video: MeetingVideo;
  readonly encryption: CaptureEncryption | undefined;
  readonly regions: readonly string[] | 'any';
  readonly reconnectGraceMs: number | 'none';
}

/** The service needs up to 15 s to miss somebody. */
const leastGraceMs = 15_000;

const rules: Rules = {
  encryption: { rule: () => undefined },
  regions: { rule: regionsRule },
  reconnectGraceMs: { rule: graceRule },
};

/** Names of the options of this part. */
export const captureOptionNames: readonly string[] = [...captureNames, ...Object.keys(rules)];

/** Everything wrong with the options of this part; others are not looked at. */
export function captureOptionProblems(options: unknown): readonly Problem[] {
  if (typeof options !== 'object' || options === null) return [];
  const given = Object.fromEntries(Object.entries(options).filter(([name]) => captureOptionNames.includes(name)));
  const own = Object.fromEntries(Object.entries(given).filter(([name]) => name in rules));
  const { encryption, regions } = own;
  const { region } = options as { readonly region?: unknown };
  const allowed = rules['regions']?.rule(regions) === undefined ? (regions as CaptureConfig['regions']) : undefined;
  const nowhere = typeof region === 'string' ? withoutPipelines(region, allowed ?? pipelineRegions) : undefined;
  return [
    ...captureProblems(given, Object.keys(rules)),
    ...problemsOf(own, rules),
    ...(encryption === undefined ? [] : encryptionProblems(encryption, 'encryption')),
    ...(nowhere === undefined || !/^[a-z]{2}(-[a-z]+)+-\d$/.test(String(region))
      ? []
      : [{ path: 'region', message: nowhere }]),
  ];
}

export function resolveCapture(options: ChimeCaptureOptions): CaptureConfig {
  const { video, compositedVideo, cameras, content, select, tags, encryption, regions, reconnectGraceMs } = options;
  return {
    video: video ?? (compositedVideo ? 'composited' : 'active-speaker'),
    compositedVideo,
    cameras,
    content,
    select,
    tags,
    encryption,
    regions: regions ?? pipelineRegions,
    reconnectGraceMs: reconnectGraceMs ?? 60_000,
  };
}

function regionsRule(value: unknown): string | undefined {
  const listed = Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string');
  return value === undefined || value === 'any' || listed ? undefined : "Must be a list of regions, or 'any'.";
}

function graceRule(value: unknown): string | undefined {
  const enough = Number.isInteger(value) && Number(value) >= leastGraceMs;
  return value === 'none' || enough ? undefined : `Must be a whole number of at least ${leastGraceMs}, or 'none'.`;
}
