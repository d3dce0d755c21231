import { OnRecordError } from '../errors/index.ts';

/** Longest key that every supported store takes, in UTF-8 bytes (S3: 1 024; Blob: 1 024 characters). */
const maxKeyBytes = 1_024;

/**
 * Refuses a key that could leave its root, or that some store would change: empty segments, `.` and `..`, a leading
 * slash, backslashes and control characters.
 * @throws OnRecordError `invalid-request`.
 */
export function checkKey(key: string): void {
  const problem = problemOf(key);
  if (problem) {
    throw new OnRecordError('invalid-request', `The storage key ${JSON.stringify(key)} ${problem}.`, {
      remedy: 'Use relative segments of letters, digits, dots, dashes and underscores, joined by "/".',
    });
  }
}

function problemOf(key: string): string | undefined {
  if (key === '') return 'is empty';
  if (new TextEncoder().encode(key).length > maxKeyBytes) return `is longer than ${maxKeyBytes} bytes`;
  for (const character of key) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x20 || code === 0x7f) return 'holds a control character';
    if (code >= 0xd800 && code <= 0xdfff) return 'holds half a character';
  }
  if (key.includes('\\')) return 'holds a backslash';
  if (key.split('/').some((segment) => segment === '' || segment === '.' || segment === '..')) {
    return 'has an empty, "." or ".." segment';
  }
  return undefined;
}
