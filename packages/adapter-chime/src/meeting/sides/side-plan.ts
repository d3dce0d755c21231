import { type Json, type JsonObject, OnRecordError, type PartTarget, type StartPlan } from '@onrecord/core';
import { type SidesConfig, startProblems } from './side-config.ts';
import type { ChimeStreamOutput } from './side-options.ts';

/** A kind of side output; the service lets a meeting have one pipeline of each. */
export type SideKind = 'live' | 'streams';

/** One stream output with its capacity. */
export interface StreamPlan {
  readonly [member: string]: string | number;
  readonly pool: string;
  readonly type: 'mixed' | 'individual';
  readonly capacity: number;
}

/** What a part is to have beside its recording: a fact of the part, without any secret. */
export interface SidePlan {
  /** Token of the start: those of the side outputs come from it, in every process. */
  readonly token: string;
  /** When the capture was accepted, RFC 3339. */
  readonly since: string;
  /** Name of a live output. */
  readonly live?: string | undefined;
  readonly streams?: readonly StreamPlan[] | undefined;
}

const factName = 'sides';

/**
 * Refuses a start that asks for side outputs that there are not. What was given is not repeated: it may be an address.
 * @throws OnRecordError `invalid-request` that lists every problem.
 */
export function refuseSides(options: JsonObject | undefined, config: SidesConfig): void {
  const { live, streams } = options ?? {};
  const asked = { ...(live === undefined ? {} : { live }), ...(streams === undefined ? {} : { streams }) };
  const problems = startProblems(asked, Object.keys(config.live), '');
  if (problems.length === 0) return;
  const lines = problems.map(({ path, message }) => `${path}: ${message}`);
  throw new OnRecordError('invalid-request', ['These side outputs cannot be made.', ...lines].join('\n- '), {
    context: { problems: lines },
  });
}

/**
 * What a start asks for, over what the driver's options always want; undefined for nothing.
 * @throws OnRecordError as {@link refuseSides}
 */
export function sidePlan(plan: StartPlan, config: SidesConfig, since: string): SidePlan | undefined {
  refuseSides(plan.providerOptions, config);
  const { live = config.always.live, streams = config.always.streams } = plan.providerOptions ?? {};
  const wanted = typeof streams === 'object' && streams !== null ? [streams].flat() : [];
  if (typeof live !== 'string' && wanted.length === 0) return undefined;
  return {
    token: plan.command.token,
    since,
    ...(typeof live === 'string' ? { live } : {}),
    ...(wanted.length > 0 ? { streams: wanted.map((output) => streamPlan(output as ChimeStreamOutput)) } : {}),
  };
}

/** The plan as a fact; `unfinished`: whatever becomes of the part, this is still to be ended. */
export function planFact(plan: SidePlan): { readonly [name: string]: Json } {
  const { token, since, live, streams } = plan;
  return {
    unfinished: true,
    [factName]: { token, since, ...(live ? { live } : {}), ...(streams ? { streams: [...streams] } : {}) },
  };
}

/** The plan of a part that was started. */
export function plannedSides({ facts }: Pick<PartTarget, 'facts'>): SidePlan | undefined {
  const plan = facts?.[factName];
  return typeof plan === 'object' && plan !== null ? (plan as object as SidePlan) : undefined;
}

/** The kinds that a plan has. */
export function plannedKinds(plan: SidePlan | undefined): readonly SideKind[] {
  return (['live', 'streams'] as const).filter((kind) => plan?.[kind] !== undefined);
}

/** How people call it. */
export function sideName(plan: SidePlan, kind: SideKind): string {
  return kind === 'live' ? `live output ${plan.live}` : 'stream output';
}

function streamPlan({ pool, type, reservedCapacity }: ChimeStreamOutput): StreamPlan {
  return { pool, type, capacity: reservedCapacity ?? (type === 'mixed' ? 1 : 10) };
}
