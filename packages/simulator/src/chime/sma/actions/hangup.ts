import { type ActionKind, failure, numeric } from '../action.ts';

/** Ends one leg; reported by its HANGUP. An inbound leg that nobody answered stays unanswered. */
export const hangup: ActionKind = {
  run: async ({ engine, leg, parameters }) => {
    const code = numeric(parameters['SipResponseCode']) ?? 0;
    if (![0, 480, 486].includes(code)) {
      return failure('InvalidActionParameter', 'SipResponseCode parameter value is invalid.');
    }
    engine.hangUp(leg, code);
    return { ok: true, silent: true };
  },
};
