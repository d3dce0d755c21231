/**
 * Type-checks every `ts` code block of the documentation against the sources: `npm run check:docs`.
 * A block stands alone; one marked `ts continued` goes on from the block before it.
 */
import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Inside the workspace, so that package names resolve. */
const folder = join(root, 'out', 'check-docs');

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const pages = globSync(['README.md', 'docs/**/*.md', 'packages/*/README.md', 'examples/*/README.md'], {
  cwd: root,
}).sort();
const origin = new Map<string, string>();
let blocks = 0;

for (const page of pages) {
  const text = readFileSync(join(root, page), 'utf8');
  let module = '';
  let name = '';
  for (const match of text.matchAll(/^```ts([^\n]*)\n([\s\S]*?)^```/gm)) {
    const line = text.slice(0, match.index).split('\n').length + 1;
    blocks += 1;
    const continued = match[1]?.trim() === 'continued';
    if (!continued) {
      module = '';
      name = `${page.replaceAll(/[^a-z0-9]+/gi, '-')}-${line}.ts`;
    }
    module += `${match[2] ?? ''}\n`;
    origin.set(name, `${page}:${line}`);
    writeFileSync(join(folder, name), `${module}\nexport {};\n`);
  }
}

writeFileSync(
  join(folder, 'tsconfig.json'),
  JSON.stringify({
    extends: '../../tsconfig.types.json',
    // One block shows a decorated class.
    compilerOptions: { rootDir: '../..', experimentalDecorators: true },
    include: ['*.ts'],
  }),
);
const result = spawnSync('npx', ['--no-install', 'tsc', '-p', join(folder, 'tsconfig.json'), '--pretty', 'false'], {
  cwd: root,
  encoding: 'utf8',
});
for (const line of `${result.stdout}${result.stderr}`.split('\n')) {
  if (line.trim() === '' || line.startsWith('npm warn')) continue;
  const file = /check-docs[/\\]([^(]+)\(/.exec(line)?.[1];
  console.error(file === undefined ? line : `${origin.get(file) ?? file}: ${line}`);
}
console.log(
  `check:docs: ${blocks} blocks in ${pages.length} pages, ${result.status === 0 ? 'all compile' : 'some do not compile'}`,
);
process.exitCode = result.status === 0 ? 0 : 1;
