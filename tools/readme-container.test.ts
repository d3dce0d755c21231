import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';
import { afterEach, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');
/** Its only configuration, and the program with a decorated class. */
const configuration = blockWith('yaml', 'providers:');
const program = blockWith('ts', '@injectable()');

const environment = {
  PUBLIC_URL: 'https://voice.example.com',
  ACS_CONNECTION_STRING: 'endpoint=https://contoso.communication.azure.com/;accesskey=c2VjcmV0',
  EVENT_GRID_SECRET: 'a secret of sixteen letters',
};

let folder = '';
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the decorated class of README.md is made by the container of its configuration', async () => {
  expect(await run(program)).toEqual({ status: 0, stdout: 'true\n', stderr: '' });
});

test('reflect-metadata is for the class alone: without it nothing else in the container changes', async () => {
  const undecorated = program
    .replace("import 'reflect-metadata';\n", '')
    .replace(
      'container.bind(Compliance).toSelf()',
      'container.bind(Compliance).toResolvedValue((one) => new Compliance(one), [OnRecordToken])',
    )
    .replace('@injectable()\n', '')
    .replace('@inject(OnRecordToken) ', '');
  expect(undecorated).not.toMatch(/@inj|reflect/);
  expect(await run(undecorated)).toEqual({ status: 0, stdout: 'true\n', stderr: '' });
});

/** Runs a program beside the configuration, inside the workspace so that it finds the packages. */
async function run(source: string): Promise<{ status: number | null; stdout: string; stderr: string }> {
  mkdirSync(join(root, 'out'), { recursive: true });
  folder = mkdtempSync(join(root, 'out', 'readme-'));
  const { code } = await transform(source, {
    loader: 'ts',
    format: 'esm',
    tsconfigRaw: { compilerOptions: { experimentalDecorators: true } },
  });
  writeFileSync(join(folder, 'program.mjs'), code);
  writeFileSync(join(folder, 'onrecord.config.yaml'), configuration);
  const options = ['--conditions=@onrecord/source', '--disable-warning=ExperimentalWarning'];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...options, 'program.mjs'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, ...environment },
    timeout: 15_000,
  });
  return { status, stdout, stderr };
}

function blockWith(language: string, text: string): string {
  const blocks = [...readme.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].flatMap(([, kind, body = '']) =>
    kind === language && body.includes(text) ? [body] : [],
  );
  if (blocks.length !== 1) throw new Error(`README.md has ${blocks.length} ${language} blocks with ${text}`);
  return blocks[0]!;
}
