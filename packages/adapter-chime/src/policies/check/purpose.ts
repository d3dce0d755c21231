import {
  captureBucketPolicy,
  concatenationDestinationBucketPolicy,
  concatenationSourceBucketPolicy,
} from '../capture-buckets.ts';
import { pipelineKeyStatement, smaKeyStatement } from '../key-statements.ts';
import { type Policy, principals, type Statement } from '../policy.ts';
import { type SmaBucketOptions, smaPromptBucketPolicy, smaRecordingBucketPolicy } from '../sma-buckets.ts';

/**
 * What a bucket is for. `concatenation` is one bucket for chunks and concatenated files, as `chimeMeeting` has it;
 * `concatenation-destination` one for the files alone.
 */
export type BucketPurpose = 'sma-recording' | 'prompts' | 'capture' | 'concatenation' | 'concatenation-destination';

export const bucketPurposes: readonly BucketPurpose[] = [
  'sma-recording',
  'prompts',
  'capture',
  'concatenation',
  'concatenation-destination',
];

/** The policy that a bucket of this purpose needs at least. */
export function neededPolicy(purpose: BucketPurpose, options: SmaBucketOptions): Policy {
  const { applications: _, ...pipeline } = options;
  switch (purpose) {
    case 'sma-recording':
      return smaRecordingBucketPolicy(options);
    case 'prompts':
      return smaPromptBucketPolicy(options);
    case 'capture':
      return captureBucketPolicy(pipeline);
    case 'concatenation':
      return concatenationSourceBucketPolicy(pipeline);
    case 'concatenation-destination':
      return concatenationDestinationBucketPolicy(pipeline);
  }
}

/** The statement that the key of such a bucket needs. */
export function neededKeyStatement(
  purpose: BucketPurpose,
  { accountId, applications, partition }: SmaBucketOptions,
): Statement {
  const place = partition === undefined ? { accountId } : { accountId, partition };
  if (isSma(purpose)) return smaKeyStatement(applications === undefined ? place : { ...place, applications });
  return pipelineKeyStatement({ ...place, concatenation: purpose === 'concatenation' });
}

export function isSma(purpose: BucketPurpose): boolean {
  return purpose === 'sma-recording' || purpose === 'prompts';
}

export function serviceOf(purpose: BucketPurpose): string {
  return isSma(purpose) ? principals.voice : principals.mediaPipelines;
}
