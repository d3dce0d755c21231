import { randomBytes } from 'node:crypto';

/** 96 random bits, lower-case hex: told apart from any other within one object or one prefix. */
export function shortId(): string {
  return randomBytes(12).toString('hex');
}
