/** One thing that is wrong, and where. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

/** What a value must be, as the end of "Must …"; undefined when it is. */
export type Rule = (value: unknown, all: { readonly [name: string]: unknown }) => string | undefined;

export interface ParameterRule {
  readonly required?: true;
  readonly rule?: Rule;
  /** What the members of an object must be. */
  readonly members?: ParameterRules;
}

export interface ParameterRules {
  readonly [name: string]: ParameterRule;
}

/** Every problem of the parameters; members that no rule names are the service's business. */
export function problemsIn(
  given: { readonly [name: string]: unknown },
  rules: ParameterRules,
  path: string,
): readonly Problem[] {
  return Object.entries(rules).flatMap(([name, { required, rule, members }]) => {
    const value = given[name] ?? undefined;
    const here = `${path}.${name}`;
    if (value === undefined) return required ? [{ path: here, message: 'Is required.' }] : [];
    if (members) {
      if (typeof value !== 'object') return [{ path: here, message: 'Must be an object.' }];
      return problemsIn(value as { readonly [name: string]: unknown }, members, here);
    }
    const wrong = rule?.(value, given);
    return wrong === undefined ? [] : [{ path: here, message: `Must ${wrong}.` }];
  });
}
