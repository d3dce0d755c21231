/** The Lambda entry, bundled as it would be deployed, against a process that loads nothing. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { measure, paired, print } from './paired.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, 'out', 'bench');
mkdirSync(folder, { recursive: true });

const ready = 'process.stdout.write(String(performance.now()));\n';
const bare = join(folder, 'bare.mjs');
writeFileSync(bare, ready);
const entry = join(folder, 'sma', 'stdin.js');
writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
await build({
  stdin: {
    contents: `import { createSmaHandler } from '@onrecord/adapter-chime/sma'; globalThis.make = createSmaHandler; ${ready}`,
    resolveDir: fileURLToPath(new URL('.', import.meta.url)),
  },
  bundle: true,
  minify: true,
  format: 'esm',
  // The engine that keeps records is a file of its own, loaded after the handler is ready.
  splitting: true,
  platform: 'node',
  target: 'node22',
  conditions: ['@onrecord/source'],
  outdir: join(folder, 'sma'),
});

print(
  'Lambda entry ready / bare node',
  'ms',
  1.2,
  paired(
    15,
    () => measure([process.execPath, entry]),
    () => measure([process.execPath, bare]),
  ),
);
