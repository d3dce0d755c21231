import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { describeOnAsterisk, describeWithOwnAsterisk } from './lane.ts';
import { listeningSockets } from './listening-sockets.ts';
import { type AsteriskAccess, startAsterisk } from './start-asterisk.ts';
import { suiteOfVersion } from './suite.ts';

function ask({ url, username, password }: AsteriskAccess, path: string): Promise<Response> {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  return fetch(`${url}${path}`, { headers: { authorization } });
}

describeOnAsterisk('the lane’s server', (server) => {
  test('answers with the version of its suite', async () => {
    const response = await ask(server, '/asterisk/info');
    const { system } = (await response.json()) as { readonly system: { readonly version: string } };
    expect(system.version).toBe(server.version);
    expect(server.suite).toBe(suiteOfVersion(server.version));
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

  test('ends with the process that started it, however that ended, and its state goes with the next start', async () => {
    const program = `
      const { startAsterisk } = await import(${JSON.stringify(new URL('./start-asterisk.ts', import.meta.url).href)});
      const { pid, state } = await startAsterisk({ suite: ${JSON.stringify(suite)} });
      console.log(JSON.stringify({ pid, state }));
      setInterval(() => {}, 1000);
    `;
    const parent = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(createInterface({ input: parent.stdout }), 'line');
    const { pid, state } = JSON.parse(String(line)) as { readonly pid: number; readonly state: string };
    expect(existsSync(`/proc/${pid}`)).toBe(true);
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    await expect.poll(() => isRunning(pid), { timeout: 10_000 }).toBe(false);
    await using _ = await startAsterisk({ suite });
    expect(existsSync(state)).toBe(false);
  });
});

/** A process that has ended but that nobody has asked about yet is a zombie. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
