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
const bare = join(folder, 'bare.cjs');
writeFileSync(bare, ready);
const entry = join(folder, 'sma.cjs');
await build({
  stdin: {
    contents: `import { createSmaHandler } from '@onrecord/adapter-chime/sma'; globalThis.make = createSmaHandler; ${ready}`,
    resolveDir: fileURLToPath(new URL('.', import.meta.url)),
  },
  bundle: true,
  minify: true,
  format: 'cjs',
  platform: 'node',
  target: 'node22',
  conditions: ['@onrecord/source'],
  outfile: entry,
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
