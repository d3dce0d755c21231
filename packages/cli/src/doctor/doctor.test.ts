import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import { concatenationSourceBucketPolicy } from '@onrecord/adapter-chime/policies';
import { systemClock } from '@onrecord/core';
import {
  chimeErrorAnswer,
  listen,
  type SimulatedChime,
  SimulatedS3,
  startAzure,
  startChime,
} from '@onrecord/simulator';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { runCommand } from '../testing/run-command.ts';
import type { Check } from './check.ts';

let folder: string;
let s3: SimulatedS3;
let chime: SimulatedChime;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onrecord-doctor-'));
  s3 = await SimulatedS3.start({ buckets: ['recordings'] });
  chime = await startChime({ s3 });
  const environment = {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: chime.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: chime.credentials.secretAccessKey,
    AWS_ENDPOINT_URL_S3: s3.origin,
    AWS_ENDPOINT_URL_CHIME_SDK_VOICE: chime.endpoint,
    AWS_ENDPOINT_URL_CHIME_SDK_MEDIA_PIPELINES: chime.endpoint,
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await chime.close();
  await s3.close();
  await rm(folder, { recursive: true });
});

const meeting = { type: 'chime-meeting', region: 'us-east-1', bucket: 'recordings' };
const landing = { type: 's3', bucket: 'recordings' };

async function doctor(config: object, ...argv: readonly string[]) {
  await writeFile(join(folder, 'onrecord.config.json'), JSON.stringify(config));
  const { code, out, err } = await runCommand(['doctor', '--json', ...argv], { folder });
  const { summary, checks } = JSON.parse(out) as {
    readonly summary: Readonly<Record<Check['status'], number>>;
    readonly checks: readonly Check[];
  };
  return { code, err, summary, checks, find: (id: string) => checks.find((check) => check.id === id) };
}

describe('onrecord doctor', () => {
  test('a configuration that works is called so, and nothing is left behind', async () => {
    const { code, summary, find } = await doctor({
      providers: { main: { ...meeting, landing } },
      store: { type: 'sqlite', path: join(folder, 'sessions.db') },
      archive: { type: 's3', bucket: 'recordings', prefix: 'archive/' },
    });
    expect(summary.failed).toBe(0);
    expect(code).toBe(0);
    expect(find('providers.main.reach')?.status).toBe('ok');
    expect(find('providers.main.landing')?.status).toBe('ok');
    expect(find('archive.write')?.message).toContain('s3://recordings/archive/');
    expect(s3.list('recordings')).toEqual([]);
    expect(chime.pipelines()).toEqual([]);
  });

  test('every problem of a configuration is told, with its path', async () => {
    const { code, checks, find } = await doctor({
      providers: { main: { type: 'chime-meeting', bucket: 'No' } },
      archiv: 1,
    });
    expect(code).toBe(1);
    expect(find('configuration')?.message).toMatch(/providers\.main\.bucket[\s\S]*region|region[\s\S]*bucket/);
    expect(find('configuration')?.message).toContain('archiv');
    expect(checks.map(({ id }) => id)).toEqual(['runtime', 'configuration']);
  });

  test('what is wrong with one thing keeps no other from being looked at', async () => {
    const { code, find } = await doctor({
      use: 'main',
      providers: {
        main: { ...meeting, landing: { ...landing, bucket: 'elsewhere' } },
        phone: { type: 'chime-sma', region: 'us-east-1' },
      },
      archive: { type: 's3', bucket: 'missing' },
    });
    expect(code).toBe(1);
    expect(find('providers.main.landing')).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('elsewhere'),
    });
    expect(find('providers.phone.reach')?.status).toBe('ok');
    expect(find('archive.write')?.status).toBe('failed');
    expect(find('store')?.status).toBe('warning');
  });

  test('a store that cannot be opened is one of its findings, and not its end', async () => {
    await writeFile(join(folder, 'file'), '');
    const nowhere = { type: 'filesystem', path: join(folder, 'file', 'below') };
    const { code, find } = await doctor({
      providers: { main: { ...meeting, landing: nowhere } },
      store: { type: 'sqlite', path: join(folder, 'sessions.db') },
      archive: nowhere,
    });
    expect(code).toBe(1);
    for (const id of ['providers.main.landing', 'archive.write']) {
      expect(find(id)).toMatchObject({ status: 'failed', message: expect.stringContaining('below') });
    }
    expect(find('store.write')?.status).toBe('ok');
  });

  test('the policy of a bucket is compared, and what it lacks can be pasted', async () => {
    const config = { providers: { main: { ...meeting, landing } } };
    const without = await doctor(config, '--account-id', '111122223333');
    expect(without.code).toBe(1);
    const missing = without.find('providers.main.bucket.policy-missing');
    expect(missing).toMatchObject({
      status: 'failed',
      fix: expect.stringContaining('mediapipelines.chime.amazonaws.com'),
    });

    const policy = concatenationSourceBucketPolicy({ bucket: 'recordings', accountId: '111122223333' });
    await new S3Client().send(new PutBucketPolicyCommand({ Bucket: 'recordings', Policy: JSON.stringify(policy) }));
    const admitted = await doctor(config, '--account-id', '111122223333');
    expect(admitted.find('providers.main.bucket')?.status).toBe('ok');
    expect(admitted.code).toBe(0);

    expect((await doctor(config)).find('providers.main.bucket')).toMatchObject({
      status: 'skipped',
      fix: expect.stringContaining('--account-id'),
    });
  });

  test('credentials that may not ask are told apart from those that may', async () => {
    chime.faults.next({
      match: 'ListMediaCapturePipelines',
      fault: chimeErrorAnswer('Forbidden', 'You are not authorized.'),
    });
    const { find } = await doctor({ providers: { main: meeting } });
    expect(find('providers.main.reach')).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('not authorized'),
    });
  });

  test('a provider that never answers costs the timeout, and no more', async () => {
    const silent = await listen(() => new Promise(() => {}));
    vi.stubEnv('AWS_ENDPOINT_URL_CHIME_SDK_MEDIA_PIPELINES', silent.origin);
    const { find } = await doctor({ providers: { main: meeting } }, '--timeout', '0.2');
    expect(find('providers.main.reach')?.status).toBe('failed');
    await silent.close();
  });

  test('--no-write writes nothing anywhere, and says what was not looked at', async () => {
    const { find } = await doctor(
      {
        providers: { main: meeting },
        store: { type: 'sqlite', path: join(folder, 'sessions.db') },
        archive: { type: 'filesystem', path: join(folder, 'archive') },
      },
      '--no-write',
    );
    expect(find('store.write')?.status).toBe('skipped');
    expect(find('archive.write')?.status).toBe('skipped');
    expect(await readdir(folder)).toEqual(['onrecord.config.json']);
  });

  test.each([
    ['chime-sma', { type: 'chime-sma', region: 'us-east-1' }],
    [
      'chime-insights',
      {
        type: 'chime-insights',
        region: 'us-east-1',
        accountId: '111122223333',
        bucket: 'recordings',
        configuration: 'calls',
      },
    ],
    ['azure', { type: 'azure', allowInsecureLoopback: true }],
  ] as const)('%s is asked for something that changes nothing there', async (type, provider) => {
    await using azure = await startAzure({ clock: systemClock });
    const { connectionString } = azure.plain;
    const asked = type === 'azure' ? { ...provider, connectionString } : provider;
    const { find, checks } = await doctor({ providers: { main: asked } });
    expect(find('providers.main.reach')?.status, JSON.stringify(checks)).toBe('ok');
    const written = [...chime.requests(), ...azure.requests()].filter(({ method }) => method !== 'GET');
    expect(written.map(({ operation }) => operation)).toEqual(
      type === 'chime-sma' ? ['UpdateSipMediaApplicationCall'] : [],
    );
  });

  test('an id that nobody looked at is not called right', async () => {
    const phone = { type: 'chime-sma', region: 'us-east-1' };
    const wrong = await doctor({ providers: { main: { ...phone, sipMediaApplicationId: 'no-such-application' } } });
    expect(wrong.find('providers.main.reach')).toMatchObject({
      status: 'ok',
      message: expect.stringMatching(/lets them send commands to calls\. .*no-such-application.* was not looked at/),
    });
    const none = await doctor({ providers: { main: phone } });
    expect(none.find('providers.main.reach')?.message).not.toContain('looked at');
  });

  test('people read one line for each, and a count', async () => {
    await writeFile(join(folder, 'onrecord.config.json'), JSON.stringify({ providers: { main: meeting } }));
    const { out } = await runCommand(['doctor'], { folder });
    expect(out).toMatch(/^ok {7}runtime: Node /);
    expect(out).toMatch(/\n\d+ ok, \d+ warning, 0 failed, 1 skipped\n$/);
    expect(out).not.toContain(chime.credentials.secretAccessKey);
  });

  test.each([
    [[], 'There is no onrecord.config.ts'],
    [['--timeout', 'soon'], '--timeout takes seconds'],
    [['--account-id', '1234'], '--account-id takes 12 digits'],
  ])('%s is refused as usage', async (argv, message) => {
    const { code, err } = await runCommand(['doctor', ...argv], { folder });
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});
