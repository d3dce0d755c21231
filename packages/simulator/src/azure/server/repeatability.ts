import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Answer } from '../../http/index.ts';
import { ApiError, invalid } from './api-error.ts';
import { isHttpDate } from './http-date.ts';

const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** Answers kept by `Repeatability-Request-ID`, so that a request sent again is answered again and not carried out again. */
export class Repeatability {
  readonly #mismatchStatus: 400 | 409;
  readonly #answers = new Map<string, { readonly digest: string; readonly answer: Answer }>();

  constructor(mismatchStatus: 400 | 409) {
    this.#mismatchStatus = mismatchStatus;
  }

  /**
   * The first answer under this id, or the answer of `work`, which is kept under it. Without an id, `work` is done.
   * @throws ApiError for an id that is no version 4 UUID, without `Repeatability-First-Sent`, or with another body.
   */
  answer(operation: string, headers: IncomingHttpHeaders, body: Uint8Array, work: () => Answer): Answer {
    const id = headers['repeatability-request-id'];
    if (typeof id !== 'string') return work();
    if (!UUID_V4.test(id)) throw invalid('Repeatability-Request-ID must be a version 4 UUID.');
    if (!isHttpDate(headers['repeatability-first-sent'])) {
      throw invalid('Repeatability-First-Sent must be an RFC 1123 date when Repeatability-Request-ID is sent.');
    }
    const key = `${operation} ${id.toLowerCase()}`;
    const digest = createHash('sha256').update(body).digest('hex');
    const kept = this.#answers.get(key);
    if (!kept) {
      const answer = work();
      this.#answers.set(key, { digest, answer });
      return answer;
    }
    if (kept.digest === digest) return kept.answer;
    const message = 'This Repeatability-Request-ID was already sent with another request body.';
    throw new ApiError(this.#mismatchStatus, this.#mismatchStatus === 409 ? '8519' : '8523', message);
  }
}
