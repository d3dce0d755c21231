import type { RequestInput } from '../wire/request-input.ts';
import { ServiceError } from '../wire/service-error.ts';

/**
 * What was created under each ClientRequestToken. How the service treats a repeated token is not documented; here it
 * gives what it created, and a token used for another request is refused.
 */
export class TokenReplays<Created> {
  readonly #created = new Map<string, { readonly request: string; readonly created: Created }>();

  /** @throws ServiceError `BadRequest` when the token came with another request */
  find(operation: string, input: RequestInput): Created | undefined {
    const { token, request } = split(operation, input);
    const earlier = token === undefined ? undefined : this.#created.get(token);
    if (!earlier) return undefined;
    if (earlier.request === request) return earlier.created;
    throw new ServiceError('BadRequest', 'The ClientRequestToken was used with other parameters.');
  }

  remember(operation: string, input: RequestInput, created: Created): void {
    const { token, request } = split(operation, input);
    if (token !== undefined) this.#created.set(token, { request, created });
  }
}

function split(
  operation: string,
  input: RequestInput,
): { readonly token: string | undefined; readonly request: string } {
  const { ClientRequestToken, ...rest } = input;
  return {
    token: typeof ClientRequestToken === 'string' ? ClientRequestToken : undefined,
    request: `${operation} ${JSON.stringify(rest)}`,
  };
}
