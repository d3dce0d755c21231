import { recordingSuite, registerSuite } from '@onrecord/contract-kit';
import type { ChimeOptions, SmaOptions } from '@onrecord/simulator';
import { describe, test } from 'vitest';
import { meetingSubject } from './testing/meeting-subject.ts';
import { smaSubject } from './testing/sma-subject.ts';

const variants: Record<string, SmaOptions> = {
  quick: { recordingActionMs: 0, deliveryDelayMs: 0 },
  slow: { recordingActionMs: 2_000, deliveryDelayMs: 60_000 },
  strict: { redundantPause: 'failed', emptyList: 'keeps', replacedList: 'never', failureShape: 'error' },
  ended: { actionOfEndedLeg: 'ACTION_FAILED', applicationIdMember: 'SipApplicationId', statusInNewInboundCall: true },
  ended2: { actionOfEndedLeg: 'ACTION_SUCCESSFUL', callRequestType: 'X' },
};
for (const [name, service] of Object.entries(variants))
  registerSuite({ describe, test }, recordingSuite, smaSubject({ name: `sma ${name}`, service }));
const meetings: Record<string, Pick<ChimeOptions, 'meetings' | 'pipelines' | 'events'>> = {
  gone: { pipelines: { afterStop: 'not-found', inProgressEvents: 2, tokenReplay: 'new-request' } },
  counts: {
    pipelines: { stoppingCounts: true, tokenReplay: 'new-request' },
    meetings: { pipelineAttendeeEvents: false },
  },
  slow: {
    pipelines: { initializingMs: 15_000, stoppingMs: 10_000, concatenationMs: 60_000 },
    events: { deliveryDelayMs: 5_000 },
  },
  quick: { pipelines: { initializingMs: 0, stoppingMs: 0, concatenationMs: 0 } },
};
for (const [name, service] of Object.entries(meetings))
  registerSuite({ describe, test }, recordingSuite, meetingSubject(`meeting ${name}`, service));
