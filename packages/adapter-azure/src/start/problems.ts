import { OnRecordError } from '@onrecord/core';
import { describe, type Problem } from '../config/problem.ts';

/** What is wrong with a start: by the caller's mistake, or because Azure cannot do it. */
export interface StartProblems {
  readonly invalid: Problem[];
  readonly unsupported: Problem[];
}

export function noProblems(): StartProblems {
  return { invalid: [], unsupported: [] };
}

/**
 * @throws OnRecordError that lists all of them: `invalid-request` as soon as one is a mistake, else `unsupported`.
 */
export function refuseProblems({ invalid, unsupported }: StartProblems): void {
  const problems = [...invalid, ...unsupported].map(describe);
  if (problems.length === 0) return;
  const [only] = problems;
  const message =
    problems.length === 1 ? (only ?? '') : ['Azure is not asked to record this.', ...problems].join('\n- ');
  throw new OnRecordError(invalid.length > 0 ? 'invalid-request' : 'unsupported', message, { context: { problems } });
}
