import { type ActionKind, numeric, SUCCESS } from '../action.ts';
import { checkParameters } from '../parameters/parameter-rule.ts';
import { HANGUP } from '../parameters/tables.ts';

/** Ends one leg; reported by its HANGUP, or as successful where the leg is that of a meeting. An inbound leg that nobody answered stays unanswered. */
export const hangup: ActionKind = {
  run: async ({ engine, leg, options, parameters }) => {
    const refusal = checkParameters(HANGUP, parameters);
    if (refusal) return refusal;
    const code = numeric(parameters['SipResponseCode']) ?? 0;
    if (leg.kind === 'meeting') {
      if (options.meetingLegHangup === 'success-and-hangup') engine.hangUp(leg, code);
      else engine.end(leg);
      return SUCCESS;
    }
    engine.hangUp(leg, code);
    return { ok: true, silent: true };
  },
};
