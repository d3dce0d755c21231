/** What a request was for: whether it may be repeated depends on it. */
export type Operation =
  | 'start'
  | 'pause'
  | 'resume'
  | 'stop'
  | 'discard'
  | 'status'
  | 'follow'
  | 'announce'
  | 'listen'
  | 'open'
  | 'delete'
  | 'probe';

export interface AriErrorDetails {
  readonly operation: Operation;
  /** E.g. `POST /bridges/7/record`: never with a query, a host or a header. */
  readonly request: string;
  /** Status of the answer; absent when there was none. */
  readonly status?: number | undefined;
  /** What ARI says, when the answer is one of ARI. */
  readonly ariMessage?: string | undefined;
  /** Code of Node for a connection that failed, e.g. `ECONNREFUSED`. */
  readonly networkCode?: string | undefined;
  readonly cause?: unknown;
}

/** A request that was refused, not answered, or answered by something that is not ARI. */
export class AriError extends Error {
  override readonly name: string = 'AriError';
  readonly operation: Operation;
  readonly request: string;
  readonly status: number | undefined;
  readonly ariMessage: string | undefined;
  readonly networkCode: string | undefined;

  constructor(details: AriErrorDetails) {
    const { operation, request, status, ariMessage, networkCode } = details;
    const what = status === undefined ? `got no answer (${networkCode ?? 'unknown'})` : `was answered ${status}`;
    super(`${request} ${what}${ariMessage === undefined ? '' : `: ${ariMessage}`}`, { cause: details.cause });
    this.operation = operation;
    this.request = request;
    this.status = status;
    this.ariMessage = ariMessage;
    this.networkCode = networkCode;
  }
}

/** Whether this is an answer of ARI with that status, and that text where one is given. */
export function isAnswer(error: unknown, status: number, text?: RegExp): error is AriError {
  return (
    error instanceof AriError &&
    error.status === status &&
    error.ariMessage !== undefined &&
    (text === undefined || text.test(error.ariMessage))
  );
}

/**
 * Whether ARI says that what was asked about does not exist. A 404 of a proxy, or for a path that ARI does not know, is
 * no such answer: nothing may be concluded from it.
 */
export function isGone(error: unknown): error is AriError {
  return isAnswer(error, 404, /(Recording|Channel|channel|Bridge|Playback) (was )?not found/);
}
