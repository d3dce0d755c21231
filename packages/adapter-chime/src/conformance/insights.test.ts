import { mutants, recordingSuite, registerMutants, registerSuite } from '@onrecord/contract-kit';
import { afterAll, describe, test } from 'vitest';
import { insightsSubject } from './testing/insights-subject.ts';

registerSuite({ describe, test, afterAll }, recordingSuite, insightsSubject());

/**
 * Two ways of breaking a driver break nothing here: a lost start is looked for by its correlation, whatever its token; and
 * what is said before a pipeline runs is recorded all the same, since the streams keep it.
 */
const harmless = ['sends another token with each attempt', 'confirms a start that was only accepted'];
registerMutants(
  { describe, test },
  insightsSubject(),
  mutants.filter(({ name }) => !harmless.includes(name)),
);

/** What the documentation leaves open, the other way round: nothing may depend on what the simulator chose. */
registerSuite(
  { describe, test },
  recordingSuite,
  insightsSubject('chime-insights, otherwise', {
    insights: {
      initializingMs: 10_000,
      stoppingMs: 5_000,
      recordingMs: 20_000,
      destinationNames: 'folder',
      apiElementStatuses: false,
    },
    pipelines: { afterStop: 'not-found', tokenReplay: 'new-request' },
    events: { deliveryDelayMs: 5_000 },
  }),
);

/** The recording begins after the call, and its sink has not started while it lasts. */
registerSuite(
  { describe, test },
  recordingSuite,
  insightsSubject('chime-insights, transcribing', {
    elements: [
      { Type: 'AmazonTranscribeProcessor', AmazonTranscribeProcessorConfiguration: { LanguageCode: 'en-US' } },
    ],
    insights: { recordingMs: 30_000 },
  }),
);

registerSuite(
  { describe, test },
  recordingSuite,
  insightsSubject('chime-insights, pausing by segments', { pauses: true }),
);
