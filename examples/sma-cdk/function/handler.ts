import { createSmaHandler, type SmaHandler } from '@onrecord/adapter-chime/sma';
import { variable } from './environment.ts';
import { flow } from './flow.ts';

/** What the SIP media application invokes. The store is a module of its own: answers do not wait for the SDK in it. */
export const handler: SmaHandler = createSmaHandler({
  store: async () => (await import('./store.ts')).sessions,
  flow,
  landing: { bucket: variable('RECORDINGS_BUCKET'), prefix: variable('RECORDINGS_PREFIX') },
  deployment: 'production',
});

// Everything is loaded while the function is initialized.
await handler.ready;
