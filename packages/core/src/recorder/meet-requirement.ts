import type { Capabilities } from '../capabilities/capabilities.ts';
import type { Requirement, Strength } from '../capabilities/requirement.ts';
import { OnRecordError } from '../errors/index.ts';
import { formatOutput, type Output, sameOutput } from '../format/output.ts';

/** How a provider meets a requirement. */
export interface Met {
  /** The first output that is asked for and offered; undefined when none is asked for. */
  readonly output: Output | undefined;
  /** What is preferred and not there. */
  readonly missing: readonly string[];
}

/** @throws OnRecordError `unsupported` listing everything that is required and not there. */
export function meetRequirement(capabilities: Capabilities, requirement: Requirement, instance: string): Met {
  const gaps: string[] = [];
  const missing: string[] = [];
  const note = (strength: Strength, gap: string | undefined) => {
    if (gap !== undefined) (strength === 'required' ? gaps : missing).push(gap);
  };
  const { outputs, pause, announce, discard } = requirement;
  const output = outputs?.find((asked) => capabilities.outputs.some((offered) => sameOutput(asked, offered)));
  if (outputs && !output) {
    note('required', `none of the outputs ${outputs.map(formatOutput).join(', ')}`);
  }
  if (pause) note(typeof pause === 'string' ? pause : (pause.strength ?? 'required'), pauseGap(capabilities, pause));
  if (announce) note(announce, capabilities.announce === false ? 'announce' : undefined);
  if (discard) note(discard, capabilities.discard === false ? 'discard' : undefined);
  if (gaps.length > 0) {
    throw new OnRecordError('unsupported', `The provider instance "${instance}" lacks ${gaps.join('; ')}.`, {
      remedy: 'Ask for less, prefer instead of requiring, enable an emulation, or use another provider.',
      context: { provider: instance, gaps },
    });
  }
  return { output, missing };
}

function pauseGap({ pause: offered }: Capabilities, asked: NonNullable<Requirement['pause']>): string | undefined {
  if (offered === false) return 'pause';
  if (typeof asked === 'string') return undefined;
  if (asked.effects && !asked.effects.some((effect) => offered.effects.includes(effect))) {
    return `pause with the effect ${asked.effects.join(' or ')} (it has ${offered.effects.join(', ')})`;
  }
  return asked.startPaused && !offered.startPaused ? 'a start that is paused' : undefined;
}
