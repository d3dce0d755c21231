import type { CreateMediaCapturePipelineCommandInput } from '@aws-sdk/client-chime-sdk-media-pipelines';
import { unknownMembers } from '@onrecord/core';
import { type Problem, problemsOf, type Rules } from '../../options/problem.ts';
import { matching } from '../../options/rules.ts';

/**
 * Server-side encryption with a key of yours (SSE-KMS) instead of the bucket's own. The service takes key and role
 * together or not at all.
 */
export interface CaptureEncryption {
  /** A customer-managed key: its id, `alias/…`, or the ARN of either; the ARN for a key of another account. */
  readonly kmsKeyId: string;
  /**
   * The role that writes: it needs what the caller would, `kms:GenerateDataKey`, and `kms:Decrypt` for concatenation. In the
   * caller's account.
   */
  readonly roleArn: string;
  /** Encryption context: no secrets. */
  readonly context?: { readonly [name: string]: string } | undefined;
}

/** Longest base64 text of a context. */
const longestContext = 4096;

const rules: Rules = {
  kmsKeyId: { required: true, rule: keyId },
  roleArn: {
    required: true,
    rule: matching(
      /^(?=.{1,1024}$)arn:aws[\w-]*:iam::\d{12}:role\/[/\-_.a-zA-Z0-9]+$/,
      'the ARN of a role whose name has letters, digits, "/", "-", "_" and "." only',
    ),
  },
  context: { rule: contextRule },
};

/** Everything wrong with the encryption, at `path`. */
export function encryptionProblems(value: unknown, path: string): readonly Problem[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [{ path, message: 'Must be an object.' }];
  }
  const known = Object.keys(rules);
  const own = Object.fromEntries(Object.entries(value).filter(([name]) => known.includes(name)));
  const wrong = problemsOf(own, rules).map((problem) => ({ ...problem, path: `${path}.${problem.path}` }));
  return [...unknownMembers(value, known, path), ...wrong];
}

/** The members of the request. */
export function encryptionMembers(
  encryption: CaptureEncryption | undefined,
): Pick<CreateMediaCapturePipelineCommandInput, 'SseAwsKeyManagementParams' | 'SinkIamRoleArn'> {
  if (!encryption) return {};
  const { kmsKeyId, roleArn, context } = encryption;
  return {
    SseAwsKeyManagementParams: {
      AwsKmsKeyId: kmsKeyId,
      ...(context === undefined ? {} : { AwsKmsEncryptionContext: encoded(context) }),
    },
    SinkIamRoleArn: roleArn,
  };
}

const isKey = /^(?:[\w-]+|alias\/[\w/-]+|arn:aws[\w-]*:kms:[a-z0-9-]+:\d{12}:(?:key\/[\w-]+|alias\/[\w/-]+))$/;

function keyId(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > 4096 || !isKey.test(value)) {
    return 'Must be the id of a key, alias/…, or the ARN of either.';
  }
  return value.includes('alias/aws/')
    ? 'Must be a customer-managed key: the service cannot use one of AWS.'
    : undefined;
}

function contextRule(value: unknown): string | undefined {
  const pairs = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.values(value) : undefined;
  if (!pairs?.every((one) => typeof one === 'string')) return 'Must be an object of texts.';
  return encoded(value as object).length > longestContext
    ? `Must be ${longestContext} characters of base64 at most.`
    : undefined;
}

const encoded = (context: object): string => Buffer.from(JSON.stringify(context), 'utf8').toString('base64');
