import { OnRecordError, type Output, type Requirement, sameOutput } from '@onrecord/core';
import { smaOutputs } from './outputs.ts';

/**
 * The output of starts that name none: the first that the flow asks for and a leg can be recorded as. Core's own check
 * says more, and is left out of the function for its size.
 * @throws OnRecordError `unsupported` listing everything that the flow requires and a leg has not.
 */
export function chooseOutput({ outputs, pause, discard }: Requirement): Output {
  const output = outputs?.find((asked) => smaOutputs.some((offered) => sameOutput(asked, offered)));
  const { effects, startPaused } = typeof pause === 'object' && pause.strength !== 'preferred' ? pause : {};
  const gaps = [
    outputs && !output ? 'outputs' : '',
    effects?.includes('silence') === false ? 'pause.effects' : '',
    startPaused ? 'pause.startPaused' : '',
    discard === 'required' ? 'discard' : '',
  ].filter(Boolean);
  if (gaps.length === 0) return output ?? smaOutputs[0];
  throw new OnRecordError('unsupported', `The flow requires what a leg has not: ${gaps.join(', ')}.`);
}
