/** The worker process of the application: polls, fetches finished media into the archive, delivers events. */
import { createContainer, OnRecordToken } from '@onrecord/core/inversify';
import { logger } from './log.ts';
import { eventsToParent, parentGone, required, tell } from './parent.ts';
import { run } from './run.ts';

await run(async () => {
  const container = await createContainer(required('CONFIG'), { worker: false, sinks: [eventsToParent], logger });
  const { worker } = await container.getAsync(OnRecordToken);
  const stop = new AbortController();
  const working = worker.run({ signal: stop.signal });
  tell({ tell: 'ready' });
  await parentGone();
  stop.abort();
  await working;
  await container.unbindAllAsync();
});
