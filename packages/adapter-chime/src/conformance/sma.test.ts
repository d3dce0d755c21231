import { ContractViolation, recordingSuite, registerMutants, registerSuite, runCase } from '@onrecord/contract-kit';
import { afterAll, describe, expect, test } from 'vitest';
import { unreliableStore } from '../testing/unreliable-store.ts';
import { smaSubject } from './testing/sma-subject.ts';

registerSuite({ describe, test, afterAll }, recordingSuite, smaSubject());
registerMutants({ describe, test }, smaSubject());

/** What the documentation leaves open, the other way round: nothing may depend on what the simulator chose. */
registerSuite(
  { describe, test },
  recordingSuite,
  smaSubject({
    name: 'chime-sma, otherwise',
    service: {
      recordingActionMs: 2_000,
      deliveryDelayMs: 60_000,
      redundantPause: 'failed',
      emptyList: 'keeps',
      replacedList: 'never',
      actionOfEndedLeg: 'ACTION_FAILED',
      failureShape: 'error',
      applicationIdMember: 'SipApplicationId',
      statusInNewInboundCall: true,
      newCallEvent: 'NEW_INCOMING_CALL',
      invalidAnswerIn: 'action-data',
      hangupOfLegB: 'as-printed',
      receiveDigits: 'once',
      redundantStop: 'successful',
      stopReportedAfterHangup: true,
      firstOfHangup: 'action',
      pauseLimits: { shortestMs: 100, longestMs: 30_000 },
      recordingKeyTime: 'recording',
    },
  }),
);

test('a function that forgets what it answered is caught by REC-EVENT-001', async () => {
  const repeated = recordingSuite.cases.find(({ id }) => id === 'REC-EVENT-001')!;
  const forgetful = smaSubject({
    wrapStore: (store) => ({
      ...unreliableStore(store),
      remember: async (_name, value) => value,
      recall: async () => undefined,
    }),
  });
  const error: unknown = await runCase(repeated, forgetful).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ContractViolation);
  expect(String(error)).toContain('a repeated message got another answer');
});
