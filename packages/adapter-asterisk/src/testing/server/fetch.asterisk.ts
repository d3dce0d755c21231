import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, type TestContext, test } from 'vitest';

const script = fileURLToPath(new URL('../../../server/asterisk-fetch.sh', import.meta.url));

/** Small, so that fetching it anew costs seconds: what is tried here is the script. */
const PACKAGE = 'hello';

interface Fetching {
  readonly process: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
}

function start(options: readonly string[], env: Readonly<Record<string, string>> = {}): Fetching {
  const child = spawn(script, options, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)]).then(
    ([[code], stdout, stderr]) => ({ code, stdout, stderr }),
  );
  return { process: child, ended };
}

/** Without a mirror, nothing about fetching can be tried. */
async function fetched({ ended }: Fetching, context: TestContext): Promise<string> {
  const { code, stdout, stderr } = await ended;
  context.skip(code === 69, stderr.trim());
  expect(code, stderr).toBe(0);
  return stdout;
}

describe('asterisk-fetch.sh', () => {
  let folder = '';
  let destination = '';

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'onrecord-fetch-'));
    destination = join(folder, 'server');
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  test('serves callers at once from one fetch, and later ones from what is there', async (context) => {
    const both = [start([destination, 'forky', PACKAGE]), start([destination, 'forky', PACKAGE])];
    const lines = await Promise.all(both.map((one) => fetched(one, context)));
    expect(lines[0]).toMatch(/^hello \S+\n$/);
    expect(lines[1]).toBe(lines[0]);
    expect(await readdir(destination)).toEqual(['root', 'version']);
    expect(existsSync(join(destination, 'root', 'usr', 'bin', 'hello'))).toBe(true);
    expect(await readdir(folder)).toEqual(['server', 'server.lock']);
    const again = start([destination, 'forky', PACKAGE], { DEBIAN_MIRROR: 'file:/nonexistent/debian' });
    expect(await again.ended).toEqual({ code: 0, stdout: lines[0], stderr: '' });
  });

  test('killed half way it leaves nothing that looks finished, and the next call makes it whole', async (context) => {
    const killed = start([destination, 'forky', PACKAGE]);
    await expect
      .poll(() => existsSync(`${destination}.part`) || killed.process.exitCode !== null, { timeout: 10_000 })
      .toBe(true);
    killed.process.kill('SIGKILL');
    expect((await killed.ended).code).toBe(null);
    expect(existsSync(destination)).toBe(false);
    await fetched(start([destination, 'forky', PACKAGE]), context);
    expect(existsSync(join(destination, 'root', 'usr', 'bin', 'hello'))).toBe(true);
    expect(await readdir(folder)).toEqual(['server', 'server.lock']);
  });

  test.for([
    ['a mirror that cannot be reached', { DEBIAN_MIRROR: 'file:/nonexistent/debian' }, 'file:/nonexistent/debian'],
    ['a missing keyring', { DEBIAN_KEYRING: '/nonexistent/keyring.gpg' }, 'debian-archive-keyring'],
  ] as const)('has an exit code of its own for %s, and leaves nothing', async ([, env, said]) => {
    const { code, stdout, stderr } = await start([destination, 'forky', PACKAGE], env).ended;
    expect({ code, stdout }).toEqual({ code: 69, stdout: '' });
    expect(stderr).toContain(said);
    expect(existsSync(destination)).toBe(false);
    expect(existsSync(`${destination}.part`)).toBe(false);
  });

  test('takes no index that the keyring does not vouch for', async () => {
    const { code, stderr } = await start([destination, 'forky', PACKAGE], { DEBIAN_KEYRING: '/dev/null' }).ended;
    expect(code).toBe(69);
    expect(stderr).toContain('forky');
    expect(existsSync(destination)).toBe(false);
  });

  test('says which package a suite does not have', async (context) => {
    const { code, stderr } = await start([destination, 'forky', 'onrecord-never']).ended;
    context.skip(!stderr.includes('onrecord-never'), stderr.trim());
    expect(code).toBe(69);
  });

  test.for([[], ['']])('refuses to guess a destination: %j', async (options) => {
    expect((await start(options).ended).code).toBe(64);
  });

  test('refuses a suite that is no name', async () => {
    expect((await start([destination, '../etc']).ended).code).toBe(64);
  });
});
