import type { MediaSighting, Report } from '@onrecord/core';
import { describe, expect, test } from 'vitest';
import { chunk, deliveryWith, fileEvent } from '../testing/post-events.ts';
import { openScene, type Scene, type SceneOptions } from '../testing/scene.ts';

const container = 'https://contoso.blob.core.windows.net/recordings';
const folder = `${container}/20260105/c1/eyJQbGF0-5b6c0a11-8a3e-4d51-9a56-5f9a2c1d7e10`;
const stored = 'azblob://contoso/recordings/20260105/c1/eyJQbGF0-5b6c0a11-8a3e-4d51-9a56-5f9a2c1d7e10';
const byos: SceneOptions = { driver: { recordingStorage: { containerUrl: container } } };

/** One chunk as the service exports it into a container. */
function exported(documentId: string, more: object = {}) {
  return chunk(documentId, {
    contentLocation: `${folder}/0-audiowav.${documentId}.wav`,
    metadataLocation: `${folder}/0-acsmetadata.${documentId}.json`,
    deleteLocation: `${folder}/0-audiowav.${documentId}.wav`,
    ...more,
  });
}

async function reportOf(scene: Scene, event: object): Promise<Report> {
  const { reports } = await scene.driver.parse(deliveryWith(scene, [event]), scene.context);
  expect(reports).toHaveLength(1);
  return reports[0]!;
}

const keys = (media: readonly MediaSighting[] = []) => media.map(({ key }) => key);

describe('a file in a container of ours (`recordingStorage`)', () => {
  test('has the address of its store, no expiry, and nothing of the service to be deleted by', async () => {
    await using scene = await openScene(byos);
    const { seen } = await reportOf(scene, fileEvent([exported('0-a')], { storageType: 'AzureBlob' }));
    const [master, metadata] = seen.media ?? [];
    expect(master).toEqual({
      key: master?.uri,
      uri: `${stored}/0-audiowav.0-a.wav`,
      role: 'master',
      container: 'wav',
      mediaType: 'audio/wav',
      durationMs: 12_000,
      index: 0,
    });
    expect(metadata).toEqual({
      key: metadata?.uri,
      uri: `${stored}/0-acsmetadata.0-a.json`,
      role: 'metadata',
      mediaType: 'application/json',
      index: 0,
    });
    expect(seen.facts).toEqual({
      [`file/${master?.uri}`]: { content: master?.uri, metadata: metadata?.uri, index: 0 },
      finalizeFor: master?.uri,
      filesComplete: true,
    });
    expect(seen).not.toHaveProperty('anomaly');
  });

  test.each([undefined, 'ACS', 'AzureBlob', 'AzureBlobStorage', 'new'])(
    'is told by its address alone, whatever its storageType says: %s',
    async (storageType) => {
      await using scene = await openScene(byos);
      const ours = await reportOf(scene, fileEvent([exported('0-a')], { storageType }));
      expect(ours.seen.media?.map(({ expiresAt }) => expiresAt)).toEqual([undefined, undefined]);
      // An export that failed: the service keeps the file for a day, and it is deleted there.
      const kept = await reportOf(scene, fileEvent([chunk('0-b')], { storageType }));
      expect(kept.seen.media).toMatchObject([
        { expiresAt: '2026-01-06T09:00:00.133Z', access: { deleteLocation: expect.stringContaining('0-b') } },
        { expiresAt: '2026-01-06T09:00:00.133Z' },
      ]);
    },
  );

  test('beside one whose export failed: each is opened and deleted where it is', async () => {
    await using scene = await openScene(byos);
    const { seen } = await reportOf(scene, fileEvent([exported('0-a'), chunk('0-b', { index: 1 })]));
    expect(seen.media?.map(({ uri }) => new URL(uri).protocol)).toEqual(['azblob:', 'azblob:', 'https:', 'https:']);
  });

  test('is refused where no container is configured, with where it leads and nothing more', async () => {
    await using scene = await openScene();
    const { seen } = await reportOf(scene, fileEvent([exported('0-a', { contentLocation: `${folder}/a?sig=hush` })]));
    expect(seen).not.toHaveProperty('media');
    expect(seen).toMatchObject({
      ended: true,
      anomaly: { code: 'invalid-answer', message: expect.stringContaining('https://contoso.blob.core.windows.net') },
    });
    expect(JSON.stringify(seen)).not.toMatch(/hush|20260105/);
  });
});

describe('an address that is not followed', () => {
  const addresses: readonly [string, string][] = [
    ['http', 'http://storage.asm.skype.com/v1/objects/0-x'],
    ['a file of this machine', 'file:///etc/passwd'],
    ['data', 'data:audio/wav;base64,UklGRg=='],
    ['a script', 'javascript:alert(1)'],
    ['ftp', 'ftp://storage.asm.skype.com/a'],
    ['the metadata service', 'http://169.254.169.254/metadata/instance?api-version=2021-02-01'],
    ['the metadata service over https', 'https://169.254.169.254/metadata/identity/oauth2/token'],
    ['the wire server', 'https://168.63.129.16/machine'],
    ['this machine', 'https://127.0.0.1/v1/objects/0-x'],
    ['this machine by name', 'https://localhost/v1/objects/0-x'],
    ['this machine in six', 'https://[::1]/v1/objects/0-x'],
    ['this machine as a number', 'https://2130706433/v1/objects/0-x'],
    ['this machine in octal', 'https://0177.0.0.1/v1/objects/0-x'],
    ['this machine, mapped', 'https://[::ffff:127.0.0.1]/v1/objects/0-x'],
    ['a private address', 'https://10.0.0.4/v1/objects/0-x'],
    ['a user name', 'https://hush@storage.asm.skype.com/v1/objects/0-x'],
    ['a password', 'https://user:hush@storage.asm.skype.com/v1/objects/0-x'],
    ['the host as a user name', 'https://storage.asm.skype.com@evil.example/v1/objects/0-x'],
    ['the host as a query', 'https://evil.example?storage.asm.skype.com'],
    ['the host as a fragment', 'https://evil.example#.asm.skype.com'],
    ['the host as a path', 'https://evil.example/.asm.skype.com'],
    ['a longer suffix', 'https://storage.asm.skype.com.evil.example/v1'],
    ['a suffix without its dot', 'https://evilasm.skype.com/v1'],
    ['the suffix alone', 'https://asm.skype.com/v1'],
    ['a dot behind the host', 'https://storage.asm.skype.com./v1'],
    ['letters that look alike', 'https://storage.аsm.skype.com/v1'],
    ['the blob of another account', 'https://evil.blob.core.windows.net/recordings/a.wav'],
    ['the blob of another container', 'https://contoso.blob.core.windows.net/private/a.wav'],
    ['a way out of the container', `${container}/../private/a.wav`],
    ['an encoded way out of it', `${container}/..%2f..%2fprivate%2fa.wav`],
    ['no URL', '//storage.asm.skype.com/v1/objects/0-x'],
  ];

  test.each(addresses)('%s', async (_name, address) => {
    await using scene = await openScene(byos);
    const hostile = chunk('0-x', { contentLocation: address, metadataLocation: address, deleteLocation: address });
    const { seen } = await reportOf(scene, fileEvent([chunk('0-a'), hostile, exported('0-b', { index: 1 })]));
    const own = `${stored}/0-audiowav.0-b.wav`;
    expect(keys(seen.media)).toEqual(['0-a', '0-a/metadata', own, `${stored}/0-acsmetadata.0-b.json`]);
    expect(Object.keys(seen.facts ?? {})).toEqual(['file/0-a', `file/${own}`, 'finalizeFor', 'filesComplete']);
    expect(seen.facts?.['finalizeFor']).toBe(`0-a ${own}`);
    expect(seen.anomaly?.message).toMatch(/contentLocation leads to .*metadataLocation leads to .*deleteLocation/);
    expect(JSON.stringify(seen)).not.toMatch(/hush|passwd|token\b|UklGRg|api-version|private/);
  });

  test('of the metadata alone costs the metadata alone, and of the deletion alone nothing of either', async () => {
    await using scene = await openScene();
    const evil = 'https://evil.example/x';
    const chunks = [chunk('0-a', { metadataLocation: evil }), chunk('0-b', { deleteLocation: evil, index: 1 })];
    const { seen } = await reportOf(scene, fileEvent(chunks));
    expect(keys(seen.media)).toEqual(['0-a', '0-b', '0-b/metadata']);
    expect(seen.media?.map(({ access }) => access !== undefined)).toEqual([true, false, false]);
  });

  test('does not reach the record as it was written', async () => {
    await using scene = await openScene();
    const odd = 'https://storage.asm.skype.com/v1\r\n/objects/\t0-x';
    const { seen } = await reportOf(scene, fileEvent([chunk('0-x', { contentLocation: odd })]));
    expect(seen.media?.[0]?.uri).toBe('https://storage.asm.skype.com/v1/objects/0-x');
  });

  test('is quoted three times at most, however many there are', async () => {
    await using scene = await openScene();
    const evil = { contentLocation: `https://${'e'.repeat(60)}.example` };
    const chunks = Array.from({ length: 500 }, (_, index) => chunk(`0-${index}`, { ...evil, index }));
    const { seen } = await reportOf(scene, fileEvent(chunks));
    expect(seen.anomaly?.message).toContain('and 497 more');
    expect(seen.anomaly?.message.length).toBeLessThan(600);
  });

  test('is the same anomaly when the event comes again', async () => {
    await using scene = await openScene();
    const event = fileEvent([chunk('0-a', { contentLocation: 'https://evil.example' })]);
    const [first, second] = [await reportOf(scene, event), await reportOf(scene, event)];
    expect(second).toEqual(first);
  });
});
