import { type DriverContext, type InboundRequest, OnRecordError, type Parsed } from '@onrecord/core';
import { createTokenCheck } from './callback/callback-token.ts';
import { judgeInactive } from './callback/judge-inactive.ts';
import { parseCallback } from './callback/parse-callback.ts';
import type { AzureClients } from './client.ts';
import type { AzureConfig } from './config/config.ts';
import { isEventGrid, parseEventGrid } from './event-grid/parse-event-grid.ts';
import { createTransport } from './transport.ts';

/** Turns what the service posts, by either of its two ways, into reports and notices. */
export function createParser(
  config: AzureConfig,
  { askOnce }: Pick<AzureClients, 'askOnce'>,
): (request: InboundRequest, context: DriverContext) => Promise<Parsed> {
  const check = config.token && createTokenCheck(config.token, createTransport(config));
  return async (request, context) => {
    const nowMs = context.clock.now();
    if (request.transport !== 'http') throw refused(`over ${request.transport}`);
    if (isEventGrid(request)) return parseEventGrid(request, config, nowMs);
    if (request.method?.toUpperCase() !== 'POST') throw refused(`by ${request.method ?? 'no method'}`);
    const parsed = await parseCallback(request, config, check, nowMs);
    return { ...parsed, reports: await judgeInactive(parsed.reports, askOnce, context) };
  };
}

function refused(how: string): OnRecordError {
  return new OnRecordError('invalid-request', `The Azure adapter takes messages by HTTP POST, not ${how}.`);
}
