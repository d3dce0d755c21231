import type { Json, PartTarget } from '@onrecord/core';
import type { SideKind } from './side-plan.ts';

/**
 * Where a side output stands.
 * - `waiting`: not begun so far, or nobody knows; tried again.
 * - `running`
 * - `ending`: it was asked to stop; what was written last is still to be told.
 * - `over`, `failed`: nothing more is done about it.
 */
export interface SideState {
  readonly [member: string]: Json | undefined;
  readonly state: 'waiting' | 'running' | 'ending' | 'over' | 'failed';
  readonly pipelineId?: string | undefined;
  /** Times that it was tried to begin it. */
  readonly attempts: number;
  /** Not tried again before, epoch ms. */
  readonly nextAt?: number | undefined;
  /** Hours for which its pools keep what is written, by type of stream. */
  readonly retentionHours?: { readonly [type: string]: number } | undefined;
  /** When it was first asked to end and did not, epoch ms. */
  readonly endAskedAt?: number | undefined;
  /** That it cannot be ended was told. */
  readonly toldLate?: boolean | undefined;
  /** When its pipeline was first found to be over, epoch ms. */
  readonly overAt?: number | undefined;
}

export type SideFacts = { readonly [name: string]: Json };

/** Key under which the events of its pipeline find the part. */
export const sideKey = (pipelineId: string): string => `chime-side/${pipelineId}`;

/** Fact that an event of its pipeline leaves: `over` or `failed`. */
export const toldFact = (pipelineId: string): string => `side/${pipelineId}`;

/** Fact of a part whose end was asked for. */
export const closedFact: SideFacts = { 'sides.closed': true };

export function isClosed({ facts }: Pick<PartTarget, 'facts'>): boolean {
  return facts?.['sides.closed'] === true;
}

export function stateFact(kind: SideKind, state: SideState): SideFacts {
  const told = Object.entries(state).filter((entry): entry is [string, Json] => entry[1] !== undefined);
  return { [`side.${kind}`]: Object.fromEntries(told) };
}

export function sideState({ facts }: Pick<PartTarget, 'facts'>, kind: SideKind): SideState {
  const state = facts?.[`side.${kind}`];
  const known = typeof state === 'object' && state !== null ? (state as object as SideState) : undefined;
  return known ?? { state: 'waiting', attempts: 0 };
}

/** What an event told of its pipeline. */
export function toldOf({ facts }: Pick<PartTarget, 'facts'>, pipelineId: string): 'over' | 'failed' | undefined {
  const told = facts?.[toldFact(pipelineId)];
  return told === 'over' || told === 'failed' ? told : undefined;
}
