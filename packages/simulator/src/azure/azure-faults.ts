import type { Answer } from '../http/index.ts';
import { apiErrorAnswer } from './server/api-error.ts';

/** Answers that the real service was seen to give at the wrong moment, to be used as faults of `SimulatedAzure.faults`. */
export const azureFaults: {
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
} = {
  throttled: (retryAfterSeconds) => {
    const answer = apiErrorAnswer(429, '8516', 'Too many requests.');
    if (retryAfterSeconds === undefined) return answer;
    return { ...answer, headers: { ...answer.headers, 'retry-after': String(retryAfterSeconds) } };
  },
  serverError: () => apiErrorAnswer(500, '9999', 'Unknown error.'),
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
};
