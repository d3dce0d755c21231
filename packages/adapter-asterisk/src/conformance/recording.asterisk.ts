import { recordingSuite, registerSuite } from '@onrecord/contract-kit';
import { afterAll, describe, test, vi } from 'vitest';
import { describeOnAsterisk } from '../testing/server/lane.ts';
import { asteriskSubject } from './testing/asterisk-subject.ts';

/** Cases mostly wait for real time to pass, the longest for every output in turn. */
vi.setConfig({ testTimeout: 240_000, maxConcurrency: 12 });

describeOnAsterisk('the contract', (server) => {
  registerSuite({ describe, test, afterAll }, recordingSuite, asteriskSubject(server), { concurrent: true });

  /** The other reference to a call: all of it by listening in, the mix as well. It is no subject of its own. */
  registerSuite({ describe, test }, recordingSuite, asteriskSubject(server, 'channel'), { concurrent: true });
});
