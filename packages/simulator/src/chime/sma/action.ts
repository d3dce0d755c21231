import type { Clock } from '@onrecord/core';
import type { CallEngine } from './call-engine.ts';
import type { Leg } from './leg.ts';
import type { SmaAction } from './sma-event.ts';
import type { ActionError, ResolvedSmaOptions } from './sma-options.ts';

export interface ActionContext {
  readonly engine: CallEngine;
  readonly clock: Clock;
  readonly options: ResolvedSmaOptions;
  readonly action: SmaAction;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The leg that the action names, or LEG-A. */
  readonly leg: Leg;
  /** Aborted when the action is interrupted or its leg ends. */
  readonly signal: AbortSignal;
}

export type ActionOutcome =
  | {
      readonly ok: true;
      /** Members of ActionData beside the action itself. */
      readonly extra?: Readonly<Record<string, unknown>>;
      /** The action reports by another event than ACTION_SUCCESSFUL. */
      readonly silent?: true;
      readonly legEnded?: EndedLegReport;
    }
  | { readonly ok: false; readonly error: ActionError; readonly legEnded?: EndedLegReport };

/** The leg ended while the action was at work: the rest of the list is dropped, and this is reported of the action. */
export type EndedLegReport = 'ACTION_SUCCESSFUL' | 'ACTION_FAILED' | 'nothing';

/** A type of action. */
export interface ActionKind {
  /** Whether a new list stops it at once; else it runs to its end first. */
  readonly interruptible?: true;
  /** Whether it answers an inbound leg that nobody has answered. */
  readonly answers?: true;
  /** Whether it needs a leg that is connected. */
  readonly needsMedia?: true;
  /** Whether only CallId names the leg; else ParticipantTag may, and LEG-A is the default. */
  readonly byCallIdOnly?: true;
  /** What is said of a leg that is not there. @default that of most pages */
  readonly unknownLeg?: string;
  /** Rejects with the reason of the signal when that is aborted. */
  readonly run: (context: ActionContext) => Promise<ActionOutcome>;
}

export const SUCCESS: ActionOutcome = { ok: true };

export function failure(type: string, message: string): ActionOutcome {
  return { ok: false, error: { type, message } };
}

/** A number, whether given as one or as a text: the documentation prints both. */
export function numeric(value: unknown): number | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const number = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : Number.NaN;
}
