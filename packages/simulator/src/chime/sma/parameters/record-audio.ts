import { above, between, isKeyList, isRecord, type ParameterTable } from './parameter-rule.ts';

/** The prefix of a message's key has at most so many characters; all of them are one byte long. */
export const MAX_PREFIX_CHARACTERS = 979;

/** What S3 calls safe characters, and the slash between the parts of a key. */
const SAFE = /^[0-9A-Za-z!\-_.*'()/]*$/;
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** RecordAudio. The words for RecordingTerminators are ours: the documentation has none. */
export const RECORD_AUDIO: ParameterTable = [
  { name: 'DurationInSeconds', accepts: above(0), message: 'DurationInSeconds parameter value is invalid.' },
  {
    name: 'SilenceDurationInSeconds',
    accepts: between(1, 1_000),
    message: 'SilenceDurationInSeconds parameter value is invalid.',
  },
  {
    name: 'RecordingTerminators',
    required: true,
    accepts: isKeyList,
    message: 'RecordingTerminators parameter value is invalid.',
  },
  {
    name: 'RecordingDestination',
    required: true,
    accepts: isDestination,
    message: 'RecordingDestination parameter value is invalid.',
  },
];

/** Ignored where silence does not end the recording. */
export const SILENCE_THRESHOLD: ParameterTable = [
  { name: 'SilenceThreshold', accepts: between(1, 1_000), message: 'SilenceThreshold parameter value is invalid.' },
];

function isDestination(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { Type, BucketName, Prefix = '' } = value;
  if (Type !== 'S3' || typeof BucketName !== 'string' || !BUCKET.test(BucketName)) return false;
  return Prefix === null || (typeof Prefix === 'string' && Prefix.length <= MAX_PREFIX_CHARACTERS && SAFE.test(Prefix));
}
