import { recordingSuite, registerMutants, registerSuite } from '@onrecord/contract-kit';
import { afterAll, describe, test } from 'vitest';
import { meetingSubject } from './testing/meeting-subject.ts';

registerSuite({ describe, test, afterAll }, recordingSuite, meetingSubject());
registerMutants({ describe, test }, meetingSubject());

/** What the documentation leaves open, the other way round: nothing may depend on what the simulator chose. */
registerSuite(
  { describe, test },
  recordingSuite,
  meetingSubject('chime-meeting, otherwise', {
    pipelines: {
      initializingMs: 15_000,
      stoppingMs: 10_000,
      concatenationMs: 60_000,
      inProgressEvents: 2,
      afterStop: 'not-found',
      tokenReplay: 'new-request',
      stoppingCounts: true,
    },
    meetings: { pipelineAttendeeCounts: false, pipelineAttendeeEvents: false, endedAgainMs: 'never' },
    events: { deliveryDelayMs: 5_000 },
  }),
);
