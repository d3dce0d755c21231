import { all, conditionsHold, isRecord, type RequestContext, type Verdict } from './conditions.ts';
import { fits } from './wildcard.ts';

/** What a service asks a bucket for. */
export interface ServiceRequest {
  readonly service: string;
  readonly action: string;
  readonly resource: string;
  readonly context: RequestContext;
}

/**
 * What a policy says to a request: a statement that denies beats all that allow; without one that allows it is refused.
 * `unclear` when that hangs on what only the request itself shows.
 */
export type Decision =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'denied'; readonly statement: string }
  | { readonly kind: 'not-allowed' }
  | { readonly kind: 'unclear'; readonly statement: string };

type JsonRecord = { readonly [member: string]: unknown };

/**
 * Evaluates the policy of a bucket for a service of AWS.
 *
 * @see {@link https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html}
 */
export function evaluate(policy: unknown, request: ServiceRequest): Decision {
  const statements = isRecord(policy) ? [policy['Statement'] ?? []].flat() : [];
  const matched = statements.filter(isRecord).map((statement, index) => ({
    name: typeof statement['Sid'] === 'string' ? statement['Sid'] : `number ${index + 1}`,
    effect: statement['Effect'],
    verdict: applies(statement, request),
  }));
  const find = (effect: string, verdict: Verdict) =>
    matched.find((each) => each.effect === effect && each.verdict === verdict);
  const denial = find('Deny', true);
  if (denial) return { kind: 'denied', statement: denial.name };
  const doubt = find('Deny', undefined);
  if (doubt) return { kind: 'unclear', statement: doubt.name };
  if (find('Allow', true)) return { kind: 'allowed' };
  const hope = find('Allow', undefined);
  return hope ? { kind: 'unclear', statement: hope.name } : { kind: 'not-allowed' };
}

function applies(statement: JsonRecord, { service, action, resource, context }: ServiceRequest): Verdict {
  return all([
    either(statement, 'Principal', (principal) => isPrincipal(principal, service)),
    either(statement, 'Action', (actions) =>
      texts(actions).some((text) => fits(action.toLowerCase(), text.toLowerCase())),
    ),
    either(statement, 'Resource', (resources) => isResource(resources, resource)),
    conditionsHold(statement['Condition'], context),
  ]);
}

/** By the element or by its negation, of which a statement has one. */
function either(statement: JsonRecord, element: string, matches: (value: unknown) => Verdict): Verdict {
  const negated = statement[`Not${element}`];
  if (negated === undefined) return matches(statement[element]);
  const verdict = matches(negated);
  return verdict === undefined ? undefined : !verdict;
}

/** `*` is everybody, services included. */
function isPrincipal(principal: unknown, service: string): boolean {
  if (principal === '*') return true;
  if (!isRecord(principal)) return false;
  return texts(principal['AWS']).includes('*') || texts(principal['Service']).some((text) => fits(service, text));
}

/** A variable in a resource stands for what only the request shows. */
function isResource(resources: unknown, resource: string): Verdict {
  const plain = texts(resources).filter((text) => !text.includes('${'));
  if (plain.some((text) => fits(resource, text))) return true;
  return plain.length < texts(resources).length ? undefined : false;
}

function texts(value: unknown): readonly string[] {
  return [value ?? []].flat().filter((text): text is string => typeof text === 'string');
}
