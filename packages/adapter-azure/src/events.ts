import { type DriverContext, type InboundRequest, OnRecordError, type Parsed } from '@onrecord/core';
import { createTokenCheck } from './callback/callback-token.ts';
import { judgeInactive } from './callback/judge-inactive.ts';
import { parseCallback } from './callback/parse-callback.ts';
import { Presence } from './callback/presence.ts';
import type { AzureClients } from './client.ts';
import type { AzureConfig } from './config/config.ts';
import { isEventGrid, parseEventGrid } from './event-grid/parse-event-grid.ts';
import { parseQueue } from './event-grid/parse-queue.ts';
import { createTransport } from './transport.ts';

/** Turns what the service says, by any of its ways, into reports and notices. */
export function createParser(
  config: AzureConfig,
  { askOnce }: Pick<AzureClients, 'askOnce'>,
): (request: InboundRequest, context: DriverContext) => Promise<Parsed> {
  const memory = {
    check: config.token && createTokenCheck(config.token, createTransport(config)),
    presence: new Presence(),
  };
  return async (request, context) => {
    if (request.transport === 'queue') return parseQueue(request, config, context.clock.now());
    if (request.transport !== 'http') throw refused(`over ${request.transport}`);
    if (isEventGrid(request)) return parseEventGrid(request, config, context.clock.now());
    if (request.method?.toUpperCase() !== 'POST') throw refused(`by ${request.method ?? 'no method'}`);
    const parsed = await parseCallback(request, config, memory, context.clock);
    return { ...parsed, reports: await judgeInactive(parsed.reports, askOnce, context) };
  };
}

function refused(how: string): OnRecordError {
  return new OnRecordError(
    'invalid-request',
    `The Azure adapter takes messages by HTTP POST or from a queue, not ${how}.`,
  );
}
