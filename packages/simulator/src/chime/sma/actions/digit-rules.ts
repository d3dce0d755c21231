import { type ActionOutcome, failure, numeric } from '../action.ts';

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
  const min = numeric(parameters['MinNumberOfDigits']) ?? 0;
  const max = numeric(parameters['MaxNumberOfDigits']) ?? 128;
  if (!(min >= 0)) return refuse('MinNumberOfDigits');
  if (!(max > min && max <= 128)) return refuse('MaxNumberOfDigits');
  const attempts = numeric(parameters['Repeat']) ?? 1;
  if (!(attempts > 0)) return refuse('Repeat');
  const attemptMs = numeric(parameters['RepeatDurationInMilliseconds']);
  if (attemptMs === undefined || !(attemptMs > 0)) return refuse('RepeatDurationInMilliseconds');
  const betweenMs = numeric(parameters['InBetweenDigitsDurationInMilliseconds']) ?? attemptMs;
  if (!(betweenMs > 0)) return refuse('InBetweenDigitsDurationInMilliseconds');
  const pattern = readPattern(parameters['InputDigitsRegex']);
  if (pattern === 'invalid') return refuse('InputDigitsRegex');
  const terminators = parameters['TerminatorDigits'] ?? ['#'];
  if (!Array.isArray(terminators)) return refuse('TerminatorDigits');
  return { min, max, terminators: terminators.map(String), pattern, attempts, attemptMs, betweenMs };
}

export function readPattern(value: unknown): RegExp | 'invalid' | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string' || value === '') return 'invalid';
  try {
    return new RegExp(value);
  } catch {
    return 'invalid';
  }
}

function refuse(name: string): { readonly refusal: ActionOutcome } {
  return { refusal: failure('InvalidActionParameter', `${name} parameter is invalid.`) };
}
