import type { Answer } from '../../http/index.ts';

/** A refusal of the Call Automation API: the status carries the code, the body the decimal sub-code as a string. */
export class ApiError extends Error {
  readonly status: number;
  readonly subCode: string;

  constructor(status: number, subCode: string, message: string) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.subCode = subCode;
  }
}

export const notFound = (what: string): ApiError => new ApiError(404, '8522', `${what} not found.`);
export const invalid = (message: string): ApiError => new ApiError(400, '8523', message);

export const notEstablished = (): ApiError =>
  new ApiError(400, '8501', 'Action is invalid when call is not in Established state.');
export const terminated = (): ApiError => new ApiError(400, '8528', 'Action is invalid when call is terminated.');

/** Error body of the API. Source: common.json 2025-06-30, `CommunicationErrorResponse`. */
export function apiErrorAnswer(status: number, code: string, message: string): Answer {
  return jsonAnswer(status, { error: { code, message } });
}

/** Error body of the storage host, of the form in azure-sdk-for-js#26142. */
export function storageErrorAnswer(status: number, message: string, traceId: string): Answer {
  const instance = `/microsoft/ic3/ams///trace-id/${traceId}`;
  const body = { title: message, status, instance, message, traceId: `00-${traceId}-0000000000000000-00` };
  return jsonAnswer(status, body);
}

export function jsonAnswer(status: number, body: unknown): Answer {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(body) };
}
