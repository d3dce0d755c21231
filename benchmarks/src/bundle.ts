import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const folder = fileURLToPath(new URL('../../out/bench', import.meta.url));

/** A program as it would be deployed in a Lambda, in one file. */
export interface Bundle {
  readonly path: string;
  readonly bytes: number;
}

/** Bundles the program with everything that it imports, the SDK included. */
export async function bundleOf(name: string, contents: string): Promise<Bundle> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  const path = join(folder, `${name}.js`);
  const { metafile } = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    conditions: ['@onrecord/source'],
    // The SDK has modules that require others.
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
    },
    metafile: true,
    outfile: path,
  });
  return { path, bytes: Object.values(metafile.outputs).reduce((sum, { bytes }) => sum + bytes, 0) };
}

const kib = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KiB`;

export function printBytes(name: string, { bytes }: Bundle): void {
  console.log(`${name}: ${kib(bytes)}`);
}
