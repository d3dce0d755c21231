import { recordingSuite, registerMutants, registerSuite } from '@onrecord/contract-kit';
import { afterAll, describe, test } from 'vitest';
import { azureSubject } from './testing/azure-subject.ts';

registerSuite({ describe, test, afterAll }, recordingSuite, azureSubject());
registerMutants({ describe, test }, azureSubject());

/** All that the documentation leaves open, the other way round: nothing may depend on what the simulator chose. */
registerSuite(
  { describe, test },
  recordingSuite,
  azureSubject('azure, otherwise', {
    startStatus: 202,
    settleMs: 8_000,
    fileDelayMs: 180_000,
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
  }),
);
