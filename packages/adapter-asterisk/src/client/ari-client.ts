import type { AsteriskConfig } from '../config/config.ts';
import { isObject, textAt } from '../json-reader.ts';
import { AriError, type Operation } from './ari-error.ts';
import { networkCodeOf } from './network-code.ts';
import { readText } from './read-text.ts';

export interface AriRequest {
  readonly operation: Operation;
  readonly signal: AbortSignal;
  /** Members that are undefined are left out. */
  readonly query?: { readonly [name: string]: string | number | undefined } | undefined;
}

export interface AriFile {
  readonly body: ReadableStream<Uint8Array>;
  readonly bytes: number | undefined;
}

/** Speaks ARI over `fetch`: credentials in the header only, no redirects, every answer checked. */
export interface AriClient {
  /** Ends without a slash. */
  readonly base: string;
  /**
   * The JSON of the answer; undefined where it has none (204). Path segments are encoded, slashes in them, too.
   * @throws AriError
   */
  request(method: 'GET' | 'POST' | 'DELETE', path: readonly string[], options: AriRequest): Promise<unknown>;
  /**
   * The bytes of a file.
   * @throws AriError
   */
  download(path: readonly string[], options: AriRequest): Promise<AriFile>;
}

export function createClient(config: Pick<AsteriskConfig, 'base' | 'authorization'>): AriClient {
  const send = async (
    method: string,
    path: readonly string[],
    { operation, signal, query = {} }: AriRequest,
  ): Promise<{ readonly response: Response; readonly request: string }> => {
    const pairs = Object.entries(query).filter(([, value]) => value !== undefined);
    const search = pairs.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&');
    const url = `${config.base}/${path.map(encodeURIComponent).join('/')}${search === '' ? '' : `?${search}`}`;
    const request = `${method} /${path.join('/')}`;
    signal.throwIfAborted();
    try {
      const headers = { authorization: config.authorization.reveal(), accept: '*/*', 'accept-encoding': 'identity' };
      return { response: await fetch(url, { method, headers, signal, redirect: 'error' }), request };
    } catch (cause) {
      throw failure(cause, { operation, request, signal });
    }
  };
  return {
    base: config.base,
    async request(method, path, options) {
      const { response, request } = await send(method, path, options);
      const { operation, signal } = options;
      let text: string;
      try {
        text = await readText(response);
      } catch (cause) {
        throw failure(cause, { operation, request, signal });
      }
      const body = text === '' ? undefined : jsonOf(text);
      if (!response.ok) throw refusal(response, body, { operation, request });
      if (text !== '' && body === undefined) {
        throw new AriError({ operation, request, status: response.status });
      }
      return body;
    },
    async download(path, options) {
      const { response, request } = await send('GET', path, options);
      const { operation, signal } = options;
      if (!response.ok) {
        const text = await readText(response).catch((cause: unknown) => {
          throw failure(cause, { operation, request, signal });
        });
        throw refusal(response, jsonOf(text), { operation, request });
      }
      const { body, headers } = response;
      const type = headers.get('content-type') ?? '';
      if (!body || /^(text\/html|application\/json)/i.test(type)) {
        await body?.cancel();
        throw new AriError({ operation, request, status: response.status });
      }
      const length = Number(headers.get('content-length') ?? Number.NaN);
      return { body, bytes: Number.isSafeInteger(length) && length >= 0 ? length : undefined };
    },
  };
}

type Where = { readonly operation: Operation; readonly request: string };

/** An aborted request throws the reason of the signal, as it is. */
function failure(cause: unknown, { operation, request, signal }: Where & { readonly signal: AbortSignal }): unknown {
  if (signal.aborted) return signal.reason;
  if (cause instanceof AriError) return cause;
  return new AriError({ operation, request, networkCode: networkCodeOf(cause), cause });
}

function refusal({ status }: Response, body: unknown, where: Where): AriError {
  const ariMessage = isObject(body) ? (textAt(body, 'message') ?? textAt(body, 'error')) : undefined;
  return new AriError({ ...where, status, ariMessage });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
