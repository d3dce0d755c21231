import type { Rule } from './parameter-rules.ts';

/** A number, or text that is one: the documentation prints both. */
function numeric(value: unknown): number {
  return typeof value === 'number'
    ? value
    : typeof value === 'string' && value.trim() !== ''
      ? Number(value)
      : Number.NaN;
}

export const text: Rule = (value) => (typeof value === 'string' && value.trim() !== '' ? undefined : 'be text');

export function characters(most: number): Rule {
  return (value) => {
    if (typeof value !== 'string' || value.trim() === '') return 'be text';
    return value.length <= most ? undefined : `have at most ${most} characters, and has ${value.length}`;
  };
}

export function bytes(most: number): Rule {
  return (value) =>
    typeof value === 'string' && value !== '' && Buffer.byteLength(value) <= most
      ? undefined
      : `be text of at most ${most} bytes in UTF-8`;
}

export function matching(pattern: RegExp, what: string): Rule {
  return (value) => (typeof value === 'string' && pattern.test(value) ? undefined : `be ${what}`);
}

export function oneOf(...values: readonly string[]): Rule {
  return (value) => (values.includes(String(value)) ? undefined : `be ${values.join(' or ')}`);
}

export function between(least: number, most: number): Rule {
  return (value) => {
    const number = numeric(value);
    return number >= least && number <= most ? undefined : `be from ${least} to ${most}`;
  };
}

export function above(limit: number): Rule {
  return (value) => (numeric(value) > limit ? undefined : `be above ${limit}`);
}

/** Above another parameter, or what that is by default. */
export function aboveNamed(name: string, fallback: number): Rule {
  return (value, all) => (numeric(value) > numeric(all[name] ?? fallback) ? undefined : `be above ${name}`);
}

export function both(first: Rule, second: Rule): Rule {
  return (value, all) => first(value, all) ?? second(value, all);
}

export const keys: Rule = (value) =>
  Array.isArray(value) && value.every((key) => typeof key === 'string' && /^[0-9*#]$/.test(key))
    ? undefined
    : 'be a list of 0-9, * and #';

export function listOf(count: number): Rule {
  return (value) => (Array.isArray(value) && value.length === count ? undefined : `be a list of ${count}`);
}

export const bucket: Rule = matching(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'the name of a bucket');

/** Of which dialect is not documented, so it is not tried. */
export const pattern: Rule = (value) => (typeof value === 'string' && value !== '' ? undefined : 'be a pattern');
