import { OnRecordError, unknownMembers } from '@onrecord/core';
import type { Problem } from '../options/problem.ts';

/** Where the accounts of an ARN live. China is left out: the Chime SDK is not there. */
export type Partition = 'aws' | 'aws-us-gov';

/** What is wrong with a value; undefined when nothing is. */
type Check = (value: unknown) => string | undefined;

export interface Checks {
  readonly [name: string]: { readonly required?: true; readonly check: Check };
}

/**
 * Refuses input that would make a policy that nobody means.
 * @throws OnRecordError `invalid-request` with every problem and its path.
 */
export function checkInput(what: string, input: object, checks: Checks): void {
  refuseInput(what, inputProblems(input, checks));
}

/** Every problem of `input`, which stands at `path`: missing, wrong and unknown members. */
export function inputProblems(input: object, checks: Checks, path: string = ''): readonly Problem[] {
  const given = input as { readonly [name: string]: unknown };
  const problems: Problem[] = [...unknownMembers(input, Object.keys(checks), path)];
  for (const [name, { required, check }] of Object.entries(checks)) {
    const value = given[name];
    const message = value === undefined ? (required ? 'Missing.' : undefined) : check(value);
    if (message !== undefined) problems.push({ path: path === '' ? name : `${path}.${name}`, message });
  }
  return problems;
}

/** @throws OnRecordError `invalid-request` with every problem and its path. */
export function refuseInput(what: string, problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  const lines = problems.map(({ path, message }) => `${path}: ${message}`);
  throw new OnRecordError('invalid-request', [`The ${what} cannot be written.`, ...lines].join('\n- '), {
    context: { problems: lines },
  });
}

export function matches(pattern: RegExp, what: string): Check {
  return (value) => (typeof value === 'string' && pattern.test(value) ? undefined : `Must be ${what}.`);
}

export const accountId: Check = matches(/^\d{12}$/, 'the 12 digits of an AWS account');
export const regionName: Check = matches(/^[a-z]{2}(-[a-z]+)+-\d$/, 'an AWS region, e.g. us-east-1');
export const partition: Check = matches(/^aws(-us-gov)?$/, 'aws or aws-us-gov');

/**
 * A name that S3 takes for a general purpose bucket, so that none leads a policy elsewhere: no wildcard, no ARN.
 * @see {@link https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html}
 */
export function bucketName(value: unknown): string | undefined {
  const sound =
    typeof value === 'string' &&
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(value) &&
    !value.includes('..') &&
    !/^\d+\.\d+\.\d+\.\d+$/.test(value) &&
    !/^(xn--|sthree-)/.test(value) &&
    !/(-s3alias|--ol-s3|\.mrap|--x-s3)$/.test(value);
  return sound ? undefined : 'Must be the plain name of a bucket: 3 to 63 of a-z, 0-9, "." and "-"; no ARN, no s3://.';
}

/** Segments without wildcards, quotes or policy variables; no slash at either end. */
export const keyPrefix: Check = matches(
  /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[^*?${}"\\/\p{Cc}]+(?:\/[^*?${}"\\/\p{Cc}]+)*$/u,
  'key segments joined by "/", without a slash at either end, "*", "?", "$", quotes or braces',
);

export function arn(service: string, resource: RegExp, example: string): Check {
  const pattern = new RegExp(`^arn:aws(?:-us-gov)?:${service}:[a-z0-9-]*:\\d{12}:${resource.source}$`);
  return matches(pattern, `an ARN like ${example}`);
}

export function listOf(check: Check, most: number = 100): Check {
  return (value) => {
    if (!Array.isArray(value) || value.length === 0 || value.length > most) return `Must be a list of 1 to ${most}.`;
    for (const [index, element] of value.entries()) {
      const message = check(element);
      if (message !== undefined) return `[${index}]: ${message}`;
    }
    return undefined;
  };
}

export const flag: Check = (value) => (typeof value === 'boolean' ? undefined : 'Must be true or false.');

/** The partition that an ARN names. */
export function partitionOf(text: string): Partition {
  return text.startsWith('arn:aws-us-gov:') ? 'aws-us-gov' : 'aws';
}
