import type { Classification, ErrorCode } from '@onrecord/core';

const codes: Readonly<Record<number, ErrorCode>> = {
  401: 'unauthenticated',
  403: 'permission-denied',
  404: 'not-found',
  408: 'timeout',
  409: 'conflict',
  412: 'conflict',
  429: 'rate-limited',
  501: 'unsupported',
  503: 'rate-limited',
};

/** Judges an answer of which only the status is understood. */
export function classifyStatus(status: number): Pick<Classification, 'code' | 'retry' | 'blame'> {
  const code = codes[status] ?? (status >= 500 ? 'unavailable' : 'invalid-request');
  const transient = code === 'unavailable' || code === 'rate-limited' || code === 'timeout';
  return { code, retry: transient ? 'safe' : 'never', blame: status >= 500 ? 'destination' : 'caller' };
}
