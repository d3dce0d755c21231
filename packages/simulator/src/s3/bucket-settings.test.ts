import {
  DeleteBucketPolicyCommand,
  GetBucketEncryptionCommand,
  GetBucketLocationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  PutBucketEncryptionCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newBucketSettings } from './bucket-settings.ts';
import { SimulatedS3 } from './simulated-s3.ts';

const Bucket = 'recordings';
const policy = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'logging.s3.amazonaws.com' },
      Action: 's3:GetObject',
      Resource: `arn:aws:s3:::${Bucket}/*`,
    },
  ],
};
let s3: SimulatedS3;
let client: S3Client;

beforeEach(async () => {
  s3 = await SimulatedS3.start({ buckets: [Bucket] });
  client = new S3Client({ ...s3.clientConfig(), maxAttempts: 1 });
});
afterEach(async () => {
  client.destroy();
  await s3.close();
});

describe('the policy of a bucket', () => {
  test('is put, got and deleted as it is (PutBucketPolicy, GetBucketPolicy, DeleteBucketPolicy)', async () => {
    const get = () => client.send(new GetBucketPolicyCommand({ Bucket }));
    await expect(get()).rejects.toMatchObject({ name: 'NoSuchBucketPolicy', $metadata: { httpStatusCode: 404 } });
    await client.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify(policy) }));
    expect((await get()).Policy).toBe(JSON.stringify(policy));
    expect(s3.settings(Bucket).policy).toBe(JSON.stringify(policy));
    await client.send(new DeleteBucketPolicyCommand({ Bucket }));
    await expect(get()).rejects.toMatchObject({ name: 'NoSuchBucketPolicy' });
  });

  test('that lets everybody in is refused where public policies are blocked', async () => {
    for (const Principal of ['*', { AWS: ['*'] }]) {
      const Policy = JSON.stringify({ ...policy, Statement: [{ ...statement, Principal }] });
      const put = () => client.send(new PutBucketPolicyCommand({ Bucket, Policy }));
      s3.configureBucket(Bucket, { publicAccessBlock: newBucketSettings.publicAccessBlock });
      await expect(put()).rejects.toMatchObject({ name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
      s3.configureBucket(Bucket, { publicAccessBlock: undefined });
      await put();
    }
  });

  const [statement] = policy.Statement;
  test.each([
    ['no JSON', '{'],
    ['a list', '[]'],
    ['no statement', '{"Version":"2012-10-17"}'],
    ['another version', JSON.stringify({ ...policy, Version: '2026-01-01' })],
    ['a statement without principal', JSON.stringify({ ...policy, Statement: { ...statement, Principal: undefined } })],
    ['more than 20 KB', JSON.stringify({ ...policy, Id: 'x'.repeat(20 * 1024) })],
  ])('with %s is a MalformedPolicy', async (_, Policy) => {
    const put = client.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    await expect(put).rejects.toMatchObject({ name: 'MalformedPolicy', $metadata: { httpStatusCode: 400 } });
    expect(s3.settings(Bucket).policy).toBeUndefined();
  });
});

test('a new bucket is set as S3 sets one today (GetBucketEncryption, GetBucketOwnershipControls, GetPublicAccessBlock)', async () => {
  const { ServerSideEncryptionConfiguration } = await client.send(new GetBucketEncryptionCommand({ Bucket }));
  expect(ServerSideEncryptionConfiguration?.Rules?.[0]).toMatchObject({
    ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' },
    BucketKeyEnabled: false,
  });
  const { OwnershipControls } = await client.send(new GetBucketOwnershipControlsCommand({ Bucket }));
  expect(OwnershipControls?.Rules?.[0]?.ObjectOwnership).toBe('BucketOwnerEnforced');
  const { PublicAccessBlockConfiguration } = await client.send(new GetPublicAccessBlockCommand({ Bucket }));
  expect(PublicAccessBlockConfiguration).toMatchObject({ BlockPublicPolicy: true, RestrictPublicBuckets: true });
  const { LocationConstraint } = await client.send(new GetBucketLocationCommand({ Bucket }));
  expect(LocationConstraint).toBeUndefined();
});

test('a bucket of long ago has none of it, each under the code of S3', async () => {
  s3.configureBucket(Bucket, { encryption: undefined, ownership: undefined, publicAccessBlock: undefined });
  await expect(client.send(new GetBucketEncryptionCommand({ Bucket }))).rejects.toMatchObject({
    name: 'ServerSideEncryptionConfigurationNotFoundError',
  });
  await expect(client.send(new GetBucketOwnershipControlsCommand({ Bucket }))).rejects.toMatchObject({
    name: 'OwnershipControlsNotFoundError',
  });
  await expect(client.send(new GetPublicAccessBlockCommand({ Bucket }))).rejects.toMatchObject({
    name: 'NoSuchPublicAccessBlockConfiguration',
  });
});

test('PutBucketEncryption, PutBucketOwnershipControls and PutPublicAccessBlock set what is got', async () => {
  const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'key-1' } }] as const;
  await client.send(
    new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules: [...Rules] } }),
  );
  const { ServerSideEncryptionConfiguration } = await client.send(new GetBucketEncryptionCommand({ Bucket }));
  expect(ServerSideEncryptionConfiguration?.Rules?.[0]).toMatchObject(Rules[0]);
  const ownership = { Rules: [{ ObjectOwnership: 'ObjectWriter' as const }] };
  await client.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls: ownership }));
  expect((await client.send(new GetBucketOwnershipControlsCommand({ Bucket }))).OwnershipControls).toEqual(ownership);
  const PublicAccessBlockConfiguration = { BlockPublicAcls: true };
  await client.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }));
  expect(s3.settings(Bucket).publicAccessBlock).toMatchObject({ BlockPublicAcls: true, BlockPublicPolicy: false });
});

test.each(['ObjectWriter2', ''])('an ownership of %j is MalformedXML', async (ObjectOwnership) => {
  const OwnershipControls = { Rules: [{ ObjectOwnership: ObjectOwnership as never }] };
  const put = client.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls }));
  await expect(put).rejects.toMatchObject({ name: 'MalformedXML' });
});

test('GetBucketLocation names every region but the first', async () => {
  s3.configureBucket(Bucket, { region: 'af-south-1' });
  expect((await client.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint).toBe('af-south-1');
  expect((await client.send(new HeadBucketCommand({ Bucket }))).BucketRegion).toBe('af-south-1');
});

test('of a bucket that is not there, or that a caller may not see, nothing is told', async () => {
  for (const command of [
    new GetBucketPolicyCommand({ Bucket: 'none' }),
    new GetBucketLocationCommand({ Bucket: 'none' }),
    new GetBucketEncryptionCommand({ Bucket: 'none' }),
  ] as const) {
    await expect(client.send(command as GetBucketPolicyCommand)).rejects.toMatchObject({ name: 'NoSuchBucket' });
  }
  s3.faults.next({
    match: 'GetBucketPolicy',
    fault: { status: 403, body: '<Error><Code>AccessDenied</Code></Error>' },
  });
  await expect(client.send(new GetBucketPolicyCommand({ Bucket }))).rejects.toMatchObject({ name: 'AccessDenied' });
});
