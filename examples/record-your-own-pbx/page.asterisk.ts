import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ask, Exchange } from '../../packages/adapter-asterisk/src/testing/phones/index.ts';
import { type AsteriskServer, startAsterisk } from '../../packages/adapter-asterisk/src/testing/server/index.ts';
import { describeWithOwnAsterisk } from '../../packages/adapter-asterisk/src/testing/server/lane.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(join(root, 'docs/record-your-own-pbx.md'), 'utf8');
const password = 'a-long-random-password';

describeWithOwnAsterisk('the page “record your own PBX”', (suite) => {
  test('is right: its configuration, its dialplan and its program record an ordinary call', async () => {
    await using first = await startAsterisk({ suite });
    await mkdir(join(root, 'out'), { recursive: true });
    const folder = await mkdtemp(join(root, 'out', 'page-'));
    const port = String(await freePort());
    await configure(first, port);
    const pbx = await again(first);
    const access = { url: first.url, username: 'onrecord', password };
    const program = await run(folder, first, port);
    try {
      await until(() =>
        ask(access, 'GET', '/applications/onrecord').then(
          () => true,
          () => false,
        ),
      );
      const exchange = await Exchange.open(access, 'caller');
      await exchange.request('POST', '/channels', {
        endpoint: 'Local/200@from-internal-custom',
        app: 'caller',
        channelId: 'c1',
      });
      await until(() => isRecorded(first));
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      await exchange.remove('/channels/c1');
      await exchange.close();
      await until(() => filesIn(join(folder, 'recordings')).filter((name) => name.endsWith('.wav')).length === 2);
      await until(() => !isRecorded(first));
      expect(filesIn(join(folder, 'recordings')).filter((name) => name.endsWith('manifest.json'))).toHaveLength(1);
    } finally {
      for (const child of [program, pbx]) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      await rm(folder, { recursive: true, force: true });
    }
  });
});

/** Writes the page's own configuration over that of a server. In place of a SIP phone, a party that speaks a tone. */
async function configure({ state, url }: AsteriskServer, port: string): Promise<void> {
  const etc = (name: string) => join(state, 'etc', name);
  await writeFile(etc('http.conf'), block('ini', 'bindport').replace('8088', new URL(url).port));
  await writeFile(etc('ari.conf'), block('ini', 'read_only'));
  const dialplan = block('ini', 'CURL')
    .replace(/PJSIP\/[^,]*/, 'Local/440@phone')
    .replace('8090', port);
  await appendFile(etc('extensions.conf'), `\n${dialplan}`);
  const more = ['app_dial', 'app_stack', 'res_curl', 'func_curl'].map((name) => `load = ${name}.so\n`);
  await appendFile(etc('modules.conf'), more.join(''));
}

/** Starts the server anew, over the configuration that is there. */
async function again(server: AsteriskServer): Promise<ChildProcess> {
  const [command = '', ...args] = readFileSync(`/proc/${server.pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
  await server.kill('SIGTERM');
  const child = spawn(command, args, { stdio: 'ignore' });
  const access = { url: server.url, username: 'onrecord', password };
  await until(() =>
    ask(access, 'GET', '/asterisk/info').then(
      () => true,
      () => false,
    ),
  );
  return child;
}

/** The program of the page that serves the dialplan; only its addresses are others, and the generation that it names. */
async function run(folder: string, { url, suite }: AsteriskServer, port: string): Promise<ChildProcess> {
  const source = block('ts', 'createServer')
    .replace("'http://127.0.0.1:8088/ari'", `'${url}', server: '${suite}'`)
    .replace('8090', port);
  await writeFile(join(folder, 'program.ts'), source);
  return spawn(
    process.execPath,
    ['--conditions=@onrecord/source', '--disable-warning=ExperimentalWarning', 'program.ts'],
    {
      cwd: folder,
      env: { PATH: process.env['PATH'], ARI_PASSWORD: password },
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
}

/** Whether something of ours lies on the server. */
function isRecorded({ recordings }: AsteriskServer): boolean {
  return filesIn(join(recordings, 'onrecord')).some((name) => name.endsWith('.wav'));
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true }).map(String);
  } catch {
    return [];
  }
}

function block(language: string, text: string): string {
  const found = [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].flatMap(([, kind, body = '']) =>
    kind === language && body.includes(text) ? [body] : [],
  );
  if (found.length !== 1) throw new Error(`the page has ${found.length} ${language} blocks with ${text}`);
  return found[0] ?? '';
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Looks every 20 ms. @throws Error after 20 s. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let look = 0; look < 1_000; look++) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('it did not come about within 20 s');
}
