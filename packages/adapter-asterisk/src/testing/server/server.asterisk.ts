import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { describeOnAsterisk, describeWithOwnAsterisk } from './lane.ts';
import { listeningSockets } from './listening-sockets.ts';
import { type AsteriskAccess, startAsterisk } from './start-asterisk.ts';

const run = promisify(execFile);
const scripts = fileURLToPath(new URL('../../../server/', import.meta.url));

function ask({ url, username, password }: AsteriskAccess, path: string): Promise<Response> {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  return fetch(`${url}${path}`, { headers: { authorization } });
}

describeOnAsterisk('the lane’s server', (server) => {
  test('answers with the version of its suite', async () => {
    const response = await ask(server, '/asterisk/info');
    const { system } = (await response.json()) as { readonly system: { readonly version: string } };
    expect(system.version).toBe(server.version);
    expect(server.suite).toBe(`asterisk-${Number.parseInt(server.version, 10)}`);
  });

  test('turns a wrong password away', async () => {
    expect((await ask({ ...server, password: 'wrong' }, '/asterisk/info')).status).toBe(401);
  });
});

describeWithOwnAsterisk('a server', (suite) => {
  test('listens on 127.0.0.1 only', async () => {
    await using server = await startAsterisk({ suite });
    expect(listeningSockets(server.pid)).toEqual([
      { protocol: 'tcp', address: '127.0.0.1', port: Number(new URL(server.url).port) },
    ]);
  });

  test('keeps its password off the command line and from other users', async () => {
    await using server = await startAsterisk({ suite });
    expect(await readFile(`/proc/${server.pid}/cmdline`, 'utf8')).not.toContain(server.password);
    expect((await stat(join(server.state, 'etc', 'ari.conf'))).mode & 0o077).toBe(0);
    expect(await server.log()).not.toContain(server.password);
  });

  test('keeps its recordings over SIGKILL and a restart at the same address', async () => {
    await using server = await startAsterisk({ suite });
    const { url, pid } = server;
    await mkdir(join(server.recordings, 'calls'));
    await writeFile(join(server.recordings, 'calls', 'kept.wav'), 'RIFF');
    await server.kill('SIGKILL');
    expect(await server.exited).toEqual({ code: null, signal: 'SIGKILL' });
    await expect(ask(server, '/asterisk/ping')).rejects.toThrow();
    await server.restart();
    expect(server.url).toBe(url);
    expect(server.pid).not.toBe(pid);
    expect(await (await ask(server, '/recordings/stored')).json()).toEqual([{ name: 'calls/kept', format: 'wav' }]);
  });

  test('leaves nothing when it is closed', async () => {
    const server = await startAsterisk({ suite });
    const { pid, state } = server;
    await server.close();
    expect(existsSync(state)).toBe(false);
    expect(existsSync(`/proc/${pid}`)).toBe(false);
  });

  test('runs beside others of its kind', async () => {
    await using one = await startAsterisk({ suite });
    await using other = await startAsterisk({ suite });
    expect(one.url).not.toBe(other.url);
    expect((await ask(one, '/asterisk/ping')).status).toBe(200);
    expect((await ask(other, '/asterisk/ping')).status).toBe(200);
    expect((await ask({ ...one, url: other.url }, '/asterisk/ping')).status).toBe(401);
  });
});

describeWithOwnAsterisk('asterisk-fetch.sh', (suite) => {
  const debian = suite === 'asterisk-22' ? 'forky' : 'bullseye';

  test('says with its own exit code that a mirror cannot be reached, and leaves nothing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'onrecord-fetch-'));
    const fetching = run(join(scripts, 'asterisk-fetch.sh'), [join(folder, 'server'), debian], {
      env: { ...process.env, DEBIAN_MIRROR: 'file:/nonexistent/debian' },
    });
    await expect(fetching).rejects.toMatchObject({
      code: 69,
      stderr: expect.stringContaining('file:/nonexistent/debian'),
    });
    expect(await readdir(folder)).toEqual(['server.lock']);
    await rm(folder, { recursive: true });
  });

  test('says with its own exit code that there is no keyring', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'onrecord-fetch-'));
    const fetching = run(join(scripts, 'asterisk-fetch.sh'), [join(folder, 'server'), debian], {
      env: { ...process.env, DEBIAN_KEYRING: join(folder, 'none.gpg') },
    });
    await expect(fetching).rejects.toMatchObject({
      code: 69,
      stderr: expect.stringContaining('debian-archive-keyring'),
    });
    await rm(folder, { recursive: true });
  });

  test('refuses a suite that is no name', async () => {
    const fetching = run(join(scripts, 'asterisk-fetch.sh'), [join(dirname(scripts), 'never'), '../etc']);
    await expect(fetching).rejects.toMatchObject({ code: 64 });
  });
});
