/**
 * The Lambda function of the SIP media application, in a process of its own behind HTTP. It hosts the same flow as the
 * web process does elsewhere; who answers the call and who is rung is the business of its call flow.
 */
import { createServer } from 'node:http';
import { createSmaHandler, type SmaEvent } from '@onrecord/adapter-chime/sma';
import { createContainer, SessionStoreToken } from '@onrecord/core/inversify';
import { flow } from '../workflow.ts';
import { ivr } from './ivr.ts';
import { listen } from './listen.ts';
import { logger } from './log.ts';
import { parentGone, required, tell } from './parent.ts';
import { run } from './run.ts';

await run(async () => {
  const container = await createContainer(required('CONFIG'), { worker: false, logger });
  const handler = createSmaHandler({
    store: await container.getAsync(SessionStoreToken),
    flow,
    ivr: ivr(required('AGENT_NUMBER')),
    // As in the configuration of the other processes.
    deployment: 'demo',
    provider: 'main',
    landing: { bucket: 'demo-recordings' },
    archive: { mode: 'copy' },
  });
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request.setEncoding('utf8')) body += piece;
    const answer = await handler(JSON.parse(body) as SmaEvent);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  tell({ tell: 'ready', url: await listen(server) });
  await parentGone();
  server.close();
  await container.unbindAllAsync();
});
