import { type ActionOutcome, failure, numeric } from '../action.ts';
import { checkParameters } from '../parameters/parameter-rule.ts';
import { GET_DIGITS } from '../parameters/tables.ts';

/** What the two digit actions ask of the caller. */
export interface DigitRules {
  readonly min: number;
  readonly max: number;
  readonly terminators: readonly string[];
  readonly pattern: RegExp | undefined;
  readonly attempts: number;
  readonly attemptMs: number;
  readonly betweenMs: number;
}

export function readDigitRules(
  parameters: Readonly<Record<string, unknown>>,
): DigitRules | { readonly refusal: ActionOutcome } {
  const refusal = checkParameters(GET_DIGITS, parameters);
  if (refusal) return { refusal };
  const min = numeric(parameters['MinNumberOfDigits']) ?? 0;
  const max = numeric(parameters['MaxNumberOfDigits']) ?? 128;
  if (max <= min) return { refusal: failure('InvalidActionParameter', 'MaxNumberOfDigits parameter is invalid.') };
  const attemptMs = numeric(parameters['RepeatDurationInMilliseconds']) ?? 0;
  const pattern = (parameters['InputDigitsRegex'] ?? undefined) as string | undefined;
  return {
    min,
    max,
    terminators: (parameters['TerminatorDigits'] ?? ['#']) as readonly string[],
    pattern: pattern === undefined ? undefined : new RegExp(pattern),
    attempts: numeric(parameters['Repeat']) ?? 1,
    attemptMs,
    betweenMs: numeric(parameters['InBetweenDigitsDurationInMilliseconds']) ?? attemptMs,
  };
}
