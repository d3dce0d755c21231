import type { Route } from './router.ts';
import { ServiceError } from './service-error.ts';
import { violations } from './shape.ts';

/** The members of a request, wherever they travelled; checked against the table of the operation. */
export type RequestInput = Readonly<Record<string, unknown>>;

/** @throws ServiceError `BadRequest` for a body that is no JSON object, and naming every violation of the table. */
export function readInput(route: Route, query: URLSearchParams, body: Uint8Array): RequestInput {
  const { operation, labels } = route;
  const input: Record<string, unknown> = { ...readJson(body), ...labels };
  for (const [name, { shape, at }] of Object.entries(operation.input.members)) {
    if (at === undefined || !('query' in at)) continue;
    const value = query.get(at.query);
    if (value === null) delete input[name];
    else input[name] = shape.kind === 'integer' ? Number(value) : value;
  }
  const problems = violations(operation.input, input);
  if (problems.length > 0) {
    const plural = problems.length === 1 ? 'error' : 'errors';
    throw new ServiceError('BadRequest', `${problems.length} validation ${plural} detected: ${problems.join('; ')}`);
  }
  return input;
}

function readJson(body: Uint8Array): object {
  if (body.byteLength === 0) return {};
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // answered below
  }
  throw new ServiceError('BadRequest', 'The request body is not a JSON object.');
}
