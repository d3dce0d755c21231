import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  callerPolicy,
  concatenationSourceBucketPolicy,
  type Policy,
  smaRecordingBucketPolicy,
} from '@onrecord/adapter-chime/policies';
import { describe, expect, test } from 'vitest';
import { runCommand } from '../testing/run-command.ts';
import { purposes } from './purposes.ts';

const accountId = '111122223333';
const id = 'feb37a7e-0000-4000-8000-000000000000';

async function policies(...argv: readonly string[]) {
  const { code, out, err } = await runCommand(['policies', ...argv]);
  return { code, err, policy: out.startsWith('{') ? (JSON.parse(out) as unknown) : out };
}

describe('onrecord policies', () => {
  test('prints the very policy of the library, for several applications in several regions', async () => {
    const { code, policy } = await policies(
      'sma-recording',
      '--bucket',
      'recordings',
      '--account-id',
      accountId,
      '--applications',
      `us-east-1/${id}`,
      `us-west-2/${id}`,
    );
    expect(code).toBe(0);
    const applications = [
      { region: 'us-east-1', id },
      { region: 'us-west-2', id },
    ];
    expect(policy).toEqual(smaRecordingBucketPolicy({ bucket: 'recordings', accountId, applications }));
  });

  test.each<[purpose: string, argv: readonly string[], part: object]>([
    ['sma-prompts', ['--bucket', 'b-1', '--account-id', accountId], { Statement: [{ Action: ['s3:GetObject'] }] }],
    ['capture', ['--bucket', 'b-1', '--account-id', accountId], { Version: '2012-10-17' }],
    ['capture-key', ['--account-id', accountId], { Effect: 'Allow' }],
    [
      'insights-role',
      ['--account-id', accountId, '--region', 'us-east-1', '--elements', 'S3RecordingSink=recordings/insights'],
      { Version: '2012-10-17' },
    ],
    ['insights-trust', ['--account-id', accountId], { Statement: [{ Action: 'sts:AssumeRole' }] }],
    ['caller', ['--uses', 'control', '--account-id', accountId], { Version: '2012-10-17' }],
    ['service-linked-roles', [], { voiceConnector: { name: 'AWSServiceRoleForAmazonChimeVoiceConnector' } }],
    [
      'sma-function',
      ['--function-arn', `arn:aws:lambda:us-east-1:${accountId}:function:sma`],
      { Version: '2012-10-17' },
    ],
    ['meeting-queue', ['--queue-arn', `arn:aws:sqs:us-east-1:${accountId}:events`], { Version: '2012-10-17' }],
    ['meeting-topic', ['--topic-arn', `arn:aws:sns:us-east-1:${accountId}:events`], { Version: '2012-10-17' }],
  ])('%s %j', async (purpose, argv, part) => {
    const { code, policy } = await policies(purpose, ...argv);
    expect(code).toBe(0);
    expect(policy).toMatchObject(part);
  });

  test('every purpose that is called with nothing says what it lacks, in the names of its flags', async () => {
    for (const [name, { takes }] of Object.entries(purposes)) {
      if (takes.length === 0) continue;
      const { code, err } = await policies(name);
      expect([name, code]).toEqual([name, 2]);
      expect(takes.some((flag) => err.includes(flag))).toBe(true);
    }
  });

  test('what is typed wrongly is all told at once, and nothing is printed', async () => {
    const { code, err, policy } = await policies('capture', '--bucket', 'Not A Bucket', '--account-id', '12');
    expect({ code, policy }).toEqual({ code: 2, policy: '' });
    expect(err).toMatch(/bucket[\s\S]*accountId|accountId[\s\S]*bucket/);
  });

  test('an application without its region is refused with an example', async () => {
    const { code, err } = await policies(
      'sma-recording',
      '--bucket',
      'b-1',
      '--account-id',
      accountId,
      '--applications',
      id,
    );
    expect(code).toBe(2);
    expect(err).toContain('region/id');
  });

  test('without a purpose: everything that the configuration needs, one policy for each bucket and role', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'onrecord-policies-'));
    const config = {
      use: 'phone',
      providers: {
        phone: {
          type: 'chime-sma',
          region: 'us-east-1',
          sipMediaApplicationId: id,
          landing: { type: 's3', bucket: 'recordings' },
        },
        meeting: { type: 'chime-meeting', region: 'us-east-1', bucket: 'recordings', prefix: 'meetings' },
        pbx: { type: 'asterisk', url: 'http://127.0.0.1:8088/ari', username: 'a', password: 'b' },
      },
    };
    await writeFile(join(folder, 'onrecord.config.json'), JSON.stringify(config));
    const { code, out } = await runCommand(['policies', '--account-id', accountId], { folder });
    await rm(folder, { recursive: true });
    expect(code).toBe(0);
    const { buckets, roles, commands } = JSON.parse(out) as {
      readonly buckets: Readonly<Record<string, { readonly Statement: readonly object[] }>>;
      readonly roles: Readonly<Record<string, { readonly Statement: readonly object[] }>>;
      readonly commands: readonly string[];
    };
    const sma = smaRecordingBucketPolicy({
      bucket: 'recordings',
      accountId,
      applications: [{ region: 'us-east-1', id }],
    });
    const captured = concatenationSourceBucketPolicy({ bucket: 'recordings', accountId, prefix: 'meetings' });
    expect(Object.keys(buckets)).toEqual(['recordings']);
    expect(buckets['recordings']?.Statement).toEqual(
      expect.arrayContaining([...sma.Statement, ...captured.Statement].map((each) => expect.objectContaining(each))),
    );
    const actions = JSON.stringify(roles['caller']);
    for (const { Action } of callerPolicy({ uses: ['control', 'meeting'], accountId, buckets: ['recordings'] })
      .Statement) {
      for (const action of [Action].flat()) expect(actions).toContain(action);
    }
    expect(commands.join()).toContain('create-service-linked-role');
  });

  test('without a purpose: archive and sessions in S3 are let in, and nothing beside the prefix is read or deleted', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'onrecord-policies-'));
    const landing = { type: 's3', bucket: 'recordings' };
    const config = {
      use: 'phone',
      providers: {
        phone: { type: 'chime-sma', region: 'us-east-1', bucket: 'recordings', prefix: 'calls', landing },
        meeting: { type: 'chime-meeting', region: 'us-east-1', bucket: 'recordings', prefix: 'meetings' },
      },
      archive: { type: 's3', bucket: 'archive', prefix: 'kept/', mode: 'move' },
      store: { type: 'object', storage: { type: 's3', bucket: 'sessions' } },
    };
    await writeFile(join(folder, 'onrecord.config.json'), JSON.stringify(config));
    const { code, out, err } = await runCommand(['policies', '--account-id', accountId], { folder });
    await rm(folder, { recursive: true });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const { buckets, roles } = JSON.parse(out) as Readonly<
      Record<'buckets' | 'roles', Readonly<Record<string, Policy>>>
    >;
    const granted = (action: string, policy: Policy | undefined) =>
      policy?.Statement.filter(({ Action }) => [Action].flat().includes(action)).flatMap(
        ({ Resource }) => Resource ?? [],
      );
    const files = ['arn:aws:s3:::recordings/calls/*', 'arn:aws:s3:::recordings/meetings/*'];
    const kept = ['arn:aws:s3:::archive/kept/*', 'arn:aws:s3:::sessions/*'];
    expect(granted('s3:DeleteObject', roles['caller'])).toEqual([...files, ...kept]);
    expect(granted('s3:PutObject', roles['caller'])).toEqual(kept);
    expect(granted('s3:ListBucket', roles['caller'])).toEqual(
      expect.arrayContaining(['arn:aws:s3:::archive', 'arn:aws:s3:::sessions', 'arn:aws:s3:::recordings']),
    );
    expect(granted('s3:PutObjectAcl', buckets['recordings'])).toEqual([...files, 'arn:aws:s3:::recordings']);
  });

  test('without a purpose an account is needed', async () => {
    const { code, err } = await policies();
    expect(code).toBe(2);
    expect(err).toContain('--account-id');
  });
});
