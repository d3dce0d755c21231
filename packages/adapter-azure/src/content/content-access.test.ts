import { readWav } from '@onrecord/core/media';
import { azureFaults } from '@onrecord/simulator';
import { describe, expect, test } from 'vitest';
import { fetchAll, finished, judged } from '../testing/finished-file.ts';
import { collect, rejection, watch } from '../testing/scene.ts';

describe('redirects', () => {
  test('are followed from host to host of the service, signed anew', async () => {
    const { scene, master } = await finished();
    await using _scene = scene;
    scene.azure.faults.next({ match: 'DownloadContent', fault: azureFaults.redirect(master.source), times: 2 });
    expect(readWav(Buffer.from(await fetchAll(scene, master))).durationMs).toBe(6_000);
    expect(scene.requests('DownloadContent').map(({ host }) => host.replace(/:\d+$/, ''))).toEqual([
      'storage.asm.skype.com',
      'us-storage.asm.skype.com',
      'us-storage.asm.skype.com',
    ]);
  });

  test('that never end do end', async () => {
    const { scene, master } = await finished();
    await using _scene = scene;
    scene.azure.faults.next({ match: 'DownloadContent', fault: azureFaults.redirect(master.source), times: 50 });
    expect(await rejection(fetchAll(scene, master))).toMatchObject({ code: 'provider-contract' });
    expect(scene.requests('DownloadContent')).toHaveLength(6);
  });

  test.each([
    'https://evil.example/v1/objects/x',
    'https://asm.skype.com.evil.example/x',
    'http://storage.asm.skype.com/x',
    'https://user:password@storage.asm.skype.com/x',
    '//169.254.169.254/latest/meta-data',
  ])('to %s are refused, and nothing is sent there', async (location) => {
    const { scene, master } = await finished();
    await using _scene = scene;
    scene.azure.faults.next({ match: 'DownloadContent', fault: { status: 302, headers: { location } } });
    const before = scene.azure.requests().length;
    const error = await rejection(fetchAll(scene, master));
    expect(error).toMatchObject({ code: 'provider-contract', message: expect.not.stringContaining('password') });
    expect(scene.azure.requests()).toHaveLength(before + 1);
  });
});

test.each(['file:///etc/passwd', 'https://account.blob.core.windows.net/c/f', 'https://127.0.0.1/x', 'nonsense'])(
  'the resource never shows its credentials to %s',
  async (source) => {
    const { scene, master } = await finished();
    await using _scene = scene;
    const before = scene.azure.requests().length;
    const error = await rejection(fetchAll(scene, { ...master, source }));
    expect(error).toMatchObject({ code: 'provider-contract' });
    expect(scene.azure.requests()).toHaveLength(before);
  },
);

describe('deleting', () => {
  test('takes content and metadata together, and may be repeated', async () => {
    const { scene, master, metadata, access } = await finished();
    await using _scene = scene;
    await scene.driver.doDeleteArtifact(metadata, {}, scene.context);
    expect(scene.requests('DeleteContent')).toEqual([]);
    await scene.driver.doDeleteArtifact(master, { access }, scene.context);
    await scene.driver.doDeleteArtifact(master, { access }, scene.context);
    expect(scene.requests('DeleteContent').map(({ status }) => status)).toEqual([200, 404]);
    expect(await rejection(fetchAll(scene, master))).toMatchObject({ code: 'not-found' });
    expect(await rejection(fetchAll(scene, metadata))).toMatchObject({ code: 'not-found' });
  });

  test('needs the address that the event gave', async () => {
    const { scene, master } = await finished();
    await using _scene = scene;
    const error = await rejection(scene.driver.doDeleteArtifact(master, {}, scene.context));
    expect(error).toMatchObject({ code: 'unsupported', message: expect.stringContaining('24 hours') });
  });

  test('that is refused is an error', async () => {
    const { scene, master, access } = await finished();
    await using _scene = scene;
    scene.azure.faults.next({ match: 'DeleteContent', fault: azureFaults.serverError() });
    const error = await rejection(scene.driver.doDeleteArtifact(master, { access }, scene.context));
    expect(judged(scene, error)).toEqual({ code: 'unavailable', retry: 'safe', blame: 'provider' });
  });
});

test('an Entra credential opens commands and files alike', async () => {
  const { scene, master } = await finished({ resource: { bearerTokens: ['an-access-token'] } });
  await using _scene = scene;
  const scopes: unknown[] = [];
  const credential = {
    getToken: async (scope: string | string[]) => {
      scopes.push(scope);
      return { token: 'an-access-token', expiresOnTimestamp: Date.now() + 3_600_000 };
    },
  };
  const driver = scene.another({ connectionString: undefined, endpoint: scene.azure.endpoint, credential });
  await driver.doStart(scene.plan(), scene.context);
  const { body } = await driver.doOpenArtifact(master, {}, scene.context);
  expect((await collect(body)).length).toBeGreaterThan(0);
  expect(new Set(scopes.flat())).toEqual(new Set(['https://communication.azure.com//.default']));
});

test('the request is signed for the resource and sent to the storage host', async () => {
  const { scene, master } = await finished();
  await using _scene = scene;
  const seen = watch(scene);
  await fetchAll(scene, master, 1);
  const { port } = new URL(scene.azure.endpoint);
  expect(seen).toMatchObject([
    {
      method: 'GET',
      headers: {
        host: `storage.asm.skype.com:${port}`,
        'x-ms-host': `onrecord.communication.azure.com:${port}`,
        originalurl: master.source,
        range: 'bytes=1-',
        authorization: expect.stringMatching(/^HMAC-SHA256 /),
        'user-agent': expect.stringContaining('core-rest-pipeline'),
        'x-ms-client-request-id': expect.any(String),
      },
    },
  ]);
});
