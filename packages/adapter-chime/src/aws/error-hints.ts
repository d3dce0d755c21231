import type { Classification } from '@onrecord/core';

type Hint = Partial<Pick<Classification, 'code' | 'retry' | 'blame' | 'remedy' | 'retryAfterMs'>>;

/**
 * What the texts of errors tell beyond their names, in the words in which users report them to the service's own issue
 * tracker: https://github.com/aws/amazon-chime-sdk-js/issues 1558, 1942, 2042, 2935, 2182, 2349, 1552 and 2100.
 */
const hints: readonly (readonly [text: RegExp, hint: Hint])[] = [
  [
    /S3 Bucket policy not valid\/present/i,
    {
      code: 'permission-denied',
      blame: 'destination',
      remedy:
        'Let mediapipelines.chime.amazonaws.com write to the bucket: the README has the policy, `onrecord policies` prints it. It is checked when a pipeline is created.',
    },
  ],
  [
    /No such S3 Bucket/i,
    {
      code: 'not-found',
      blame: 'destination',
      remedy: 'Create the bucket in the account of the meeting, or correct its name in the configuration.',
    },
  ],
  [
    /Insufficient permissions? to access S3 bucket/i,
    {
      code: 'permission-denied',
      blame: 'caller',
      remedy:
        'Give the role of this process s3:GetBucketPolicy on the bucket: the service reads its policy in the name of the caller.',
    },
  ],
  [
    /Resource ownership mismatch/i,
    {
      code: 'permission-denied',
      blame: 'caller',
      remedy:
        'Meeting, bucket and credentials must belong to one AWS account: compare the account in the meeting’s ARN with that of the credentials.',
    },
  ],
  [
    /source type 'ChimeSdkMeeting'.*Limit reached/is,
    {
      code: 'quota-exceeded',
      remedy: 'A meeting has one capture pipeline: stop the one it has, and wait until it has stopped.',
    },
  ],
  [
    /Limit reached/i,
    { code: 'quota-exceeded', remedy: 'Wait until a pipeline has stopped, or have the quota of the region raised.' },
  ],
  [/security token included in the request is invalid/i, { code: 'unauthenticated', blame: 'caller' }],
  [/security token included in the request is expired/i, { code: 'unauthenticated', blame: 'caller' }],
  [/not authorized to perform: (?:[\w-]+:\w+)/i, { code: 'permission-denied', blame: 'caller' }],
];

/** The hint for the first text that the message has. */
export function hintFor(message: string): Hint {
  const found = hints.find(([text]) => text.test(message))?.[1] ?? {};
  const action = /not authorized to perform: ([\w-]+:\w+)/i.exec(message)?.[1];
  return action === undefined ? found : { ...found, remedy: `Allow the role of this process ${action}.` };
}
