import type { TestProject } from 'vitest/node';
import { SuiteUnavailable } from './fetch-packages.ts';
import { foreignServer } from './foreign-server.ts';
import { chosenSuites, type Lane, type LaneSuite } from './lane.ts';
import { type AsteriskServer, startAsterisk } from './start-asterisk.ts';
import { type AsteriskSuite, asteriskSuites } from './suite.ts';

/** In CI this one must be there; the older one may leave Debian's mirrors any day. */
const REQUIRED: AsteriskSuite = 'asterisk-22';

/** Starts one server per suite, or takes the one of `ASTERISK_ARI_URL`, and provides them to the tests. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const own: AsteriskServer[] = [];
  const foreign = process.env['ASTERISK_ARI_URL'];
  const suites = foreign ? await takeForeign(foreign) : await startOwn(own);
  for (const found of suites) {
    console.log(
      'server' in found ? `${found.suite}: ${found.server.version}` : `${found.suite}: none: ${found.missing}`,
    );
  }
  const lane: Lane = { suites, foreign: Boolean(foreign) };
  project.provide('asterisk', lane);
  return async () => {
    await Promise.all(own.map((server) => server.close()));
  };
}

async function takeForeign(url: string): Promise<readonly LaneSuite[]> {
  const server = await foreignServer(url);
  return asteriskSuites.map((suite) =>
    suite === server.suite ? { suite, server } : { suite, missing: `ASTERISK_ARI_URL is an ${server.suite}` },
  );
}

async function startOwn(own: AsteriskServer[]): Promise<readonly LaneSuite[]> {
  const chosen = chosenSuites(process.env['ASTERISK_SUITES']);
  const suites: LaneSuite[] = [];
  for (const suite of asteriskSuites) {
    if (!chosen.includes(suite)) {
      suites.push({ suite, missing: 'not among ASTERISK_SUITES' });
      continue;
    }
    try {
      const server = await startAsterisk({ suite });
      own.push(server);
      const { url, username, password, version, recordings } = server;
      suites.push({ suite, server: { suite, url, username, password, version, recordings } });
    } catch (error) {
      if (!(error instanceof SuiteUnavailable)) throw error;
      if (suite === REQUIRED && process.env['CI']) throw error;
      suites.push({ suite, missing: error.message });
    }
  }
  return suites;
}
