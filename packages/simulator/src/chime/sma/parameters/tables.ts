import { parseLocation } from '../recording-key.ts';
import { above, between, isKeyList, isRecord, matches, oneOf, type ParameterTable } from './parameter-rule.ts';

/** StartCallRecording. */
export const START_CALL_RECORDING: ParameterTable = [
  {
    name: 'Track',
    required: true,
    accepts: oneOf('BOTH', 'INCOMING', 'OUTGOING'),
    message: 'Recording track is invalid. Choose INCOMING, OUTGOING, or BOTH',
  },
  {
    name: 'Destination',
    required: true,
    accepts: (value) => isRecord(value) && value['Type'] === 'S3' && parseLocation(value['Location']) !== undefined,
    message: 'Destination parameter is invalid',
  },
];

/** Hangup. */
export const HANGUP: ParameterTable = [
  { name: 'SipResponseCode', accepts: isHangupCode, message: 'SipResponseCode parameter value is invalid.' },
];

/** PlayAudio, beside its AudioSource. The words are ours: the documentation has none. */
export const PLAY_AUDIO: ParameterTable = [
  { name: 'Repeat', accepts: above(0), message: 'Repeat parameter value is invalid.' },
  { name: 'PlaybackTerminators', accepts: isKeyList, message: 'PlaybackTerminators parameter value is invalid.' },
];

/** SpeakAndGetDigits and PlayAudioAndGetDigits, beside what they say; and the greatest number is above the least. */
export const GET_DIGITS: ParameterTable = [
  { name: 'MinNumberOfDigits', accepts: between(0, 128), message: 'MinNumberOfDigits parameter is invalid.' },
  { name: 'MaxNumberOfDigits', accepts: between(0, 128), message: 'MaxNumberOfDigits parameter is invalid.' },
  { name: 'Repeat', accepts: above(0), message: 'Repeat parameter is invalid.' },
  {
    name: 'RepeatDurationInMilliseconds',
    required: true,
    accepts: above(0),
    message: 'RepeatDurationInMilliseconds parameter is invalid.',
  },
  {
    name: 'InBetweenDigitsDurationInMilliseconds',
    accepts: above(0),
    message: 'InBetweenDigitsDurationInMilliseconds parameter is invalid.',
  },
  { name: 'InputDigitsRegex', accepts: isPattern, message: 'InputDigitsRegex parameter is invalid.' },
  { name: 'TerminatorDigits', accepts: isKeyList, message: 'TerminatorDigits parameter is invalid.' },
];

/** ReceiveDigits. */
export const RECEIVE_DIGITS: ParameterTable = [
  { name: 'InputDigitsRegex', required: true, accepts: isPattern, message: 'InputDigitsRegex parameter is invalid.' },
  {
    name: 'InBetweenDigitsDurationInMilliseconds',
    required: true,
    accepts: above(0),
    message: 'InBetweenDigitsDurationInMilliseconds parameter is invalid.',
  },
  {
    name: 'FlushDigitsDurationInMilliseconds',
    required: true,
    accepts: above(0),
    message: 'FlushDigitsDurationInMilliseconds parameter is invalid.',
  },
];

const MAX_TEXT_CHARACTERS = 1_000;

/** Speak, and either speech of SpeakAndGetDigits. What the speech service refuses comes without words. */
export const SPEECH: ParameterTable = [
  {
    name: 'Text',
    required: true,
    accepts: matches(/[\s\S]/),
    message: '`Text` is a required parameter.',
    errorType: 'MissingRequiredActionParameter',
  },
  {
    name: 'Text',
    accepts: (value) => String(value).length <= MAX_TEXT_CHARACTERS,
    message: '`Text` is limited to 1,000 characters',
    errorType: 'MissingRequiredActionParameter',
  },
  { name: 'Engine', accepts: oneOf('standard', 'neural'), message: '' },
  { name: 'TextType', accepts: oneOf('text', 'ssml'), message: '' },
  { name: 'LanguageCode', accepts: matches(/^[a-z]{2,3}(-[A-Z]{2})?$/), message: '' },
  { name: 'VoiceId', accepts: matches(/^[A-Z][A-Za-z]+$/), message: '' },
];

function isHangupCode(value: unknown): boolean {
  return ['0', '480', '486'].includes(String(value));
}

function isPattern(value: unknown): boolean {
  if (typeof value !== 'string' || value === '') return false;
  try {
    new RegExp(value);
    return true;
  } catch {
    return false;
  }
}
