/**
 * The web process of the application, the same for every provider: takes the webhooks, hosts the flow, and takes card
 * numbers. Which provider records is in the configuration that CONFIG names.
 */
import { createServer } from 'node:http';
import { toNodeHandler } from '@onrecord/core';
import { createContainer, OnRecordToken } from '@onrecord/core/inversify';
import { flow, takeCard } from '../workflow.ts';
import { commands } from './commands.ts';
import { listen } from './listen.ts';
import { logger } from './log.ts';
import { endWithParent, eventsToParent, parentGone, required, tell } from './parent.ts';
import { run } from './run.ts';
import { eventsDelivered, firstSession } from './sessions.ts';

await run(async () => {
  const settled = endWithParent();
  const server = createServer();
  const url = await listen(server);
  const container = await createContainer(required('CONFIG'), {
    environment: { PUBLIC_URL: url, ...process.env },
    // Where the deployment has a worker process of its own, this one need not be it as well.
    worker: process.env['WORKER'] !== 'elsewhere',
    sinks: [eventsToParent],
    logger,
  });
  const { recorder, store } = await container.getAsync(OnRecordToken);
  recorder.serve(flow);
  server.on(
    'request',
    toNodeHandler((request) => recorder.ingest(request)),
  );
  const able = recorder.require(flow.requirement);
  // Of a provider that tells what happens on a socket, nothing is missed from here on.
  await recorder.listen();
  tell({ tell: 'ready', url, report: able.report() });

  const session = await able.attach(await firstSession(store));
  commands(session, takeCard);
  let told: string | undefined;
  for await (const { state } of session.watch()) {
    if (state !== told) tell({ tell: 'state', sessionId: session.id, state });
    told = state;
  }
  const record = await eventsDelivered(store, session.id);
  settled();
  tell({ tell: 'settled', record });
  await parentGone();
  await container.unbindAllAsync();
});
