import { type ActionKind, failure, numeric } from '../action.ts';
import { DigitListener } from '../digit-listener.ts';
import { checkParameters } from '../parameters/parameter-rule.ts';
import { RECEIVE_DIGITS } from '../parameters/tables.ts';

/** Arms the leg's digit listener until the next ReceiveDigits; succeeds at once, matches come as DIGITS_RECEIVED. */
export const receiveDigits: ActionKind = {
  run: async ({ engine, clock, leg, options, action, parameters }) => {
    const refusal = checkParameters(RECEIVE_DIGITS, parameters);
    if (refusal) return refusal;
    const pattern = new RegExp(String(parameters['InputDigitsRegex']));
    const betweenMs = numeric(parameters['InBetweenDigitsDurationInMilliseconds']) ?? 0;
    const flushMs = numeric(parameters['FlushDigitsDurationInMilliseconds']) ?? 0;
    const { flushDigits } = options;
    if ((flushDigits === 'longer' && flushMs <= betweenMs) || (flushDigits === 'shorter' && flushMs >= betweenMs)) {
      return failure('InvalidActionParameter', 'FlushDigitsDurationInMilliseconds parameter is invalid.');
    }
    const listener = new DigitListener(clock, { pattern, betweenMs, flushMs }, leg.ended, (digits) => {
      if (options.receiveDigits === 'once') leg.keypad.listen(() => {});
      engine.emit({ type: 'DIGITS_RECEIVED', actionData: { ReceivedDigits: digits, ...action } });
    });
    leg.keypad.listen((key) => listener.press(key));
    return { ok: true, extra: { ReceivedDigits: '' } };
  },
};
