import { randomUUID } from 'node:crypto';
import type { Answer, BodyFault, Fault } from '../http/index.ts';
import { apiErrorAnswer, storageErrorAnswer } from './server/api-error.ts';
import { azureSubCodes } from './server/sub-codes.ts';

/** What the real service was seen to do at the wrong moment, to be used as faults of `SimulatedAzure.faults`. */
export const azureFaults: {
  /**
   * Any refusal of the API, of the form of the service's own, chain id included; `azureSubCodes` lists them.
   * @param message default the name of the sub-code
   */
  readonly apiError: (status: number, subCode: string, message?: string) => Answer;
  /** 429 with `Retry-After` in seconds, or without it: the SDK does not retry that. */
  readonly throttled: (retryAfterSeconds?: number) => Answer;
  /** 500/9999, as in azure-sdk-for-java#32963. */
  readonly serverError: () => Answer;
  /** 400 with an HTML page, as in azure-sdk-for-js#33764. */
  readonly htmlError: () => Answer;
  /** 200 without a byte, as in azure-sdk-for-python#33415. */
  readonly emptyFile: () => Answer;
  /** 302 to the same file on another storage host, as recorded in 2021; the SDK cannot follow it. */
  readonly redirect: (fileUrl: string, host?: string) => Answer;
  /** 429 of the storage host, with `Retry-After` in seconds or without it. */
  readonly throttledFile: (retryAfterSeconds?: number) => Answer;
  /** 503 of the storage host, as in azure-sdk-for-net#34148, with `Retry-After` in seconds or without it. */
  readonly unavailableFile: (retryAfterSeconds?: number) => Answer;
  /** The connection is reset after so many bytes of the body: `downloadToPath` of the SDK then never ends. */
  readonly droppedBody: (afterBytes: number) => BodyFault;
  /** The body comes in pieces, each `delayMs` of the simulator's clock after the one before. */
  readonly slowBody: (pieceBytes: number, delayMs: number) => BodyFault;
  /** `Content-Length` promises so many bytes more than come before the connection ends. */
  readonly overstatedLength: (bytes: number) => BodyFault;
  /** `Content-Length` and the body are so many bytes short; only `Content-Range` and the file itself tell. */
  readonly understatedLength: (bytes: number) => BodyFault;
  /** The work is done and the connection is reset instead of an answer: after a start, our own recording is in the way. */
  readonly lostAnswer: () => Fault;
  /** The connection is reset before anything is done. */
  readonly lostRequest: () => Fault;
} = {
  apiError,
  throttled: (retryAfterSeconds) => withRetryAfter(apiError(429, '8516', 'Too many requests.'), retryAfterSeconds),
  serverError: () => apiError(500, '9999', 'Unknown error.'),
  htmlError: () => ({
    status: 400,
    headers: { 'content-type': 'text/html; charset=us-ascii' },
    body: '<!DOCTYPE html><html><head><title>Bad Request</title></head><body><h2>Bad Request</h2></body></html>',
  }),
  emptyFile: () => ({ status: 200, headers: { 'content-type': 'application/octet-stream' }, body: '' }),
  redirect: (fileUrl, host = 'us-storage.asm.skype.com') => {
    const location = new URL(fileUrl);
    location.hostname = host;
    return { status: 302, headers: { location: location.href } };
  },
  throttledFile: (retryAfterSeconds) => withRetryAfter(fileError(429, 'Too Many Requests'), retryAfterSeconds),
  unavailableFile: (retryAfterSeconds) => withRetryAfter(fileError(503, 'Service Unavailable'), retryAfterSeconds),
  droppedBody: (dropAfterBytes) => ({ dropAfterBytes }),
  slowBody: (pieceBytes, pieceDelayMs) => ({ pieceBytes, pieceDelayMs }),
  overstatedLength: (lengthOff) => ({ lengthOff }),
  understatedLength: (bytes) => ({ lengthOff: -bytes }),
  lostAnswer: () => 'drop-before-answer',
  lostRequest: () => 'drop-before-work',
};

function apiError(status: number, subCode: string, message?: string): Answer {
  const name = azureSubCodes.find((known) => known.subCode === subCode)?.name ?? 'Refused';
  const answer = apiErrorAnswer(status, subCode, message ?? `${name}.`);
  return { ...answer, headers: { ...answer.headers, 'x-microsoft-skype-chain-id': randomUUID() } };
}

function withRetryAfter(answer: Answer, seconds: number | undefined): Answer {
  return seconds === undefined ? answer : { ...answer, headers: { ...answer.headers, 'retry-after': String(seconds) } };
}

/** An error of the storage host; the trace id is the example of the W3C's Trace Context. */
function fileError(status: number, message: string): Answer {
  return storageErrorAnswer(status, message, '4bf92f3577b34da6a3ce929d0e0e4736');
}
