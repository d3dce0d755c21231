import { type ActionKind, failure, numeric, SUCCESS } from '../action.ts';

/** Waits; the caller hears nothing from the application meanwhile. Interruptible. */
export const pause: ActionKind = {
  interruptible: true,
  run: async ({ clock, options, parameters, signal }) => {
    const ms = numeric(parameters['DurationInMilliseconds']);
    const { shortestMs, longestMs } = options.pauseLimits;
    if (ms === undefined || !(ms >= shortestMs && ms <= longestMs))
      return failure('InvalidActionParameter', 'Duration parameter is invalid.');
    await clock.delay(ms, { signal });
    return SUCCESS;
  },
};
