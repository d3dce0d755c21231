import { type DriverContext, type InboundRequest, OnRecordError, type Parsed } from '@onrecord/core';
import { createTokenCheck } from './callback/callback-token.ts';
import { parseCallback } from './callback/parse-callback.ts';
import type { AzureConfig } from './config/config.ts';
import { isEventGrid, parseEventGrid } from './event-grid/parse-event-grid.ts';
import { createTransport } from './transport.ts';

/** Turns what the service posts, by either of its two ways, into reports and notices. */
export function createParser(
  config: AzureConfig,
): (request: InboundRequest, context: DriverContext) => Promise<Parsed> {
  const check = config.token && createTokenCheck(config.token, createTransport(config));
  return async (request, { clock }) => {
    if (request.transport !== 'http') throw refused(`over ${request.transport}`);
    if (isEventGrid(request)) return parseEventGrid(request, config, clock.now());
    if (request.method?.toUpperCase() !== 'POST') throw refused(`by ${request.method ?? 'no method'}`);
    return parseCallback(request, config, check, clock.now());
  };
}

function refused(how: string): OnRecordError {
  return new OnRecordError('invalid-request', `The Azure adapter takes messages by HTTP POST, not ${how}.`);
}
