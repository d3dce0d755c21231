import { networkInterfaces } from 'node:os';
import { describe, inject, test } from 'vitest';
import type { AsteriskAccess } from './start-asterisk.ts';
import { type AsteriskSuite, asteriskSuites } from './suite.ts';

/** A server that the lane's global set-up provides. All test files share it: use names and ids of your own. */
export interface LaneServer extends AsteriskAccess {
  readonly suite: AsteriskSuite;
  /** As the server says it; into the conformance record. */
  readonly version: string;
  /** Spool folder of recordings on this machine; absent where the server is a foreign one. */
  readonly recordings?: string;
}

/** What became of each suite: its server, or why there is none. */
export type LaneSuite =
  | { readonly suite: AsteriskSuite; readonly server: LaneServer }
  | { readonly suite: AsteriskSuite; readonly missing: string };

export interface Lane {
  readonly suites: readonly LaneSuite[];
  /** Whether tests may start servers of their own; not so beside a foreign server. */
  readonly foreign: boolean;
}

declare module 'vitest' {
  interface ProvidedContext {
    readonly asterisk: Lane;
  }
}

/** Registers tests once per suite, on the lane's server. A suite without a server shows as skipped, with the reason. */
export function describeOnAsterisk(name: string, body: (server: LaneServer) => void): void {
  for (const found of inject('asterisk').suites) {
    if ('server' in found) describe(`${name} on ${found.suite}`, () => body(found.server));
    else skip(`${name} on ${found.suite}`, found.missing);
  }
}

/** Registers tests once per suite that can be had here; they start, break and close servers of their own. */
export function describeWithOwnAsterisk(name: string, body: (suite: AsteriskSuite) => void): void {
  const { suites, foreign } = inject('asterisk');
  if (foreign) skip(name, 'it ends its server, and ASTERISK_ARI_URL names one that is not its own');
  else {
    for (const found of suites) {
      if ('server' in found) describe(`${name} with its own ${found.suite}`, () => body(found.suite));
      else skip(`${name} with its own ${found.suite}`, found.missing);
    }
  }
}

/**
 * The same for servers that take SIP calls. On 22 that is chan_pjsip, whose resolver opens a UDP socket on every
 * address: it is started only where the only address is 127.0.0.1, which `npm run test:asterisk:sip` sees to.
 */
export function describeWithSip(name: string, body: (suite: AsteriskSuite) => void): void {
  describeWithOwnAsterisk(name, (suite) => {
    if (suite === 'asterisk-16' || isAlone()) body(suite);
    else
      test.skip('skipped: chan_pjsip listens on every address; npm run test:asterisk:sip runs it without a network', () => {});
  });
}

/** Whether this process sees no network but the loopback. */
function isAlone(): boolean {
  return Object.values(networkInterfaces()).every((addresses) => addresses?.every(({ internal }) => internal));
}

function skip(name: string, reason: string): void {
  describe(name, () => {
    test.skip(`skipped: ${reason}`, () => {});
  });
}

/** The suites that `ASTERISK_SUITES` asks for, such as `22` or `22,16`; all when it is not set. @throws on others. */
export function chosenSuites(asked: string | undefined): readonly AsteriskSuite[] {
  if (asked === undefined || asked.trim() === '') return asteriskSuites;
  return asked.split(',').map((part) => {
    const suite = asteriskSuites.find((name) => name === part.trim() || name === `asterisk-${part.trim()}`);
    if (suite === undefined) throw new Error(`ASTERISK_SUITES holds ${part}; known are 22 and 16`);
    return suite;
  });
}
