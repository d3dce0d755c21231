import { fileURLToPath } from 'node:url';
import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

/** As in vitest.config.ts: tests read sources. */
const conditions = ['@onrecord/source', ...defaultServerConditions.filter((name) => name !== 'module')];

/** Tests of the CDK stack, whose library is too large for the workspace: `npm run test:cdk`. */
export default defineConfig({
  ssr: { resolve: { conditions } },
  test: {
    name: 'cdk',
    include: ['examples/sma-cdk/**/*.cdk.ts'],
    setupFiles: [fileURLToPath(new URL('./tools/vitest/loopback-guard.ts', import.meta.url))],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
