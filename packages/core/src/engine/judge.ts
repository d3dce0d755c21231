import { type Classification, OnRecordError } from '../errors/index.ts';

/**
 * The longest wait that somebody may ask for, ms: a stop that waits for days is a recording that runs for days, and of a
 * provider that is not asked for days nobody hears what is missing.
 */
const longestAskedMs = 15 * 60_000;

/** What an error means: as it says itself where it is one of ours, else as the driver says whose SDK threw it. */
export function judge(
  driver: { readonly classifyError: (error: unknown) => Classification },
  error: unknown,
): Classification {
  const judged = OnRecordError.is(error) ? ownWords(error) : driver.classifyError(error);
  const { retryAfterMs: asked } = judged;
  return asked === undefined ? judged : { ...judged, retryAfterMs: Math.max(0, Math.min(asked, longestAskedMs)) };
}

/** The wait (ms) that an error of ours says its provider or store asked for; 0 where it says none. */
export function askedToWaitMs(error: unknown): number {
  const asked = OnRecordError.is(error) ? ownWords(error).retryAfterMs : undefined;
  return asked === undefined ? 0 : Math.max(0, asked);
}

function ownWords({ code, retry, blame, context }: OnRecordError): Classification {
  const { retryAfterMs } = context;
  return { code, retry, blame, ...(typeof retryAfterMs === 'number' ? { retryAfterMs } : {}) };
}
