import { recordingSuite, registerSuite } from '@onrecord/contract-kit';
import { afterAll, beforeAll } from 'vitest';
import { type OwnAccount, openOwnAccount } from '../testing/own-account.ts';
import { azureSubject } from './testing/azure-subject.ts';
import { runner } from './testing/runner.ts';

let account: OwnAccount;
beforeAll(async () => {
  account = await openOwnAccount();
});
afterAll(() => account[Symbol.asyncDispose]());

/**
 * By tokens of Entra, and all that the documentation leaves open the other way round: nothing may depend on what the
 * simulator chose.
 */
registerSuite(
  runner,
  recordingSuite,
  azureSubject('azure-entra', {
    credential: 'entra',
    behaviour: {
      startStatus: 202,
      settleMs: 8_000,
      fileDelayMs: 110_000,
      duplicateStart: '8553',
      overlappingCommands: 'conflict',
      redundantCommands: 'refuse',
      endedWithCall: '8528',
      repeatabilityMismatch: 400,
      pauseEvent: false,
      unmixedChannels: 'five',
      durations: 'wall',
      stoppedEndReason: 'RecordingStopped',
      fileEvents: 'per-file',
      subject: 'recording',
      eventShape: '2022',
      serverCallIdInCallConnected: false,
      connectBurst: 'one-array',
    },
  }),
);

/** Calls of Teams Phone extensibility, by tokens, into a container of one's own. */
registerSuite(
  runner,
  recordingSuite,
  azureSubject('azure-teams-phone', { profile: 'teams-phone', credential: 'entra', account: () => account }),
);
