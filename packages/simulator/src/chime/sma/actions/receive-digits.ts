import { type ActionKind, failure, numeric } from '../action.ts';
import { DigitListener } from '../digit-listener.ts';
import { readPattern } from './digit-rules.ts';

/** Arms the leg's digit listener until the next ReceiveDigits; succeeds at once, matches come as DIGITS_RECEIVED. */
export const receiveDigits: ActionKind = {
  run: async ({ engine, clock, leg, action, parameters }) => {
    const pattern = readPattern(parameters['InputDigitsRegex']);
    if (pattern === undefined || pattern === 'invalid') {
      return failure('InvalidActionParameter', 'InputDigitsRegex parameter is invalid.');
    }
    const betweenMs = numeric(parameters['InBetweenDigitsDurationInMilliseconds']);
    if (betweenMs === undefined || !(betweenMs > 0)) {
      return failure('InvalidActionParameter', 'InBetweenDigitsDurationInMilliseconds parameter is invalid.');
    }
    const flushMs = numeric(parameters['FlushDigitsDurationInMilliseconds']);
    if (flushMs === undefined || !(flushMs > 0)) {
      return failure('InvalidActionParameter', 'FlushDigitsDurationInMilliseconds parameter is invalid.');
    }
    const listener = new DigitListener(clock, { pattern, betweenMs, flushMs }, leg.ended, (digits) =>
      engine.emit({ type: 'DIGITS_RECEIVED', actionData: { ReceivedDigits: digits, ...action } }),
    );
    leg.keypad.listen((key) => listener.press(key));
    return { ok: true, extra: { ReceivedDigits: '' } };
  },
};
