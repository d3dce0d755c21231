import { S3Client } from '@aws-sdk/client-s3';
import { type BucketSettings, SimulatedS3 } from '@onrecord/simulator';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type BucketFinding,
  type BucketPurpose,
  type CheckBucketOptions,
  checkBucket,
  concatenationSourceBucketPolicy,
  mergePolicies,
  type Policy,
  smaRecordingBucketPolicy,
} from '../index.ts';
import { neededPolicy } from './purpose.ts';

const bucket = 'recordings';
const accountId = '111122223333';
const purposes: readonly BucketPurpose[] = [
  'sma-recording',
  'prompts',
  'capture',
  'concatenation',
  'concatenation-destination',
];
let s3: SimulatedS3;
let client: S3Client;

beforeEach(async () => {
  s3 = await SimulatedS3.start({ buckets: [bucket] });
  client = new S3Client({ ...s3.clientConfig(), maxAttempts: 1 });
});
afterEach(async () => {
  client.destroy();
  await s3.close();
});

const check = (purpose: BucketPurpose, options: Partial<CheckBucketOptions> = {}) =>
  checkBucket({ bucket, purpose, accountId, region: 'us-east-1', ...options }, client);
const codes = (findings: readonly BucketFinding[]) => findings.map(({ code }) => code);
const admit = (policy: Policy | object, settings: Partial<BucketSettings> = {}) =>
  s3.configureBucket(bucket, { policy: JSON.stringify(policy), ...settings });

test.each(purposes)(
  'a bucket for %s that is set as it must be has no findings, and is not changed',
  async (purpose) => {
    admit(neededPolicy(purpose, { bucket, accountId }));
    expect(await check(purpose)).toEqual([]);
    expect(s3.requests().every(({ method }) => method === 'GET')).toBe(true);
  },
);

test.each(purposes)('a bucket for %s without a policy is told of with the whole statement', async (purpose) => {
  const [finding, ...others] = await check(purpose);
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ code: 'policy-missing', severity: 'error' });
  admit({ Version: '2012-10-17', Statement: [finding?.statement] });
  expect(await check(purpose)).toEqual([]);
});

describe('the policy of a bucket', () => {
  test('that lacks something is told of with what is missing, and that is enough', async () => {
    admit(neededPolicy('capture', { bucket, accountId }));
    const [finding] = await check('concatenation');
    expect(finding).toMatchObject({
      code: 'policy-incomplete',
      what: expect.stringContaining('s3:GetObject, s3:ListBucket'),
    });
    expect(finding?.statement?.Action).toEqual(['s3:GetObject', 's3:ListBucket']);
    const both = { Version: '2012-10-17', Statement: [finding!.statement!] } as const;
    admit(mergePolicies(neededPolicy('capture', { bucket, accountId }), both));
    expect(await check('concatenation')).toEqual([]);
  });

  test('for another service, account or prefix is not enough', async () => {
    admit(concatenationSourceBucketPolicy({ bucket, accountId }));
    expect(codes(await check('sma-recording'))).toEqual(['policy-incomplete']);
    admit(smaRecordingBucketPolicy({ bucket, accountId: '444455556666' }));
    expect(codes(await check('sma-recording'))).toEqual(['policy-incomplete']);
    admit(smaRecordingBucketPolicy({ bucket, accountId, prefix: 'other' }));
    expect(codes(await check('sma-recording', { prefix: 'calls' }))).toEqual(['policy-incomplete']);
    expect(codes(await check('sma-recording', { prefix: 'other' }))).toEqual([]);
  });

  test('for one application is not enough for the second, and unclear while nobody names them', async () => {
    const [first, second] = [
      { region: 'us-east-1', id: 'sma-1' },
      { region: 'us-west-2', id: 'sma-2' },
    ];
    admit(smaRecordingBucketPolicy({ bucket, accountId, applications: [first!] }));
    expect(codes(await check('sma-recording', { applications: [first!] }))).toEqual([]);
    expect(codes(await check('sma-recording', { applications: [first!, second!] }))).toEqual(['policy-incomplete']);
    const [unclear] = await check('sma-recording');
    expect(unclear).toMatchObject({ code: 'policy-unclear', fix: expect.stringContaining('Name your applications') });
  });

  test('that denies the service is told of with the statement that does', async () => {
    const organizationOnly = {
      Sid: 'OrganizationOnly',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
      Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' } },
    };
    const { Statement } = neededPolicy('capture', { bucket, accountId });
    admit({ Version: '2012-10-17', Statement: [...Statement, organizationOnly] });
    const findings = await check('capture');
    expect(codes(findings)).toEqual(['policy-denies']);
    expect(findings[0]?.what).toContain('OrganizationOnly');
    const excepted = { ...organizationOnly.Condition, Bool: { 'aws:PrincipalIsAWSService': 'false' } };
    admit({ Version: '2012-10-17', Statement: [...Statement, { ...organizationOnly, Condition: excepted }] });
    expect(codes(await check('capture'))).toEqual([]);
  });

  test('without a condition lets any account in', async () => {
    const [statement] = neededPolicy('sma-recording', { bucket, accountId }).Statement;
    const { Condition: _, ...open } = statement!;
    admit({ Version: '2012-10-17', Statement: open });
    expect(await check('sma-recording')).toMatchObject([{ code: 'policy-open', severity: 'warning', statement }]);
  });
});

describe('the region of a bucket', () => {
  const regions: readonly (readonly [string, BucketPurpose, string, string, readonly string[]])[] = [
    ['is that of the meeting', 'capture', 'eu-west-3', 'eu-west-3', []],
    ['is the opt-in region of the meeting', 'capture', 'af-south-1', 'af-south-1', []],
    ['is not the opt-in region of the meeting', 'capture', 'eu-west-1', 'af-south-1', ['region-opt-in']],
    ['is an opt-in region and the meeting elsewhere', 'capture', 'eu-south-1', 'eu-west-1', ['region-opt-in']],
    ['is another one of media pipelines', 'capture', 'us-west-2', 'us-east-1', ['region-differs']],
    ['has no media pipelines', 'capture', 'ap-northeast-3', 'us-east-1', ['region-unsupported']],
    ['is that of a meeting where no pipelines are', 'capture', 'il-central-1', 'il-central-1', ['region-unsupported']],
    ['is in GovCloud, where no pipelines are', 'capture', 'us-gov-west-1', 'us-gov-west-1', ['region-unsupported']],
    ['is that of the application', 'sma-recording', 'eu-west-1', 'eu-west-1', []],
    ['is not that of the application', 'sma-recording', 'us-east-2', 'us-east-1', ['region-differs']],
    ['is an opt-in one, the application is elsewhere', 'prompts', 'me-south-1', 'eu-west-1', ['region-opt-in']],
    ['is one without applications', 'sma-recording', 'sa-east-1', 'sa-east-1', ['region-unsupported']],
  ];
  test.each(regions)('that %s (%s in %s for %s)', async (_, purpose, region, mediaRegion, expected) => {
    admit(neededPolicy(purpose, { bucket, accountId }), { region });
    expect(codes(await check(purpose, { mediaRegion }))).toEqual(expected);
  });
});

describe('the settings of a bucket', () => {
  beforeEach(() => admit(neededPolicy('concatenation', { bucket, accountId })));

  test.each([undefined, 'ObjectWriter' as const])(
    'an ownership of %s may leave files to their writer',
    async (ownership) => {
      s3.configureBucket(bucket, { ownership });
      expect(codes(await check('concatenation'))).toEqual(['ownership']);
    },
  );

  test.each(['BucketOwnerEnforced', 'BucketOwnerPreferred'] as const)(
    'an ownership of %s does not',
    async (ownership) => {
      s3.configureBucket(bucket, { ownership });
      expect(await check('concatenation')).toEqual([]);
    },
  );

  test('encryption with the key of AWS shuts the service out', async () => {
    for (const keyId of [undefined, 'arn:aws:kms:us-east-1:111122223333:alias/aws/s3']) {
      s3.configureBucket(bucket, { encryption: { algorithm: 'aws:kms', ...(keyId === undefined ? {} : { keyId }) } });
      expect(await check('concatenation')).toMatchObject([{ code: 'key-of-aws', severity: 'error' }]);
    }
  });

  test('encryption with a key of its own needs a statement, which is given', async () => {
    s3.configureBucket(bucket, { encryption: { algorithm: 'aws:kms', keyId: 'key-1' } });
    expect(await check('concatenation')).toMatchObject([
      {
        code: 'key-policy',
        severity: 'warning',
        statement: {
          Principal: { Service: 'mediapipelines.chime.amazonaws.com' },
          Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
        },
      },
    ]);
  });

  test('a bucket of long ago, without encryption, is no finding', async () => {
    s3.configureBucket(bucket, { encryption: undefined });
    expect(await check('concatenation')).toEqual([]);
  });

  test('public access that is not blocked is told of', async () => {
    s3.configureBucket(bucket, { publicAccessBlock: undefined });
    expect(codes(await check('concatenation'))).toEqual(['public-access']);
  });
});

describe('a bucket that cannot be looked at', () => {
  const refusal = { status: 403, body: '<Error><Code>AccessDenied</Code></Error>' };

  test('because there is none', async () => {
    expect(codes(await check('capture', { bucket: 'nowhere' }))).toEqual(['bucket-missing']);
  });

  test('because it is of another account', async () => {
    expect(codes(await check('capture', { accountId: '444455556666' }))).toEqual(['bucket-foreign']);
  });

  test('is told of with the rights that the caller lacks', async () => {
    admit(neededPolicy('capture', { bucket, accountId }));
    for (const match of ['GetBucketPolicy', 'GetBucketEncryption'] as const) s3.faults.next({ match, fault: refusal });
    const [finding, ...others] = await check('capture');
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      code: 'unreadable',
      severity: 'warning',
      what: expect.stringContaining('s3:GetBucketPolicy, s3:GetEncryptionConfiguration'),
    });
    expect(finding?.why).toContain('refused when they are created');
  });

  test('because S3 fails is the error of the client', async () => {
    s3.faults.next({
      match: 'GetBucketPolicy',
      fault: { status: 500, body: '<Error><Code>InternalError</Code></Error>' },
    });
    await expect(check('capture')).rejects.toMatchObject({ name: 'InternalError' });
  });

  test('because the client looks in the wrong region is told with the remedy', async () => {
    s3.faults.next({
      match: 'GetBucketLocation',
      fault: { status: 301, body: '<Error><Code>PermanentRedirect</Code></Error>' },
    });
    await expect(check('capture')).rejects.toMatchObject({
      code: 'invalid-request',
      remedy: expect.stringContaining('followRegionRedirects'),
    });
  });
});

test('options that cannot be are told at once, before any request', async () => {
  const wrong = { bucket: 'B', purpose: 'x', accountId: '1', region: 'mars', mediaRegon: 'us-east-1' } as never;
  await expect(checkBucket(wrong, client)).rejects.toThrow(
    /mediaRegon: [\s\S]*mean mediaRegion[\s\S]*bucket: [\s\S]*purpose: Must be one of sma-recording[\s\S]*accountId: [\s\S]*region: /,
  );
  expect(s3.requests()).toEqual([]);
});
