import { fits, fitsArn } from './wildcard.ts';

/** Undefined: it cannot be told from here. */
export type Verdict = boolean | undefined;

/** What is known of a request, by keys in lower case: a value, or that the key is not there. Others are unknown. */
export type RequestContext = ReadonlyMap<string, string | 'absent'>;

type Comparison = (value: string, wanted: string) => boolean;

const same: Comparison = (value, wanted) => value === wanted;
const sameInAnyCase: Comparison = (value, wanted) => value.toLowerCase() === wanted.toLowerCase();

/** Operators that need no more than text. Negated ones hold for a key that is not there. */
const operators: { readonly [name: string]: { readonly compare: Comparison; readonly negated?: true } } = {
  stringequals: { compare: same },
  stringnotequals: { compare: same, negated: true },
  stringequalsignorecase: { compare: sameInAnyCase },
  stringnotequalsignorecase: { compare: sameInAnyCase, negated: true },
  stringlike: { compare: fits },
  stringnotlike: { compare: fits, negated: true },
  arnequals: { compare: fitsArn },
  arnlike: { compare: fitsArn },
  arnnotequals: { compare: fitsArn, negated: true },
  arnnotlike: { compare: fitsArn, negated: true },
  bool: { compare: sameInAnyCase },
};

/**
 * Whether the conditions of a statement hold: all operators and keys must, of the values of a key any may.
 *
 * @see {@link https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html}
 */
export function conditionsHold(condition: unknown, context: RequestContext): Verdict {
  if (condition === undefined) return true;
  if (!isRecord(condition)) return undefined;
  const verdicts = Object.entries(condition).flatMap(([operator, keys]) =>
    isRecord(keys) ? Object.entries(keys).map(([key, wanted]) => holds(operator, key, wanted, context)) : [undefined],
  );
  return all(verdicts);
}

/** True if all are, false if any is not, else unknown. */
export function all(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes(false)) return false;
  return verdicts.includes(undefined) ? undefined : true;
}

function holds(operator: string, key: string, wanted: unknown, context: RequestContext): Verdict {
  const [, quantifier, name = '', ifExists] =
    /^(forallvalues:|foranyvalue:)?(.*?)(ifexists)?$/.exec(operator.toLowerCase()) ?? [];
  const value = context.get(key.toLowerCase());
  const values = [wanted].flat().map(String);
  if (name === 'null') {
    if (value === undefined) return undefined;
    return values.some((text) => (text.toLowerCase() === 'true') === (value === 'absent'));
  }
  const known = operators[name];
  if (!known) return undefined;
  if (value === 'absent' && (ifExists !== undefined || quantifier === 'forallvalues:')) return true;
  if (value === 'absent' && quantifier === 'foranyvalue:') return false;
  if (value === undefined || values.some((text) => text.includes('${'))) return undefined;
  const found = value !== 'absent' && values.some((text) => known.compare(value, text));
  return known.negated ? !found : found;
}

export function isRecord(value: unknown): value is { readonly [member: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
