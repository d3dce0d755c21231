import { randomUUID } from 'node:crypto';
import type { Answer } from '../../http/index.ts';
import type { ErrorName, ServiceName } from './operation.ts';

const STATUS: Readonly<Record<ErrorName, number>> = {
  BadRequest: 400,
  ResourceLimitExceeded: 400,
  LimitExceeded: 400,
  Unauthorized: 401,
  UnauthorizedClient: 401,
  Forbidden: 403,
  AccessDenied: 403,
  NotFound: 404,
  Conflict: 409,
  UnprocessableEntity: 422,
  ThrottledClient: 429,
  Throttling: 429,
  ServiceFailure: 500,
  ServiceUnavailable: 503,
};

/** `Code` in the body where it is not the name of the error. */
const CODES: Partial<Readonly<Record<ErrorName, string>>> = {
  ThrottledClient: 'Throttling',
  UnauthorizedClient: 'Unauthorized',
  UnprocessableEntity: 'Unprocessable',
};

/** A refusal that is part of the API: answered, journalled, never a defect of the simulator. */
export class ServiceError extends Error {
  readonly errorName: ErrorName;

  constructor(errorName: ErrorName, message: string) {
    super(message);
    this.name = 'ServiceError';
    this.errorName = errorName;
  }
}

export interface ChimeErrorOptions {
  /** Sent as `retry-after`, in seconds; the SDKs obey it. */
  readonly retryAfterSeconds?: number | undefined;
}

/**
 * An error as the Chime SDK services word it: the name in `x-amzn-errortype`, `Code`, `Message` and `RequestId` in the
 * body. Also the canned answer of a scripted fault.
 *
 * @example
 * ```ts
 * chime.faults.next({ match: 'GetMediaPipeline', fault: chimeErrorAnswer('ThrottledClient', 'Rate exceeded'), times: 3 });
 * ```
 */
export function chimeErrorAnswer(errorName: ErrorName, message: string, options: ChimeErrorOptions = {}): Answer {
  const requestId = randomUUID();
  const { retryAfterSeconds } = options;
  return {
    status: STATUS[errorName],
    headers: {
      'content-type': 'application/json',
      'x-amzn-requestid': requestId,
      'x-amzn-errortype': `${errorName}Exception`,
      ...(retryAfterSeconds === undefined ? {} : { 'retry-after': retryAfterSeconds }),
    },
    body: JSON.stringify({ Code: CODES[errorName] ?? errorName, Message: message, RequestId: requestId }),
  };
}

/** The meetings service has another name for it than the others. */
export function unauthorized(service: ServiceName): ErrorName {
  return service === 'meetings' ? 'Unauthorized' : 'UnauthorizedClient';
}
