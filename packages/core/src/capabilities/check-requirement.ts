import { formatOutput, type Output, sameOutput } from '../format/output.ts';
import { missingSources, strengthOf } from './announcing.ts';
import type { Capabilities, PauseCapability, PauseEffect } from './capabilities.ts';
import type { Emulation } from './offer.ts';
import type { Requirement, Strength } from './requirement.ts';

/** How far a provider meets a requirement. */
export interface RequirementCheck {
  /** The first output that is asked for and offered. Undefined where none is asked for, or none offered: a gap. */
  readonly output: Output | undefined;
  /** The first effect of a pause that is asked for and offered. Undefined where none is asked for, or none offered. */
  readonly pauseEffect: PauseEffect | undefined;
  /** What is preferred and not there, each with what there is instead. */
  readonly missingPreferred: readonly string[];
  /** What is required and not there, each with what there is instead. Not empty = start-up must fail. */
  readonly gaps: readonly string[];
}

/** Compares what a workflow needs with what a provider offers, its emulations included. Says everything at once. */
export function checkRequirement(
  capabilities: Capabilities,
  requirement: Requirement,
  { emulate = [] }: { readonly emulate?: readonly Emulation[] | undefined } = {},
): RequirementCheck {
  const gaps: string[] = [];
  const missingPreferred: string[] = [];
  const need = (strength: Strength | undefined, gap: string | undefined) => {
    if (strength !== undefined && gap !== undefined) (strength === 'required' ? gaps : missingPreferred).push(gap);
  };
  const { outputs, pause, announce, discard } = requirement;
  const output = outputs?.find((asked) => capabilities.outputs.some((offered) => sameOutput(asked, offered)));
  if (outputs && !output) gaps.push(outputGap(outputs, capabilities.outputs));
  need(pause && strengthOf(pause), pause && pauseGap(capabilities, pause, emulate));
  need(announce && strengthOf(announce), announce && announceGap(capabilities, announce));
  need(discard, capabilities.discard ? undefined : 'discard: the provider keeps what it captured');
  const pauseEffect =
    typeof pause === 'object' ? effectOf(offeredPause(capabilities, emulate), pause.effects) : undefined;
  return { output, pauseEffect, missingPreferred, gaps };
}

function announceGap(capabilities: Capabilities, asked: NonNullable<Requirement['announce']>): string | undefined {
  const missing = missingSources(capabilities, asked);
  if (missing === undefined || capabilities.announce === false) return 'announce: the provider plays nothing on a call';
  if (missing.length === 0) return undefined;
  return `announce: not from ${missing.join(' or ')}, only from ${capabilities.announce.sources.join(' or ')}`;
}

function outputGap(asked: readonly Output[], offered: readonly Output[]): string {
  return `outputs: none of ${asked.map(formatOutput).join(', ')}; the provider offers ${offered.map(formatOutput).join(', ')}`;
}

const segments: PauseCapability = { effects: ['segmented'], fidelity: 'emulated', startPaused: false };

function offeredPause({ pause, starts }: Capabilities, emulate: readonly Emulation[]): Capabilities['pause'] {
  const emulated = pause === false && starts.total === 'unlimited' && emulate.includes('pause-by-segments');
  return emulated ? segments : pause;
}

function effectOf(offered: Capabilities['pause'], asked: readonly PauseEffect[] | undefined): PauseEffect | undefined {
  return offered === false ? undefined : asked?.find((effect) => offered.effects.includes(effect));
}

function pauseGap(
  capabilities: Capabilities,
  asked: NonNullable<Requirement['pause']>,
  emulate: readonly Emulation[],
): string | undefined {
  const repeatable = capabilities.starts.total === 'unlimited';
  const offered = offeredPause(capabilities, emulate);
  if (offered === false) {
    const instead = repeatable ? "; emulate: ['pause-by-segments'] ends one file and begins another" : '';
    return `pause: the provider cannot pause${instead}`;
  }
  if (typeof asked === 'string') return undefined;
  const { effects, startPaused } = asked;
  const lacks: string[] = [];
  if (effects && effectOf(offered, effects) === undefined) {
    lacks.push(`the effect ${effects.join(' or ')}, since the provider's is ${offered.effects.join(' or ')}`);
  }
  if (startPaused && !offered.startPaused) lacks.push('a start in pause, since the provider captures at once');
  return lacks.length === 0 ? undefined : `pause: without ${lacks.join(', and without ')}`;
}
