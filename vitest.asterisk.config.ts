import { fileURLToPath } from 'node:url';
import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

/** As in vitest.config.ts: tests read sources. */
const conditions = ['@onrecord/source', ...defaultServerConditions.filter((name) => name !== 'module')];

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** A server on another machine, asked for by name, is the one thing beyond this machine that a test may reach. */
const { ASTERISK_ARI_URL = '' } = process.env;
const foreign = URL.parse(ASTERISK_ARI_URL)?.hostname ?? '127.0.0.1';

/** Tests against a real Asterisk: `npm run test:asterisk`. ASTERISK_SUITES=22 takes one, ASTERISK_ARI_URL any other server. */
export default defineConfig({
  ssr: { resolve: { conditions } },
  test: {
    name: 'asterisk',
    include: ['packages/adapter-asterisk/src/**/*.asterisk.ts', 'examples/**/*.asterisk.ts'],
    setupFiles: foreign === '127.0.0.1' ? [file('./tools/vitest/loopback-guard.ts')] : [],
    globalSetup: [file('./packages/adapter-asterisk/src/testing/server/global-setup.ts')],
    // Media runs in real time: no more at once than two cores carry.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A gate shares its machine with others, and a server that gets no time loses audio; the report names what was repeated.
    retry: process.env['CI'] === 'true' ? 1 : 0,
  },
});
