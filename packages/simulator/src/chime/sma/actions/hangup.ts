import { type ActionKind, failure, numeric, SUCCESS } from '../action.ts';

/** Ends one leg; reported by its HANGUP, or as successful where the leg is that of a meeting. An inbound leg that nobody answered stays unanswered. */
export const hangup: ActionKind = {
  run: async ({ engine, leg, options, parameters }) => {
    const code = numeric(parameters['SipResponseCode']) ?? 0;
    if (![0, 480, 486].includes(code)) {
      return failure('InvalidActionParameter', 'SipResponseCode parameter value is invalid.');
    }
    if (leg.kind === 'meeting') {
      if (options.meetingLegHangup === 'success-and-hangup') engine.hangUp(leg, code);
      else engine.end(leg);
      return SUCCESS;
    }
    engine.hangUp(leg, code);
    return { ok: true, silent: true };
  },
};
