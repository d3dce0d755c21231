import { spawnSync } from 'node:child_process';
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/*
 * The packages as a user gets them: packed, unpacked into an empty project outside the workspace, and given nothing but
 * the dependencies that each of them declares, as a strict package manager would. No registry is asked.
 */

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = readdirSync(join(root, 'packages'))
  .map((name) => join(root, 'packages', name))
  .filter((folder) => existsSync(join(folder, 'package.json')));
const home = realpathSync(mkdtempSync(join(tmpdir(), 'onrecord-packed-')));
/** The packages lie beside the project, so that they find what they declare and nothing else. */
const installed = join(home, 'installed');
const project = join(home, 'project');
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe('the packed packages', () => {
  const packages = sources.map(manifestOf).filter((manifest) => manifest.private !== true);

  beforeAll(() => {
    run('npx', ['--no-install', 'tsc', '-b'], root);
    const tarballs = join(home, 'tarballs');
    mkdirSync(tarballs);
    run('npm', ['pack', '--silent', ...sources.flatMap((one) => ['-w', one]), '--pack-destination', tarballs], root);
    for (const { name, version } of packages) {
      const tarball = join(tarballs, `${name.slice(1).replace('/', '-')}-${version}.tgz`);
      mkdirSync(join(installed, name), { recursive: true });
      run('tar', ['-xzf', tarball, '-C', join(installed, name), '--strip-components=1'], home);
    }
    for (const { name, dependencies = {} } of packages) link(join(installed, name), Object.keys(dependencies));
    link(
      project,
      packages.map(({ name }) => name),
    );
    writeFileSync(join(project, 'package.json'), JSON.stringify({ type: 'module', private: true }));
  }, 60_000);

  test('hold sources beside what was built from them, and no tests', () => {
    const files = globSync('@onrecord/*/{dist,src}/**/*.{ts,js}', { cwd: installed });
    expect(files.length).toBeGreaterThan(500);
    expect(files.filter((path) => path.includes('/src/') && /\.test(-d)?\.|\/testing\//.test(path))).toEqual([]);
  });

  test('can be imported at every entry, with the dependencies that they declare', () => {
    const entries = packages.flatMap(({ name, exports }) =>
      Object.keys(exports)
        .filter((entry) => !/[*]|\.json$/.test(entry))
        .map((entry) => name + entry.slice(1)),
    );
    expect(entries.length).toBeGreaterThan(packages.length);
    const program = `for (const entry of ${JSON.stringify(entries)}) {
      const members = Object.keys(await import(entry));
      if (members.length === 0) throw new Error(entry + ' exports nothing');
    }`;
    expect(node('entries.mjs', program)).toMatchObject({ stderr: '', status: 0 });
  });

  test('record a call', () => {
    expect(node('program.ts', recordACall)).toMatchObject({ stderr: '', stdout: 'completed present\n', status: 0 });
    const [file] = globSync('recordings/**/*.wav', { cwd: project });
    expect(
      readFileSync(join(project, file ?? ''))
        .subarray(0, 4)
        .toString(),
    ).toBe('RIFF');
  });

  test('are found from the folder of a configuration that names them', () => {
    const connectionString = 'endpoint=https://example.communication.azure.com/;accesskey=c2VjcmV0LWtleQ==';
    const archive = { type: 'filesystem', path: 'recordings' };
    const config = { providers: { main: { type: 'azure', connectionString } }, archive };
    writeFileSync(join(project, 'onrecord.config.json'), JSON.stringify(config));
    const program = `
      import { createContainer, OnRecordToken } from '@onrecord/core/inversify';
      const container = await createContainer('onrecord.config.json');
      const { recorder } = await container.getAsync(OnRecordToken);
      console.log(recorder.report().driver);
      await container.unbindAllAsync();`;
    expect(node('container.mjs', program)).toMatchObject({ stderr: '', stdout: 'azure\n', status: 0 });
  });

  test('bring the command, which checks the configuration of the project', () => {
    const bin = join(installed, '@onrecord/cli/bin/onrecord.js');
    // A port that nobody listens on: what the command finds there is no matter here.
    const provider = { type: 'asterisk', url: 'http://127.0.0.1:9/ari', username: 'onrecord', password: 'secret' };
    writeFileSync(join(project, 'doctor.config.json'), JSON.stringify({ providers: { main: provider } }));
    const program = `process.argv.splice(2, 0, 'doctor', '--json', '--config', 'doctor.config.json');
      await import(${JSON.stringify(bin)});`;
    const { stdout, stderr } = node('doctor.mjs', program);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout).checks).toContainEqual(expect.objectContaining({ id: 'configuration', status: 'ok' }));
  });

  test('have types that a strict project compiles', () => {
    const compilerOptions = {
      ...{ target: 'es2023', lib: ['es2024', 'dom.asynciterable'], module: 'nodenext', strict: true, noEmit: true },
      ...{ types: ['node'], typeRoots: [join(root, 'node_modules', '@types')], exactOptionalPropertyTypes: true },
    };
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.ts'] }));
    writeFileSync(join(project, 'program.ts'), recordACall);
    const { stdout } = run('npx', ['--no-install', 'tsc', '-p', project, '--pretty', 'false'], root);
    expect(stdout).toBe('');
  });

  function node(name: string, program: string) {
    writeFileSync(join(project, name), program);
    const options = {
      cwd: project,
      encoding: 'utf8',
      timeout: 30_000,
      env: { ...process.env, NODE_OPTIONS: '' },
    } as const;
    return spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', name], options);
  }
});

const recordACall = `
import { createServer } from 'node:http';
import { azure, azureServerCall } from '@onrecord/adapter-azure';
import { createRecorder, toNodeHandler } from '@onrecord/core';
import { startAzure, tone, VirtualCall, VirtualClock } from '@onrecord/simulator';
import { filesystem } from '@onrecord/storage';

const clock = new VirtualClock();
const cloud = await startAzure({ clock, allowHttpCallbacks: true });
const call = new VirtualCall(clock);
call.join({ name: 'caller', address: '+15550100', source: tone(440) });
const { serverCallId } = cloud.placeCall({ call, callbackUri: 'https://127.0.0.1:9/callbacks' });
await clock.advance(1_000);

const secret = 'a secret of sixteen letters';
const server = createServer((request, response) => handler(request, response)).listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));
const address = server.address();
const publicUrl = \`http://127.0.0.1:\${typeof address === 'object' ? address?.port : ''}\`;

const { connectionString } = cloud;
const driver = azure({ connectionString, eventGrid: { secret }, client: { agent: cloud.agent() } });
const recorder = createRecorder(driver, { clock, archive: filesystem('recordings'), ingest: { publicUrl } });
const handler = toNodeHandler((request) => recorder.ingest(request));
await cloud.subscribe({ url: \`\${publicUrl}/grid?secret=\${encodeURIComponent(secret)}\` });

const consent = { basis: 'application', noticeId: 'greeting' } as const;
const session = await clock.until(recorder.start({ call: azureServerCall(serverCallId), consent }));
await clock.until(session.pause());
await clock.until(session.resume());
await clock.until(session.stop());
const { state, verdict } = await clock.until(session.settled());
console.log(state, verdict);

await recorder.close();
await cloud.close();
server.close();
`;

/** Gives a folder those packages: OnRecord's as packed, others from the workspace. */
function link(folder: string, dependencies: readonly string[]): void {
  for (const dependency of dependencies) {
    const target = dependency.startsWith('@onrecord/') ? join(installed, dependency) : folderOf(dependency);
    const path = join(folder, 'node_modules', dependency);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(target, path, 'junction');
  }
}

function folderOf(dependency: string): string {
  const places = [root, ...sources].map((place) => join(place, 'node_modules', dependency));
  const found = places.find((place) => existsSync(join(place, 'package.json')));
  if (found === undefined) throw new Error(`${dependency} is not installed`);
  return found;
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

function run(command: string, parameters: readonly string[], cwd: string) {
  const result = spawnSync(command, parameters, { cwd, encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`${command} ${parameters[0]}: ${result.stdout}${result.stderr}`);
  return result;
}
