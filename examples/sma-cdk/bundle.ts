import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * Bundles the function as ES modules with code splitting: the entry is ready without the SDK, which comes with the store.
 *
 * @param folder for `handler.mjs` and its chunks.
 * @param conditions of packages' exports; none for installed packages.
 */
export async function bundleFunction(folder: string, conditions: readonly string[] = []): Promise<void> {
  await build({
    entryPoints: [fileURLToPath(new URL('function/handler.ts', import.meta.url))],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    conditions: [...conditions],
    logLevel: 'warning',
  });
}
