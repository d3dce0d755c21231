import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { S3Client } from '@aws-sdk/client-s3';
import {
  checkBucket,
  type Policy,
  smaFunctionPolicy,
  smaRecordingBucketPolicy,
} from '@onrecord/adapter-chime/policies';
import type { SmaEvent, SmaHandler } from '@onrecord/adapter-chime/sma';
import { SimulatedS3 } from '@onrecord/simulator';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { bundleFunction } from './bundle.ts';
import { SmaStack, type SmaStackProps } from './stack.ts';

const account = '111122223333';
const region = 'us-east-1';
const [recordings, sessions] = ['recordings-1', 'sessions-1'];
let folder: string;
let code: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sma-cdk-'));
  code = join(folder, 'function');
  await bundleFunction(code, ['@onrecord/source']);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The stack, synthesized here: without credentials, and without the network, which tests cannot reach. */
function synthesized(changes: Partial<SmaStackProps> = {}): { template: Template; outdir: string } {
  const outdir = mkdtempSync(join(folder, 'cdk.out-'));
  const app = new App({ outdir });
  const stack = new SmaStack(app, 'Sma', { account, region, recordings, sessions, code, ...changes });
  app.synth();
  return { template: Template.fromStack(stack), outdir };
}

/** Statements of the policy of a bucket that allow a service something. */
function serviceStatements(template: Template): readonly object[] {
  return Object.values(template.findResources('AWS::S3::BucketPolicy')).flatMap(({ Properties }) =>
    (Properties.PolicyDocument.Statement as Policy['Statement']).filter(({ Principal }) => Principal?.Service),
  );
}

test('the policy of the recording bucket is that of ./policies', () => {
  expect(serviceStatements(synthesized().template)).toEqual(
    smaRecordingBucketPolicy({ bucket: recordings, accountId: account, prefix: 'calls' }).Statement,
  );
  const applications = [
    { region, id: 'sma-1' },
    { region, id: 'sma-2' },
  ];
  const { template } = synthesized({ applicationIds: applications.map(({ id }) => id) });
  expect(serviceStatements(template)).toEqual(
    smaRecordingBucketPolicy({ bucket: recordings, accountId: account, prefix: 'calls', applications }).Statement,
  );
});

test('checkBucket has nothing to say of the bucket as it is deployed, the denial of plain HTTP included', async () => {
  const { template } = synthesized();
  await using s3 = await SimulatedS3.start({ buckets: [recordings], accountId: account });
  const [policy] = Object.values(template.findResources('AWS::S3::BucketPolicy')).flatMap(({ Properties }) => {
    // A template names the bucket by reference.
    const text = JSON.stringify(Properties.PolicyDocument)
      .replaceAll(
        /\{"Fn::Join":\["",\[\{"Fn::GetAtt":\["\w+","Arn"\]\},"\/\*"\]\]\}/g,
        `"arn:aws:s3:::${recordings}/*"`,
      )
      .replaceAll(/\{"Fn::GetAtt":\["\w+","Arn"\]\}/g, `"arn:aws:s3:::${recordings}"`);
    return text.includes('voiceconnector') ? [text] : [];
  });
  expect(policy).toContain('aws:SecureTransport');
  s3.configureBucket(recordings, { policy });
  const client = new S3Client(s3.clientConfig());
  const purpose = 'sma-recording';
  expect(
    await checkBucket({ bucket: recordings, purpose, accountId: account, region, prefix: 'calls' }, client),
  ).toEqual([]);
  client.destroy();
});

test('the function may be invoked as ./policies has it', () => {
  const { template } = synthesized();
  const [permission, ...others] = Object.values(template.findResources('AWS::Lambda::Permission'));
  const functionArn = `arn:aws:lambda:${region}:${account}:function:sma`;
  const [needed] = smaFunctionPolicy({ functionArn }).Statement;
  expect(others).toEqual([]);
  expect(permission?.['Properties']).toMatchObject({
    Action: needed?.Action,
    Principal: needed?.Principal?.Service,
    SourceAccount: needed?.Condition?.['StringEquals']?.['aws:SourceAccount'],
    FunctionName: { 'Fn::GetAtt': [expect.stringContaining('Function'), 'Arn'] },
  });
});

test('the function has rights on its sessions and none on the recordings', () => {
  const { template } = synthesized();
  const policies = JSON.stringify(template.findResources('AWS::IAM::Policy'));
  expect(policies).toContain('s3:PutObject');
  const [logical] = Object.entries(template.findResources('AWS::S3::Bucket')).flatMap(([name, { Properties }]) =>
    Properties.BucketName === recordings ? [name] : [],
  );
  expect(logical).toBeDefined();
  expect(policies).not.toContain(logical);
});

test('buckets are private, encrypted, kept, and own their files', () => {
  const { template } = synthesized();
  template.allResourcesProperties('AWS::S3::Bucket', {
    OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
  });
  template.allResources('AWS::S3::Bucket', { DeletionPolicy: 'Retain' });
});

test('what the policies refuse is refused when the stack is made', () => {
  expect(() => synthesized({ account: '1' })).toThrow(/accountId: Must be the 12 digits/);
  expect(() => synthesized({ applicationIds: ['*'] })).toThrow(/applications: .*the id of a SIP media application/);
});

test('the bundled function announces and records a call, with its sessions in S3', async () => {
  const { template, outdir } = synthesized();
  const [lambda] = Object.values(template.findResources('AWS::Lambda::Function'));
  expect(lambda?.['Properties']).toMatchObject({ Runtime: 'nodejs24.x', Handler: 'handler.handler' });
  const asset = readdirSync(outdir).find((name) => name.startsWith('asset.')) ?? '';
  expect(statSync(join(outdir, asset, 'handler.mjs')).size).toBeLessThan(60 * 1024);

  await using s3 = await SimulatedS3.start({ buckets: [recordings, sessions] });
  const { accessKeyId, secretAccessKey } = s3.credentials;
  for (const [name, value] of Object.entries({
    ...(lambda?.['Properties'].Environment.Variables as Record<string, string>),
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_ENDPOINT_URL_S3: s3.origin,
  })) {
    vi.stubEnv(name, value);
  }
  const { handler } = (await import(pathToFileURL(join(outdir, asset, 'handler.mjs')).href)) as { handler: SmaHandler };
  const answer = async (event: Partial<SmaEvent>, sequence: number) =>
    (await handler({ ...call(sequence), ...event } as SmaEvent)).Actions?.map(({ Type }) => Type);
  expect(await answer({}, 1)).toEqual(['Speak']);
  const ActionData = { Type: 'Speak', Parameters: { CallId: 'leg-a' } };
  expect(await answer({ InvocationEventType: 'ACTION_SUCCESSFUL', ActionData }, 2)).toEqual(['StartCallRecording']);
  expect(s3.list(sessions).length).toBeGreaterThan(0);
  expect(s3.requests().every(({ bucket }) => bucket === sessions)).toBe(true);
  vi.unstubAllEnvs();
});

/** An invocation for a call that comes in. */
function call(sequence: number): SmaEvent {
  return {
    SchemaVersion: '1.0',
    Sequence: sequence,
    InvocationEventType: 'NEW_INBOUND_CALL',
    CallDetails: {
      TransactionId: '1322a4e7-0000-4000-8000-000000000001',
      AwsAccountId: account,
      AwsRegion: region,
      SipMediaApplicationId: 'sma-1',
      Participants: [
        {
          CallId: 'leg-a',
          ParticipantTag: 'LEG-A',
          To: '+15550199',
          From: '+15550100',
          Direction: 'Inbound',
          StartTimeInMilliseconds: '1700000000000',
        },
      ],
    },
  };
}
