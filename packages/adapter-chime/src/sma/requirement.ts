import { OnRecordError, type Output, type Requirement, sameOutput } from '@onrecord/core';
import { chimeSmaCapabilities as capabilities } from './capabilities.ts';

/**
 * The output of starts that name none: the first that the flow asks for and a leg can be recorded as.
 * @throws OnRecordError `unsupported` listing everything that the flow requires and a leg has not.
 */
export function chooseOutput({ outputs, pause, discard }: Requirement): Output {
  const output = outputs?.find((asked) => capabilities.outputs.some((offered) => sameOutput(asked, offered)));
  const gaps: string[] = [];
  if (outputs && !output) gaps.push('none of the outputs');
  if (typeof pause === 'object' && pause.strength !== 'preferred') {
    if (pause.effects && !pause.effects.includes('silence')) gaps.push('no pause but by silence');
    if (pause.startPaused) gaps.push('no start that is paused');
  }
  if (discard === 'required') gaps.push('no discard');
  if (gaps.length === 0) return output ?? capabilities.outputs[0];
  throw new OnRecordError('unsupported', `The flow requires what a SIP media application has not: ${gaps.join('; ')}.`);
}
