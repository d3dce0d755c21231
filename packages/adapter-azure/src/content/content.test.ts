import { readWav, toneLevel } from '@onrecord/core/media';
import { azureFaults } from '@onrecord/simulator';
import { describe, expect, test } from 'vitest';
import { fetchAll, finished, judged } from '../testing/finished-file.ts';
import { collect, rejection } from '../testing/scene.ts';

describe('a file', () => {
  test('comes whole, and holds what was said', async () => {
    const { scene, master } = await finished();
    await using _scene = scene;
    const opened = await scene.driver.doOpenArtifact(master, {}, scene.context);
    const bytes = await collect(opened.body);
    expect(opened.bytes).toBe(bytes.byteLength);
    const wav = readWav(bytes);
    expect(wav).toMatchObject({ durationMs: 6_000, channelCount: 1, integrity: 'complete' });
    for (const hertz of [440, 1000]) expect(toneLevel(wav.channels[0]!, wav.sampleRate, hertz)).toBeGreaterThan(-15);
  });

  test('goes on where it broke off', async () => {
    const { scene, master } = await finished();
    await using _scene = scene;
    const whole = await fetchAll(scene, master);
    const opened = await scene.driver.doOpenArtifact(master, { range: { first: 10_000 } }, scene.context);
    expect(opened.bytes).toBe(whole.byteLength);
    expect((await collect(opened.body)).equals(whole.subarray(10_000))).toBe(true);
    expect(scene.requests('DownloadContent').map(({ status }) => status)).toEqual([200, 206]);
  });

  test('goes on even where the host ignores the range', async () => {
    const { scene, master } = await finished();
    await using _scene = scene;
    const body = new Uint8Array([1, 2, 3, 4, 5, 6]);
    scene.azure.faults.next({ match: 'DownloadContent', fault: { status: 200, body } });
    expect([...(await fetchAll(scene, master, 4))]).toEqual([5, 6]);
  });

  test('is let go when nobody wants the rest', async () => {
    const { scene, master } = await finished();
    await using _scene = scene;
    const { body } = await scene.driver.doOpenArtifact(master, {}, scene.context);
    for await (const chunk of body) {
      expect(chunk.byteLength).toBeGreaterThan(0);
      break;
    }
    expect(await fetchAll(scene, master)).toBeInstanceOf(Uint8Array);
  });

  test('of metadata is read the same way', async () => {
    const { scene, metadata } = await finished();
    await using _scene = scene;
    const text = new TextDecoder().decode(await fetchAll(scene, metadata));
    expect(JSON.parse(text)).toMatchObject({ recordingInfo: { format: 'wav' } });
  });
});

describe('what is not a file', () => {
  test.each([0, 1, 5_000])('a connection that breaks after %i bytes is an error, never a short file', async (count) => {
    const { scene, master } = await finished();
    await using _scene = scene;
    scene.azure.faults.next({ match: 'DownloadContent', fault: { dropAfterBytes: count } });
    const error = await rejection(fetchAll(scene, master));
    expect(judged(scene, error)).toMatchObject({ retry: 'safe' });
    expect(['integrity-failed', 'unavailable']).toContain(scene.driver.classifyError(error).code);
    expect((await fetchAll(scene, master)).byteLength).toBeGreaterThan(5_000);
  });

  test('zero bytes', async () => {
    const { scene, master } = await finished();
    await using _scene = scene;
    scene.azure.faults.next({ match: 'DownloadContent', fault: azureFaults.emptyFile() });
    const error = await rejection(fetchAll(scene, master));
    expect(judged(scene, error)).toEqual({ code: 'integrity-failed', retry: 'safe', blame: 'provider' });
  });

  test('a page of HTML with 400, which comes and goes', async () => {
    const { scene, master } = await finished();
    await using _scene = scene;
    scene.azure.faults.next({ match: 'DownloadContent', fault: azureFaults.htmlError() });
    const error = await rejection(fetchAll(scene, master));
    expect(judged(scene, error)).toEqual({ code: 'unavailable', retry: 'safe', blame: 'provider' });
    expect(error).toMatchObject({ message: 'The storage host of Azure answered 400 with a page that is no JSON.' });
  });

  test('a page of HTML with 200', async () => {
    const { scene, master } = await finished();
    await using _scene = scene;
    const page = { status: 200, headers: { 'content-type': 'text/html' }, body: '<html></html>' };
    scene.azure.faults.next({ match: 'DownloadContent', fault: page });
    const error = await rejection(fetchAll(scene, master));
    expect(judged(scene, error)).toEqual({ code: 'integrity-failed', retry: 'safe', blame: 'provider' });
  });

  test('a part that begins too late', async () => {
    const { scene, master } = await finished();
    await using _scene = scene;
    const part = { status: 206, headers: { 'content-range': 'bytes 7-9/10' }, body: 'abc' };
    scene.azure.faults.next({ match: 'DownloadContent', fault: part });
    const error = await rejection(fetchAll(scene, master, 5));
    expect(error).toMatchObject({ code: 'integrity-failed', message: expect.stringContaining('byte 7') });
  });
});

describe('refusals', () => {
  test('a file that is gone says why that may be', async () => {
    const { scene, master } = await finished();
    await using _scene = scene;
    await scene.clock.advance(25 * 3_600_000);
    const error = await rejection(fetchAll(scene, master));
    expect(judged(scene, error)).toEqual({ code: 'not-found', retry: 'never', blame: 'provider' });
    expect(error).toMatchObject({ message: expect.stringContaining('24 hours') });
  });

  test('a wrong key', async () => {
    const { scene, master } = await finished();
    await using _scene = scene;
    const accessKey = Buffer.from('not the key').toString('base64');
    const connectionString = `endpoint=${scene.azure.endpoint};accesskey=${accessKey}`;
    const error = await rejection(scene.another({ connectionString }).doOpenArtifact(master, {}, scene.context));
    expect(judged(scene, error)).toEqual({ code: 'unauthenticated', retry: 'never', blame: 'caller' });
    expect(error).toMatchObject({ context: { requestId: expect.stringMatching(/^00-/) } });
  });

  test('throttling with a time to wait', async () => {
    const { scene, master } = await finished();
    await using _scene = scene;
    scene.azure.faults.next({ match: 'DownloadContent', fault: azureFaults.throttled(3) });
    const error = await rejection(fetchAll(scene, master));
    expect(scene.driver.classifyError(error)).toMatchObject({
      code: 'rate-limited',
      retry: 'safe',
      retryAfterMs: 3_000,
    });
  });

  test('a caller who gives up on the way', async () => {
    const { scene, master } = await finished();
    await using _scene = scene;
    const giveUp = new AbortController();
    const { body } = await scene.driver.doOpenArtifact(master, {}, { ...scene.context, signal: giveUp.signal });
    giveUp.abort();
    const error = await rejection(collect(body));
    expect(scene.driver.classifyError(error)).toMatchObject({ code: 'aborted' });
  });
});
