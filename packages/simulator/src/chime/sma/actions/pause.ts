import { type ActionKind, failure, numeric, SUCCESS } from '../action.ts';

/** Waits; the caller hears nothing from the application meanwhile. Interruptible. */
export const pause: ActionKind = {
  interruptible: true,
  run: async ({ clock, parameters, signal }) => {
    const ms = numeric(parameters['DurationInMilliseconds']);
    if (ms === undefined || !(ms > 0)) return failure('InvalidActionParameter', 'Duration parameter is invalid.');
    await clock.delay(ms, { signal });
    return SUCCESS;
  },
};
