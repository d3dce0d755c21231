import { type Classification, OnRecordError } from '../errors/index.ts';

/** What an error means: as it says itself where it is one of ours, else as the driver says whose SDK threw it. */
export function judge(
  driver: { readonly classifyError: (error: unknown) => Classification },
  error: unknown,
): Classification {
  if (!OnRecordError.is(error)) return driver.classifyError(error);
  const { retryAfterMs } = error.context;
  return {
    code: error.code,
    retry: error.retry,
    blame: error.blame,
    ...(typeof retryAfterMs === 'number' ? { retryAfterMs } : {}),
  };
}
