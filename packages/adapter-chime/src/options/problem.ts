import { OnRecordError } from '@onrecord/core';

/** One thing that is wrong with options, and where. Never holds the value of a secret. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

/** What a value must be; undefined when it is. */
type Rule = (value: unknown) => string | undefined;

export interface Rules {
  readonly [name: string]: { readonly required?: true; readonly rule: Rule };
}

/** Every problem of `options`: missing, wrong and unknown members. */
export function problemsOf(options: unknown, rules: Rules): readonly Problem[] {
  if (typeof options !== 'object' || options === null) return [{ path: '', message: 'Must be an object.' }];
  const given = options as { readonly [name: string]: unknown };
  const unknown = Object.keys(given)
    .filter((name) => !(name in rules))
    .map((name) => ({ path: name, message: `There is no such option; there are ${Object.keys(rules).join(', ')}.` }));
  const wrong = Object.entries(rules).flatMap(([path, { required, rule }]) => {
    const value = given[path];
    if (value === undefined) return required ? [{ path, message: 'Missing.' }] : [];
    const message = rule(value);
    return message === undefined ? [] : [{ path, message }];
  });
  return [...unknown, ...wrong];
}

/** @throws OnRecordError `invalid-request` that lists every problem. */
export function refuseProblems(what: string, problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  const lines = problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  throw new OnRecordError('invalid-request', [`The ${what} is not configured.`, ...lines].join('\n- '), {
    context: { problems: lines },
  });
}
