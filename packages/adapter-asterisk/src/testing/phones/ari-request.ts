import type { AsteriskAccess } from '../server/start-asterisk.ts';

/** A request that takes this long means that the server hangs. */
export const PATIENCE_MS = 10_000;

/** The server said no. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;

  constructor(request: string, status: number, body: string) {
    super(`${request}: ${status} ${body}`);
    this.status = status;
  }
}

/** One request of the tests' own to ARI: the answer's JSON, undefined where it has none. @throws {Refused} */
export async function ask(
  access: AsteriskAccess,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  query: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const search = new URLSearchParams(query).toString();
  const response = await fetch(`${access.url}${path}${search === '' ? '' : `?${search}`}`, {
    method,
    headers: { authorization: authorizationOf(access) },
    redirect: 'error',
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  const text = await response.text();
  if (!response.ok) throw new Refused(`${method} ${path}`, response.status, text);
  return text === '' ? undefined : JSON.parse(text);
}

export function authorizationOf({ username, password }: AsteriskAccess): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
