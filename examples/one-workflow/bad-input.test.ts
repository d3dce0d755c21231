import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { azureServerCall } from '@onrecord/adapter-azure';
import { createContainer, OnRecordToken } from '@onrecord/core/inversify';
import { VirtualClock } from '@onrecord/simulator';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const example = new URL('./', import.meta.url);
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onrecord-bad-input-'));
});
afterEach(() => rm(folder, { recursive: true }));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program of the example to its end. */
async function program(
  file: string,
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<Ended> {
  const child = spawn(
    process.execPath,
    [
      '--conditions=@onrecord/source',
      '--disable-warning=ExperimentalWarning',
      fileURLToPath(new URL(file, example)),
      ...args,
    ],
    { env: { PATH: process.env['PATH'], ...environment }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code, stdout, stderr };
}

const demo = (...args: readonly string[]) => program('demo.ts', args);

/** The web process with a configuration of its own. */
async function web(config: string, environment: Record<string, string> = {}): Promise<Ended> {
  const file = join(folder, 'config.yaml');
  await writeFile(file, config);
  return program('app/web.ts', [], { CONFIG: file, DEMO_DIR: folder, ...environment });
}

const configOf = (provider: string) => readFile(new URL(`configs/${provider}.yaml`, example), 'utf8');

describe('the demo', () => {
  test('an unknown provider is refused, with the names of those there are', async () => {
    expect(await demo('--json', '--provider', 'twilio')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'invalid-request: There is no provider "twilio". There are chime-sma, chime-meeting, azure, asterisk.\n',
    });
  });

  test('an unknown option is refused, with those there are', async () => {
    const { code, stderr } = await demo('--provder', 'azure');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^invalid-request: Unknown option '--provder'[\s\S]*--provider NAME/);
  });

  test('a voice is looked for where npm was called, and what is wrong with it is said', async () => {
    const { code, stderr } = await program('demo.ts', ['--caller', 'me.wav'], { INIT_CWD: folder });
    expect(code).toBe(1);
    expect(stderr).toContain(`not-found: The voice ${join(folder, 'me.wav')} cannot be read (ENOENT: `);
  });

  test('a voice that is no WAV file is named, before anything is recorded', async () => {
    const voice = join(folder, 'voice.wav');
    await writeFile(voice, '<html>not found</html>');
    const { code, stdout, stderr } = await demo('--json', '--caller', voice);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`integrity-failed: ${voice}: This is not a readable WAV file`);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  test('a voice that is not there is named', async () => {
    const voice = join(folder, 'nobody.wav');
    const { code, stderr } = await demo('--callee', voice);
    expect(code).toBe(1);
    expect(stderr).toContain(`not-found: The voice ${voice} cannot be read (ENOENT: `);
  });
});

describe('a store that has no room left', () => {
  /** Plays the conversation with files of at most `blocks` × 512 bytes. */
  async function play(blocks: number): Promise<Ended> {
    const script = `
      import { run } from ${JSON.stringify(new URL('app/run.ts', example).href)};
      import { runProvider } from ${JSON.stringify(new URL('cloud/run-provider.ts', example).href)};
      import { readScript } from ${JSON.stringify(new URL('speech/script.ts', example).href)};
      const options = { folder: ${JSON.stringify(folder)}, progress: (text) => console.log(text) };
      await run(async () => runProvider('azure', { ...options, turns: await readScript(), signal: AbortSignal.timeout(15_000) }));
    `;
    const node = [
      process.execPath,
      '--conditions=@onrecord/source',
      '--disable-warning=ExperimentalWarning',
      '--input-type=module',
    ];
    // Without the signal a file over the limit is an error of the write, as on a full disk.
    const shell = 'trap "" XFSZ; ulimit -f "$0"; exec "$@"';
    const child = spawn('sh', ['-c', shell, String(blocks), ...node, '-e', script], {
      env: { PATH: process.env['PATH'] },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    return { code, stdout, stderr };
  }

  test('while a call is recorded ends the demo at once, with the reason', async () => {
    const { code, stdout, stderr } = await play(300);
    expect(stdout).toContain('ringing');
    expect(stderr).toMatch(/^storage-failed: web: .*sessions\.db/);
    expect(code).toBe(1);
  });

  test('at the start ends it at once as well', async () => {
    const { code, stderr } = await play(16);
    expect(stderr).toMatch(/^unavailable: The web process ended \(1\): storage-failed: .*sessions\.db/);
    expect(code).toBe(1);
  });
});

describe('the application', () => {
  test('everything wrong with a configuration is one error, each problem with its path', async () => {
    const { code, stderr } = await web(
      [
        'providers:',
        '  main: { type: azure, conectionString: "endpoint=https://x.example;accesskey=c2VjcmV0" }',
        '  other: { type: chime-meeting, region: us-east-1, bucket: "Not A Bucket" }',
        '  third: { type: twilio }',
        'store: { type: sqlite }',
        'archiv: { type: filesystem }',
      ].join('\n'),
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(/^invalid-request: /);
    for (const path of [
      'providers.main.conectionString',
      'providers.other.bucket',
      'providers.third.type',
      'store.path',
    ]) {
      expect(stderr).toContain(path);
    }
    expect(stderr).toContain('did you mean connectionString?');
    expect(stderr).toContain('archiv');
    expect(stderr).not.toContain('c2VjcmV0');
  });

  test('missing credentials are named, all of them', async () => {
    const { code, stderr } = await web(await configOf('azure'));
    expect(code).toBe(1);
    for (const name of [
      'ACS_CONNECTION_STRING',
      'ACS_RESOURCE_ID',
      'ACS_JWKS_URL',
      'ACS_CA',
      'CALLBACK_SECRET',
      'EVENT_GRID_SECRET',
    ]) {
      expect(stderr).toContain(`the environment variable ${name} is not set`);
    }
  });

  test('a requirement that the provider does not meet ends the process at its start', async () => {
    const config = (await configOf('chime-meeting')).replace(/^ *emulate:.*\n/m, '');
    const { code, stderr } = await web(config, { EVENT_KEY: 'a key that is long enough' });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^unsupported: .*pause/s);
  });

  test('an archive whose folder cannot be made ends the process at its start', async () => {
    const archive = join(folder, 'archive');
    await writeFile(archive, 'in the way');
    const config = (await configOf('chime-sma')).replace(
      /^archive: .*$/m,
      `archive: { type: filesystem, path: ${archive} }`,
    );
    const { code, stdout, stderr } = await web(config, {
      SIP_MEDIA_APPLICATION_ID: 'feb37a7e-0000-4000-8000-000000000000',
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(
      `invalid-request: The folder ${archive} cannot hold recordings: a file is in its place. Move it away, or choose another folder.\n`,
    );
  });

  test('a port that is taken is named, with what to do', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { readonly port: number };
    try {
      const { code, stderr } = await web(await configOf('chime-sma'), { PORT: String(port) });
      expect(code).toBe(1);
      expect(stderr).toMatch(new RegExp(`^conflict: Nothing can listen on port ${port} .*set PORT to another one`));
    } finally {
      server.close();
    }
  });

  test('a process without its environment says so', async () => {
    expect(await program('app/worker.ts', [])).toMatchObject({
      code: 1,
      stderr: 'invalid-request: The environment variable CONFIG is not set.\n',
    });
  });

  test('an endpoint that nobody answers at is an error that says so, once the command is past its time', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { readonly port: number };
    server.close();
    await once(server, 'close');
    using clock = new VirtualClock();
    const container = await createContainer(
      {
        providers: {
          main: {
            type: 'azure',
            connectionString: `endpoint=http://127.0.0.1:${port};accesskey=${Buffer.from('a key').toString('base64')}`,
            allowInsecureLoopback: true,
          },
        },
      },
      { clock },
    );
    const { recorder, store } = await container.getAsync(OnRecordToken);
    const call = azureServerCall('aHR0cHM6Ly9jb252L2E');
    const refused = await clock.until(
      recorder.start({ call, consent: { basis: 'application', noticeId: 'n' } }).catch((error: unknown) => error),
      300_000,
    );
    expect(refused).toMatchObject({ code: 'timeout' });
    expect(String(refused)).toContain('cannot be reached (ECONNREFUSED). Check the endpoint');
    const [id = ''] = await store.list();
    expect((await store.load(id))?.snapshot.commands).toMatchObject([{ kind: 'start', state: 'refused' }]);
    await clock.until(container.unbindAllAsync());
  });
});
