import { type ActionOutcome, failure, numeric } from '../action.ts';

/** What one parameter of an action may hold, and what the service says of anything else. */
export interface ParameterRule {
  readonly name: string;
  /** @default false: `null` and an absent value are alike, and allowed */
  readonly required?: true;
  readonly accepts: (value: unknown) => boolean;
  readonly message: string;
  /** What is said where a required value is absent. @default message */
  readonly missing?: string;
  /** @default 'InvalidActionParameter' */
  readonly errorType?: string;
}

/** The limits of one action, in the order in which they are checked: the first one broken is the one told. */
export type ParameterTable = readonly ParameterRule[];

export function checkParameters(
  table: ParameterTable,
  parameters: Readonly<Record<string, unknown>>,
): ActionOutcome | undefined {
  for (const { name, required, accepts, message, missing = message, errorType = 'InvalidActionParameter' } of table) {
    const value = parameters[name] ?? undefined;
    if (value === undefined && required) return failure(errorType, missing);
    if (value !== undefined && !accepts(value)) return failure(errorType, message);
  }
  return undefined;
}

/** A number, or a text that is one: the documentation prints both. Both ends are allowed. */
export function between(min: number, max: number): (value: unknown) => boolean {
  return (value) => {
    const number = numeric(value);
    return number !== undefined && number >= min && number <= max;
  };
}

/** A number, or a text that is one, above a limit that is not allowed itself. */
export function above(limit: number): (value: unknown) => boolean {
  return (value) => {
    const number = numeric(value);
    return number !== undefined && number > limit;
  };
}

export function oneOf(...values: readonly string[]): (value: unknown) => boolean {
  return (value) => typeof value === 'string' && values.includes(value);
}

export function matches(pattern: RegExp): (value: unknown) => boolean {
  return (value) => typeof value === 'string' && pattern.test(value);
}

/** A list of single keys of a telephone. */
export function isKeyList(value: unknown): boolean {
  return Array.isArray(value) && value.every(matches(/^[0-9*#]$/));
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
