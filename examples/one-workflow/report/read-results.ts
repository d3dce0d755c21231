import { OnRecordError } from '@onrecord/core';
import type { Result } from './result.ts';

/**
 * The results in the output of `--json`; the lines that npm prints before them, unless it is told to be silent, are
 * skipped.
 * @throws OnRecordError `invalid-request` when there are none.
 */
export function readResults(text: string): readonly Result[] {
  const from = text.search(/^\[/m);
  let value: unknown;
  try {
    value = JSON.parse(from < 0 ? text : text.slice(from));
  } catch (cause) {
    throw new OnRecordError('invalid-request', 'This is no output of the demo: it holds no JSON array.', {
      remedy: 'Run: npm run --silent demo -- --json',
      cause,
    });
  }
  const sound =
    Array.isArray(value) &&
    value.length > 0 &&
    value.every(
      (each) => typeof each?.provider === 'string' && Array.isArray(each.artifacts) && Array.isArray(each.checks),
    );
  if (sound) return value as readonly Result[];
  throw new OnRecordError('invalid-request', 'This is no output of the demo: it holds no results.');
}
