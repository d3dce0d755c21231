import { Secret } from '@onrecord/core';

type Message = string | undefined;

export const text = (value: unknown): Message =>
  typeof value === 'string' && value.trim() !== '' ? undefined : 'Must be text.';

export function matching(pattern: RegExp, what: string): (value: unknown) => Message {
  return (value) => (typeof value === 'string' && pattern.test(value) ? undefined : `Must be ${what}.`);
}

export function oneOf(...values: readonly string[]): (value: unknown) => Message {
  return (value) => (values.includes(String(value)) ? undefined : `Must be ${values.join(' or ')}.`);
}

export const region: (value: unknown) => Message = matching(/^[a-z]{2}(-[a-z]+)+-\d$/, 'an AWS region, e.g. us-east-1');
export const bucket: (value: unknown) => Message = matching(
  /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
  'the plain name of a bucket: no ARN, no s3://',
);

/** Key characters that the pattern of a sink's ARN admits: no space, `#`, `=`, `+`. */
export const prefix: (value: unknown) => Message = matching(
  /^(?:[\w.-]+(?:\/[\w.-]+)*)?$/,
  'key segments of letters, digits, ".", "_" and "-", joined by "/", without one at either end',
);

export function url(value: unknown): Message {
  return typeof value === 'string' && URL.canParse(value) && /^https?:/.test(value)
    ? undefined
    : 'Must be an http(s) URL.';
}

export function credentials(value: unknown): Message {
  if (typeof value === 'function') return undefined;
  const keys = value as { readonly accessKeyId?: unknown; readonly secretAccessKey?: unknown } | null;
  const sound = typeof keys?.accessKeyId === 'string' && typeof keys.secretAccessKey === 'string';
  return sound ? undefined : 'Must have accessKeyId and secretAccessKey, or be a function that gives them.';
}

/** Shortest secret that is taken for one. */
const leastSecretLength = 16;

/** One secret, or several while they are being replaced. */
export function secrets(value: unknown): Message {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const sound = list.every((one) => {
    const plain: unknown = one instanceof Secret ? one.reveal() : one;
    return typeof plain === 'string' && plain.length >= leastSecretLength;
  });
  return list.length > 0 && sound ? undefined : `Must be text of at least ${leastSecretLength} characters.`;
}

export const object = (value: unknown): Message =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? undefined : 'Must be an object.';
