import type { JsonObject } from '@onrecord/core';
import type { ConfigProblem } from '@onrecord/core/inversify';

/** What an option of a configuration must be; `!` = it must be there. */
export type OptionKind = 'text' | 'text!' | 'number' | 'flag';

type ValueOf<K extends OptionKind> = K extends 'text!'
  ? string
  : (K extends 'text' ? string : K extends 'number' ? number : boolean) | undefined;

export type OptionValues<S extends Readonly<Record<string, OptionKind>>> = { readonly [N in keyof S]: ValueOf<S[N]> };

/** Checks options against their shape and says everything that is wrong at once, names that mean nothing included. */
export function problemsOf(options: JsonObject, shape: Readonly<Record<string, OptionKind>>): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  for (const [path, kind] of Object.entries(shape)) {
    const value = options[path];
    const missing = value === undefined || value === '';
    if (missing && kind === 'text!') problems.push({ path, message: 'It is missing.' });
    if (!missing && !fits(value, kind)) problems.push({ path, message: `It must be ${wanted(kind)}.` });
  }
  for (const path of Object.keys(options)) {
    if (!(path in shape)) {
      problems.push({ path, message: `There is no such option; known are ${Object.keys(shape).join(', ')}.` });
    }
  }
  return problems;
}

/** The options that are there; only for options without problems. */
export function optionValues<S extends Readonly<Record<string, OptionKind>>>(
  options: JsonObject,
  shape: S,
): OptionValues<S> {
  return Object.fromEntries(Object.keys(shape).map((name) => [name, options[name]])) as OptionValues<S>;
}

function fits(value: unknown, kind: OptionKind): boolean {
  if (kind === 'number') return typeof value === 'number';
  return typeof value === (kind === 'flag' ? 'boolean' : 'string');
}

function wanted(kind: OptionKind): string {
  if (kind === 'number') return 'a number';
  return kind === 'flag' ? 'true or false' : 'a text';
}
