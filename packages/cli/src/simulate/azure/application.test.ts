import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { azureServerCall } from '@onrecord/adapter-azure';
import { toNodeHandler } from '@onrecord/core';
import { createContainer, OnRecordToken } from '@onrecord/core/inversify';
import { toneLevel } from '@onrecord/core/media';
import { decodeAudio } from '@onrecord/simulator';
import { describe, expect, test } from 'vitest';
import { caller, fast, openBench, until } from './testing/azure-bench.ts';

const secret = 'a secret of enough length';

test('an application of a configuration, started later, records a call over https to its archived file', async () => {
  await using bench = await openBench();
  const grid = `${bench.origin}/ingest?secret=${encodeURIComponent(secret)}`;
  const environment = await bench.simulate(...fast, '--event-grid', grid, '--files', 'files');
  await until(async () => (bench.run().err().includes('tried again') ? true : undefined));
  const container = await createContainer({
    providers: {
      main: {
        type: 'azure',
        connectionString: environment['ACS_HTTPS_CONNECTION_STRING'] ?? '',
        callbackUrl: `${bench.origin}/ingest`,
        callbackSecret: secret,
        jwt: { audience: environment['ACS_RESOURCE_ID'] ?? '', jwksUrl: environment['ACS_HTTPS_JWKS_URL'] ?? '' },
        eventGrid: { secret },
        allowInsecureLoopback: true,
        connect: {
          address: environment['ACS_CONNECT_ADDRESS'] ?? '',
          ca: await readFile(environment['ACS_CA_FILE'] ?? '', 'utf8'),
        },
      },
    },
    publicUrl: bench.origin,
    archive: { type: 'filesystem', path: join(bench.folder, 'archive') },
  });
  const { recorder } = await container.getAsync(OnRecordToken);
  const ingest = toNodeHandler((request) => recorder.ingest(request));
  bench.serve(async (request, response) => ingest(request, response));
  await until(async () => (bench.run().err().includes('is subscribed') ? true : undefined));

  const placed = await bench.ask('POST', '/calls', {
    provider: 'azure',
    callbackUri: `${bench.origin}/ingest`,
    participants: [caller, { name: 'agent', address: '+15550199' }],
  });
  expect(placed).toMatchObject({ status: 201, body: { leg: expect.stringMatching(/connect/) } });
  await until(async () => {
    const { body } = await bench.ask('GET', `/calls/${placed.body.id}`);
    return body.leg === 'connected' ? true : undefined;
  });
  const session = await recorder.start({
    call: azureServerCall(placed.body.ids),
    output: { media: 'audio', layout: 'mixed', container: 'wav' },
  });
  await until(async () => ((await bench.ask('GET', '/azure')).body.recordings.length === 1 ? true : undefined));
  await session.stop();
  const { artifacts } = await session.settled();
  const master = artifacts.find(({ role }) => role === 'master');
  expect(master?.state).toBe('stored');
  await container.unbindAllAsync();

  const copied = await until(async () => {
    const names = await readdir(join(bench.folder, 'files/azure')).catch(() => []);
    return names.length === 2 ? names : undefined;
  });
  expect(copied.map((name) => name.split('.').at(-1)).sort()).toEqual(['json', 'wav']);
  const { body } = await bench.ask('DELETE', `/calls/${placed.body.id}`);
  expect(body).toMatchObject({ over: true, leg: 'disconnected' });
});

describe('the environment', () => {
  test('has both addresses, the certificate in a file, and an identity', async () => {
    await using bench = await openBench();
    const environment = await bench.simulate('--azure-ca', 'azure-ca.pem');
    expect(environment).toMatchObject({
      ACS_CONNECTION_STRING: expect.stringMatching(/^endpoint=http:\/\/127\.0\.0\.1:\d+\/;accesskey=/),
      ACS_HTTPS_CONNECTION_STRING: expect.stringMatching(/^endpoint=https:\/\/onrecord\.communication\.azure\.com:/),
      ACS_CA_FILE: join(bench.folder, 'azure-ca.pem'),
      NODE_EXTRA_CA_CERTS: join(bench.folder, 'azure-ca.pem'),
      AZURE_AUTHORITY_HOST: expect.stringMatching(/^https:\/\/127\.0\.0\.1:/),
      AZURE_CLIENT_SECRET: expect.any(String),
    });
    expect(await readFile(join(bench.folder, 'azure-ca.pem'), 'utf8')).toMatch(/^-----BEGIN CERTIFICATE-----/);
  });

  test('names a temporary certificate that is gone with the command', async () => {
    await using bench = await openBench();
    const { ACS_CA_FILE: path = '' } = await bench.simulate();
    expect(existsSync(path)).toBe(true);
    bench.run().interrupt();
    expect(await bench.run().ended).toBe(0);
    expect(existsSync(path)).toBe(false);
  });
});

test('what --files copied can be listened to', async () => {
  await using bench = await openBench();
  bench.note();
  await bench.simulate(...fast, '--files', 'files');
  const placed = await bench.ask('POST', '/calls', {
    provider: 'azure',
    callbackUri: `${bench.origin}/callbacks`,
    participants: [caller],
    hangUpAfterMs: 700,
  });
  await bench.eventually('CallConnected');
  const { callConnectionId } = placed.body.ids;
  await bench
    .client()
    .getCallRecording()
    .start({ callConnectionId, recordingFormat: 'wav', recordingContent: 'audio' });
  const path = await until(async () => /^(\/.*\.wav)$/m.exec(bench.run().err())?.[1]);
  const { channels, sampleRate } = await decodeAudio(await readFile(path), 'wav');
  expect(toneLevel(channels[0]!, sampleRate, 440)).toBeGreaterThan(-30);
});
