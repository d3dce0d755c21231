import type { z } from 'zod';
import { HttpError } from './http-error.ts';

/** The JSON of a request, checked. @throws HttpError 400 that lists everything wrong, each with its path. */
export function readBodyAs<T>(shape: z.ZodType<T>, text: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new HttpError(400, 'The body is no JSON.');
  }
  const result = shape.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.') || '(root)'}: ${message}`);
  throw new HttpError(400, problems.join('\n'));
}
