import type { ParameterRules } from './parameter-rules.ts';
import * as must from './values.ts';

/** What SpeakAndGetDigits and PlayAudioAndGetDigits ask of the caller. */
export const digitRules: ParameterRules = {
  InputDigitsRegex: { rule: must.pattern },
  MinNumberOfDigits: { rule: must.between(0, 128) },
  MaxNumberOfDigits: { rule: must.both(must.between(0, 128), must.aboveNamed('MinNumberOfDigits', 0)) },
  TerminatorDigits: { rule: must.keys },
  Repeat: { rule: must.above(0) },
  RepeatDurationInMilliseconds: { required: true, rule: must.above(0) },
  InBetweenDigitsDurationInMilliseconds: { rule: must.above(0) },
};

/** ReceiveDigits. Which of its two durations must be the longer one, the guide says in two ways. */
export const listenRules: ParameterRules = {
  InputDigitsRegex: { required: true, rule: must.pattern },
  InBetweenDigitsDurationInMilliseconds: { required: true, rule: must.above(0) },
  FlushDigitsDurationInMilliseconds: { required: true, rule: must.above(0) },
};
