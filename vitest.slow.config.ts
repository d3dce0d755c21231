import { fileURLToPath } from 'node:url';
import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';
import { slow } from './tools/vitest/slow.ts';

/** As in vitest.config.ts: tests read sources. */
const conditions = ['@onrecord/source', ...defaultServerConditions.filter((name) => name !== 'module')];

/** What would make `npm test` take too long: `npm run test:slow`. */
export default defineConfig({
  ssr: { resolve: { conditions } },
  test: {
    name: 'slow',
    include: [...slow],
    setupFiles: [fileURLToPath(new URL('./tools/vitest/loopback-guard.ts', import.meta.url))],
    testTimeout: 60_000,
    maxWorkers: '100%',
  },
});
