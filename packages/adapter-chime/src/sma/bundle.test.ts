import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';

/** The function as a user bundles it, with the code that is loaded later in a file of its own. */
async function bundle(contents = "export { createSmaHandler } from './index.ts';") {
  const result = await build({
    stdin: {
      contents,
      resolveDir: fileURLToPath(new URL('.', import.meta.url)),
    },
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    conditions: ['@onrecord/source'],
    metafile: true,
    write: false,
    outdir: 'out',
  });
  return result.metafile;
}

/** The files that are loaded before the function is ready. */
function readyWith({ outputs }: Metafile): readonly string[] {
  const entry = Object.keys(outputs).find((name) => outputs[name]?.entryPoint === '<stdin>');
  const files = new Set<string>(entry === undefined ? [] : [entry]);
  for (const name of files) {
    for (const { path, kind } of outputs[name]?.imports ?? []) {
      if (kind === 'import-statement' && path in outputs) files.add(path);
    }
  }
  return [...files];
}

/** Modules that are not in the bundle, by the files that import them. */
function importedFrom({ outputs }: Metafile, files: readonly string[]): readonly string[] {
  const imports = files.flatMap((name) => outputs[name]?.imports ?? []);
  return [...new Set(imports.flatMap(({ path, external }) => (external ? [path] : [])))].sort();
}

describe('the entry for Lambda functions', () => {
  let graph: Metafile;
  beforeAll(async () => {
    graph = await bundle();
  });

  test('is ready to answer with at most 30 KiB', () => {
    const bytes = readyWith(graph).reduce((sum, name) => sum + graph.outputs[name]!.bytes, 0);
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThanOrEqual(30 * 1024);
  });

  test('loads no module of Node until then', () => {
    expect(importedFrom(graph, readyWith(graph))).toEqual([]);
  });

  test('is ready without a store that it loads', async () => {
    const lazy = await bundle(`
      import { createSmaHandler } from './index.ts';
      const store = async () => (await import('../testing/unreliable-store.ts')).unreliableStore();
      export const handler = createSmaHandler({ store, flow: { requirement: {} }, landing: { bucket: 'recordings' } });
    `);
    const inputs = readyWith(lazy).flatMap((name) => Object.keys(lazy.outputs[name]!.inputs));
    expect(inputs.filter((path) => path.includes('store'))).toEqual([expect.stringMatching(/lazy-store\.ts$/)]);
    expect(readyWith(lazy).reduce((sum, name) => sum + lazy.outputs[name]!.bytes, 0)).toBeLessThanOrEqual(30 * 1024);
  });

  test('has no SDK, container, schema library, fetch or HTTP anywhere in its graph', () => {
    const modules = importedFrom(graph, Object.keys(graph.outputs));
    expect(modules).toEqual(['node:async_hooks', 'node:crypto', 'node:zlib']);
    expect(Object.keys(graph.inputs).filter((path) => path.includes('node_modules'))).toEqual([]);
  });
});
