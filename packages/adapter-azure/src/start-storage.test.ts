import { OnRecordError } from '@onrecord/core';
import { describe, expect, test } from 'vitest';
import { resolveConfig } from './config/config.ts';
import { mixedWav, openScene, rejection, separateWav } from './testing/scene.ts';

const containerUrl = 'https://contoso.blob.core.windows.net/recordings';

function configured(recordingStorage: unknown) {
  const connectionString = 'endpoint=https://contoso.communication.azure.com/;accesskey=a2V5';
  // A configuration file may hold anything.
  return resolveConfig({ connectionString, recordingStorage: recordingStorage as { containerUrl: string } });
}

function refusal(recordingStorage: unknown): string {
  try {
    configured(recordingStorage);
  } catch (error) {
    if (OnRecordError.is(error, 'invalid-request')) return error.message;
    throw error;
  }
  return '';
}

describe('recordingStorage.containerUrl names a container, or a location inside one', () => {
  test.each([
    [containerUrl],
    ['https://contoso.blob.core.windows.net/recordings/a/b%20c'],
    ['https://contoso.blob.core.usgovcloudapi.net/recordings'],
    ['https://contoso.blob.core.chinacloudapi.cn/recordings'],
    ['https://abc.blob.core.windows.net/a-1'],
  ])('%s', (url) => {
    expect(configured({ containerUrl: url }).recordingStorage?.container.href).toBe(url);
  });

  test('a slash at the end and the port of https say nothing', () => {
    const url = 'https://contoso.blob.core.windows.net:443/recordings/';
    expect(configured({ containerUrl: url }).recordingStorage?.container.href).toBe(containerUrl);
  });

  test.each<[string, unknown, RegExp]>([
    ['no object', containerUrl, /recordingStorage: Must be an object with containerUrl/],
    ['no URL', {}, /recordingStorage\.containerUrl: Must be an absolute URL/],
    ['a relative URL', { containerUrl: '/recordings' }, /absolute URL/],
    ['http', { containerUrl: containerUrl.replace('https', 'http') }, /Must begin with https:\/\/, not http:\/\//],
    ['another scheme', { containerUrl: 'azblob://contoso/recordings' }, /Must begin with https/],
    ['a SAS', { containerUrl: `${containerUrl}?sv=2024&sig=hunter2` }, /no query, such as a SAS: .*managed identity/],
    ['an empty query', { containerUrl: `${containerUrl}?` }, /no query/],
    ['a fragment', { containerUrl: `${containerUrl}#x` }, /no fragment/],
    ['a password', { containerUrl: 'https://a:hunter2@contoso.blob.core.windows.net/recordings' }, /password/],
    ['another port', { containerUrl: 'https://contoso.blob.core.windows.net:8443/recordings' }, /Its host must be/],
    ['another host', { containerUrl: 'https://contoso.example/recordings' }, /Its host must be <account>\.blob/],
    ['a host that only ends alike', { containerUrl: 'https://evil.com.blob.core.windows.net/recordings' }, /host/],
    ['a host that only begins alike', { containerUrl: `${containerUrl.replace('.net', '.net.evil.com')}` }, /host/],
    ['this machine', { containerUrl: 'https://127.0.0.1/contoso/recordings' }, /Its host must be/],
    [
      'an account with a DNS zone',
      { containerUrl: 'https://contoso.z13.blob.storage.azure.net/recordings' },
      /Its host/,
    ],
    ['Data Lake', { containerUrl: 'https://contoso.dfs.core.windows.net/recordings' }, /blob instead of dfs/],
    ['an account too short', { containerUrl: 'https://ab.blob.core.windows.net/recordings' }, /host/],
    ['no container', { containerUrl: 'https://contoso.blob.core.windows.net/' }, /Must name a container/],
    ['upper case', { containerUrl: 'https://contoso.blob.core.windows.net/Recordings' }, /3 to 63 characters/],
    ['a name too short', { containerUrl: 'https://contoso.blob.core.windows.net/ab' }, /3 to 63 characters/],
    ['a name too long', { containerUrl: `https://contoso.blob.core.windows.net/${'a'.repeat(64)}` }, /3 to 63/],
    ['two hyphens', { containerUrl: 'https://contoso.blob.core.windows.net/a--b' }, /single hyphens/],
    ['a hyphen at the end', { containerUrl: 'https://contoso.blob.core.windows.net/ab-' }, /single hyphens/],
    ['a container of the system', { containerUrl: 'https://contoso.blob.core.windows.net/$web' }, /system containers/],
    ['an empty name in the location', { containerUrl: `${containerUrl}/a//b` }, /location .*single slashes/],
    ['a way out of it', { containerUrl: `${containerUrl}/../other` }, /location .*no name that is/],
    ['an encoded way out of it', { containerUrl: `${containerUrl}/%2e%2e/other` }, /location .*no name that is/],
    ['an encoded slash', { containerUrl: `${containerUrl}/a%2Fb` }, /location .*encoded/],
    ['a backslash', { containerUrl: `${containerUrl}/a\\b` }, /location .*backslash/],
    ['half a code', { containerUrl: `${containerUrl}/%zz` }, /location .*encoded/],
    ['what is not encoded', { containerUrl: `${containerUrl}/é` }, /location .*encoded/],
    ['a slip', { containerURL: containerUrl }, /did you mean containerUrl/],
    ["the SDK's name", { recordingDestinationContainerUrl: containerUrl }, /There is no such option/],
    ['a bad choice for MP3', { containerUrl, mp3: 'yes' }, /recordingStorage\.mp3: Must be refuse or attempt/],
    ['another word for false', { containerUrl, perRecording: 'no' }, /recordingStorage\.perRecording: Must be true or/],
  ])('not %s', (_name, given, message) => {
    const text = refusal(given);
    expect(text).toMatch(message);
    expect(text).not.toContain('hunter2');
  });

  test('`recordingStorage.perRecording` is true unless it is false', () => {
    expect(configured({ containerUrl }).recordingStorage?.perRecording).toBe(true);
    expect(configured({ containerUrl, perRecording: false }).recordingStorage?.perRecording).toBe(false);
  });

  test('all problems are told at once', () => {
    const text = refusal({ containerUrl: 'http://contoso.example/A?sig=hunter2', mp3: 1 });
    expect(text.split('\n- ').slice(1)).toHaveLength(5);
  });
});

test('rooms is refuse or attempt', () => {
  const connectionString = 'endpoint=https://contoso.communication.azure.com/;accesskey=a2V5';
  expect(resolveConfig({ connectionString }).rooms).toBe('refuse');
  expect(resolveConfig({ connectionString, rooms: 'attempt' }).rooms).toBe('attempt');
  expect(() => resolveConfig({ connectionString, rooms: 'allow' as 'attempt' })).toThrow(
    /rooms: Must be refuse or att/,
  );
});

describe('a start says where the recording goes (externalStorage)', () => {
  const externalStorage = (recordingDestinationContainerUrl: string) => ({
    recordingStorageKind: 'azureBlobStorage',
    recordingDestinationContainerUrl,
  });

  test.each<[string, object, string | undefined]>([
    ['into the container', {}, containerUrl],
    [
      'deeper into it',
      { providerOptions: { recordingStorage: { location: 'tenant a/2026' } } },
      `${containerUrl}/tenant%20a/2026`,
    ],
    ["into the service's own storage", { providerOptions: { recordingStorage: 'service' } }, undefined],
    ['as MP4', { output: { media: 'audio-video', layout: 'mixed', container: 'mp4' } }, containerUrl],
    ['as MP3', { output: { ...mixedWav, container: 'mp3' } }, containerUrl],
    ['with separate voices', { output: separateWav }, containerUrl],
  ])('%s, to a place of its own', async (_name, more, shared) => {
    await using scene = await openScene({ driver: { recordingStorage: { containerUrl } } });
    const plan = scene.plan(more);
    const expected = shared === undefined ? undefined : externalStorage(`${shared}/${plan.correlation}`);
    await scene.driver.doStart(plan, scene.context);
    const [start] = scene.requests('StartRecording');
    expect(start?.status).toBe(200);
    expect(start?.body).toHaveProperty('recordingContentType');
    expect(Object(start?.body)['externalStorage']).toEqual(expected);
  });

  test('below a location of the configuration', async () => {
    const inside = { recordingStorage: { containerUrl: `${containerUrl}/calls` } };
    await using scene = await openScene({ driver: inside });
    const providerOptions = { recordingStorage: { location: 'a' } };
    const plan = scene.plan({ providerOptions });
    await scene.driver.doStart(plan, scene.context);
    expect(scene.requests('StartRecording')[0]?.body).toMatchObject({
      externalStorage: externalStorage(`${containerUrl}/calls/a/${plan.correlation}`),
    });
  });

  test('without the option nothing is said, and a location has nothing to be below', async () => {
    await using scene = await openScene();
    await scene.driver.doStart(scene.plan({ providerOptions: { recordingStorage: 'service' } }), scene.context);
    expect(scene.requests('StartRecording')[0]?.body).not.toHaveProperty('externalStorage');
    const astray = scene.plan({ providerOptions: { recordingStorage: { location: 'a' } } });
    expect(await rejection(scene.driver.doStart(astray, scene.context))).toMatchObject({
      code: 'invalid-request',
      message: expect.stringMatching(
        /recordingStorage\.location: .*recordingStorage of the provider is not configured/,
      ),
    });
    expect(scene.requests('StartRecording')).toHaveLength(1);
  });

  test("recordingStorage.mp3: 'refuse' keeps MP3 out of it, and out of it only", async () => {
    await using scene = await openScene({ driver: { recordingStorage: { containerUrl, mp3: 'refuse' } } });
    const output = { ...mixedWav, container: 'mp3' } as const;
    expect(await rejection(scene.driver.doStart(scene.plan({ output }), scene.context))).toMatchObject({
      code: 'unsupported',
      message: expect.stringMatching(/^output: MP3 .*recordingStorage: 'service'/),
    });
    expect(scene.azure.requests()).toEqual([]);
    const providerOptions = { recordingStorage: 'service' };
    await scene.driver.doStart(scene.plan({ output, providerOptions }), scene.context);
    expect(scene.requests('StartRecording')).toHaveLength(1);
  });

  test('the place of its files, and of no others, is expected, as the landing store knows it', async () => {
    await using scene = await openScene({ driver: { recordingStorage: { containerUrl: `${containerUrl}/b%20c` } } });
    const plan = scene.plan({ providerOptions: { recordingStorage: { location: 'é' } } });
    const { reports } = await scene.driver.doStart(plan, scene.context);
    const place = `azblob://contoso/recordings/b c/é/${plan.correlation}/`;
    expect(reports?.[0]?.seen.expects).toEqual([
      expect.objectContaining({ role: 'master', container: 'wav', prefix: place, several: true }),
    ]);
    expect(reports?.[0]?.seen.facts).toEqual({ place });
  });

  test.each<[string, object, object]>([
    ['recordingStorage.perRecording is false', { perRecording: false }, {}],
    ['the service keeps it', {}, { providerOptions: { recordingStorage: 'service' } }],
  ])('no place is expected where %s: only Event Grid tells it', async (_name, storage, more) => {
    await using scene = await openScene({ driver: { recordingStorage: { containerUrl, ...storage } } });
    const { reports } = await scene.driver.doStart(scene.plan(more), scene.context);
    const [expected] = reports?.[0]?.seen.expects ?? [];
    expect(expected).toMatchObject({ role: 'master', container: 'wav' });
    expect(Object.keys(expected ?? {})).not.toContain('prefix');
    expect(Object.keys(expected ?? {})).not.toContain('several');
    expect(reports?.[0]?.seen).not.toHaveProperty('facts');
  });

  test('recordingStorage.perRecording: false puts everything into exactly the configured place', async () => {
    await using scene = await openScene({ driver: { recordingStorage: { containerUrl, perRecording: false } } });
    await scene.driver.doStart(scene.plan(), scene.context);
    const [start] = scene.requests('StartRecording');
    expect(start?.body).toMatchObject({ externalStorage: externalStorage(containerUrl) });
  });

  test('another process repeats the same start with the same place (externalStorage)', async () => {
    const options = { recordingStorage: { containerUrl } };
    await using scene = await openScene({ driver: options });
    const plan = scene.plan();
    await scene.driver.doStart(plan, scene.context);
    await scene.another(options).doStart(plan, scene.context);
    const [first, second] = scene.requests('StartRecording');
    expect([first?.status, second?.status]).toEqual([200, 200]);
    expect(second?.body).toEqual(first?.body);
    expect(scene.azure.recordingIds()).toHaveLength(1);
  });

  test('locations that are too long together are refused', async () => {
    const inside = { recordingStorage: { containerUrl: `${containerUrl}/${'a'.repeat(400)}` } };
    await using scene = await openScene({ driver: inside });
    const providerOptions = { recordingStorage: { location: 'b'.repeat(400) } };
    expect(await rejection(scene.driver.doStart(scene.plan({ providerOptions }), scene.context))).toMatchObject({
      code: 'invalid-request',
      message: expect.stringMatching(/recordingStorage\.location: .*at most 750 characters, together/),
    });
    expect(scene.requests('StartRecording')).toEqual([]);
  });
});
