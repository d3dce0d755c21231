import type { JsonObject } from '@onrecord/core';
import { createContainer, OnRecordToken, RecordingDriverToken, StorageDriverToken } from '@onrecord/core/inversify';
import { readWav } from '@onrecord/core/media';
import type { MemoryDriver } from '@onrecord/storage';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { azureServerCall } from '../call-ref.ts';
import { type OwnAccount, openOwnAccount } from '../testing/own-account.ts';
import { callbackSecret, gridSecret, openScene, partOf, poll, type Scene, watch } from '../testing/scene.ts';

let account: OwnAccount;
beforeAll(async () => {
  account = await openOwnAccount();
});
afterAll(() => account[Symbol.asyncDispose]());

/** What a deployment puts into the environment. */
function environmentOf({ azure: { connectionString, accessKey, entra } }: Scene): Record<string, string> {
  return { ACS: connectionString, ACS_KEY: accessKey, ENTRA_SECRET: entra.clientSecret };
}

const byEntra = ({ azure: { entra, endpoint } }: Scene) => ({
  endpoint,
  credential: {
    entra: {
      type: 'client-secret',
      tenantId: entra.tenantId,
      clientId: entra.clientId,
      clientSecret: '${env:ENTRA_SECRET}',
      authorityHost: entra.authorityHost,
      disableInstanceDiscovery: true,
    },
  },
});

const connectOf = ({ azure: { ca } }: Scene) => ({ address: '127.0.0.1', ca });

test.each<[string, (scene: Scene) => JsonObject, RegExp]>([
  ['connectionString', () => ({ connectionString: '${env:ACS}' }), /^HMAC-SHA256 /],
  [
    'credential.accessKey',
    ({ azure }) => ({ endpoint: azure.endpoint, credential: { accessKey: '${env:ACS_KEY}' } }),
    /^HMAC-SHA256 /,
  ],
  ['credential.entra', byEntra, /^Bearer ey/],
])('`%s` and `connect` of a configuration open the resource, wherever it is', async (_name, access, authorization) => {
  await using scene = await openScene();
  const seen = watch(scene);
  const main = { type: 'azure', ...access(scene), connect: connectOf(scene) };
  const container = await createContainer({ providers: { main } }, { environment: environmentOf(scene) });
  const driver = await container.getAsync(RecordingDriverToken, { name: 'main' });
  const plan = scene.plan();
  const part = partOf(plan, await driver.doStart(plan, scene.context));
  await scene.clock.advance(3_000);
  expect(await driver.doStatus?.(part, poll(1), scene.context)).toMatchObject([{ seen: { capturing: true } }]);
  const calls = seen.filter(({ operation }) => /Recording/.test(operation));
  expect(calls.map(({ headers }) => headers['authorization'])).toEqual(
    calls.map(() => expect.stringMatching(authorization)),
  );
  expect(calls).toHaveLength(2);
  await container.unbindAllAsync();
});

test.each([
  ['a key', () => ({ connectionString: '${env:ACS}' })],
  ['Entra', byEntra],
] as const)(
  'with %s a recording goes into the own container and from its landing store into the archive',
  async (_name, access) => {
    const { containerUrl, blobAccounts } = account;
    await using scene = await openScene({ resource: { blobAccounts } });
    const { azure, clock, origin } = scene;
    const config = {
      publicUrl: origin,
      providers: {
        main: {
          type: 'azure',
          ...access(scene),
          connect: connectOf(scene),
          callbackUrl: `${origin}/callbacks`,
          callbackSecret,
          jwt: { audience: azure.resourceId, jwksUrl: azure.jwksUrl },
          eventGrid: { secret: gridSecret },
          recordingStorage: { containerUrl },
          landing: {
            type: 'azure-blob',
            container: new URL(containerUrl).pathname.slice(1),
            connectionString: '${env:BLOB}',
          },
          allowInsecureLoopback: true,
        },
      },
      archive: { type: 'memory', mode: 'move' },
    };
    const environment = { ...environmentOf(scene), BLOB: account.connectionString };
    const container = await createContainer(config, { clock, environment });
    const { recorder } = await container.getAsync(OnRecordToken);
    scene.handTo((request) => recorder.ingest(request));
    await azure.subscribe({ url: scene.gridUrl });
    const call = scene.place();
    await clock.advance(1_000);
    const consent = { basis: 'application', noticeId: 'sign' } as const;
    const session = await clock.until(recorder.start({ call: azureServerCall(call.ids()), consent }));
    await clock.advance(4_000);
    await clock.until(session.stop());
    await clock.until(session.settled());
    const { state, verdict, artifacts, anomalies } = await session.snapshot();
    expect({ state, verdict, anomalies }).toEqual({ state: 'completed', verdict: 'present', anomalies: [] });
    const master = artifacts.find(({ role }) => role === 'master');
    expect(master?.source).toMatch(/^azblob:\/\//);
    const archive = (await container.getAsync(StorageDriverToken, { name: 'archive' })) as MemoryDriver;
    const bytes = archive.native().get(archive.keyOf(master?.location ?? '') ?? '');
    expect(readWav(bytes ?? new Uint8Array()).durationMs).toBeGreaterThan(3_000);
    expect(scene.requests('DownloadContent')).toEqual([]);
    await clock.advance(120_000);
    expect(await account.names()).toEqual([]);
    await container.unbindAllAsync();
  },
);
