import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defaultServerConditions } from 'vite';
import { configDefaults, defineConfig } from 'vitest/config';
import { slow } from './tools/vitest/slow.ts';

/** Tests read the sources of every workspace package, so no build has to come first; `module` would make Node load bundler-only files. */
const conditions = ['@onrecord/source', ...defaultServerConditions.filter((name) => name !== 'module')];

const packages = readdirSync(new URL('./packages', import.meta.url)).sort();

/** Slow test files below a folder, as that folder names them. */
function slowBelow(folder: string): readonly string[] {
  return slow.filter((file) => file.startsWith(folder)).map((file) => file.slice(folder.length));
}

export default defineConfig({
  ssr: { resolve: { conditions } },
  test: {
    setupFiles: [fileURLToPath(new URL('./tools/vitest/loopback-guard.ts', import.meta.url))],
    testTimeout: 20_000,
    // Vitest leaves one core free, which on a machine with two is half of it.
    maxWorkers: '100%',
    projects: [
      ...packages.map((name) => ({
        extends: true as const,
        test: {
          name,
          root: `packages/${name}`,
          include: ['src/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...slowBelow(`packages/${name}/`)],
          // Files share workers: loading vendors' SDKs for each of four hundred would take as long as the tests. They hold
          // nothing outside their tests that another file could see.
          isolate: false,
        },
      })),
      {
        extends: true as const,
        test: {
          name: 'workspace',
          root: '.',
          include: ['tools/**/*.test.ts', 'examples/**/*.test.ts', 'benchmarks/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...slow],
        },
      },
    ],
  },
});
