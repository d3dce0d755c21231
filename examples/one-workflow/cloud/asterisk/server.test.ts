import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { listen } from '../../app/listen.ts';
import { readOptions } from '../../cli/options.ts';
import { haveAsterisk, whyNoAsterisk } from './availability.ts';
import { openServer } from './server.ts';

afterEach(() => void vi.unstubAllEnvs());

test('without a fetched server the demo leaves asterisk out, says why, and fetches nothing', async () => {
  const cache = await mkdtemp(join(tmpdir(), 'onrecord-demo-'));
  vi.stubEnv('ONRECORD_ASTERISK_CACHE', cache);
  vi.stubEnv('ASTERISK_ARI_URL', '');
  const { providers, leftOut } = readOptions([]);
  expect(providers).toEqual(['chime-sma', 'chime-meeting', 'azure']);
  expect(leftOut).toMatch(/^asterisk left out: no server was fetched .* --provider asterisk fetches one$/);
  expect(readOptions(['--provider', 'asterisk']).providers).toEqual(['asterisk']);

  const folder = join(cache, 'asterisk-forky');
  await mkdir(join(folder, 'root'), { recursive: true });
  expect(whyNoAsterisk()).toBeDefined();
  await writeFile(join(folder, 'version'), '22');
  expect(readOptions([])).toMatchObject({ providers: ['chime-sma', 'chime-meeting', 'azure', 'asterisk'] });
  expect(readOptions([]).leftOut).toBeUndefined();
  await rm(cache, { recursive: true });
});

test('a server of one\u2019s own is taken as it is, and nothing is fetched for it', async () => {
  vi.stubEnv('ONRECORD_ASTERISK_CACHE', '/nowhere');
  vi.stubEnv('ASTERISK_ARI_URL', 'http://user:secret@127.0.0.1:1/ari');
  expect(readOptions([]).providers).toContain('asterisk');
  const told: string[] = [];
  await haveAsterisk((text) => told.push(text));
  expect(told).toEqual([]);
});

test.each([
  ['an address without user and password', 'http://127.0.0.1:1/ari', /must read http:\/\/USER:PASSWORD@HOST/],
  ['an address where nobody answers', 'http://user:secret@127.0.0.1:1/ari', /cannot be used/],
])('%s is told of without the password', async (_, address, reason) => {
  vi.stubEnv('ASTERISK_ARI_URL', address);
  const error = await openServer().catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'unavailable', message: expect.stringMatching(reason) });
  expect(String(error)).not.toContain('secret');
});

test('a wrong password is told of as such', async () => {
  const server = createServer((_, response) => response.writeHead(401).end('{"message":"Authentication required"}'));
  const { host } = new URL(await listen(server));
  vi.stubEnv('ASTERISK_ARI_URL', `http://user:secret@${host}/ari`);
  await expect(openServer()).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('401') });
  server.close();
});
