import type { CallNotice, InboundRequest, Parsed, Report } from '@onrecord/core';
import type { AzureConfig } from '../config/config.ts';
import { eventsOf, headerOf, urlOf } from '../message.ts';
import type { TokenCheck } from './callback-token.ts';
import { forged, readCallbackUrl } from './callback-url.ts';
import { mapCallback } from './map-callback.ts';

/**
 * The callbacks of Call Automation: a batch of CloudEvents of one call. The SDK's own parser returns the first event
 * of a batch alone and throws on types it does not know.
 *
 * Proof is the service's JWT where `jwt` is configured, else the signature in the query of the URL. A signature that is
 * there must be right in either case, because it says which session the events are about.
 *
 * @throws OnRecordError `signature-invalid`, `invalid-request`, or `unavailable` when the token's keys cannot be had.
 */
export async function parseCallback(
  request: InboundRequest,
  config: AzureConfig,
  check: TokenCheck | undefined,
  nowMs: number,
): Promise<Parsed> {
  const claims = readCallbackUrl(urlOf(request), config.callbackKeys);
  if (check) await check(headerOf(request, 'authorization'), nowMs);
  else if (!claims)
    throw forged('nothing proves where it comes from.', 'Configure jwt, or use callbackUrl() for calls.');
  const setting = { claims: claims ?? {}, nowMs };
  const reports: Report[] = [];
  const calls: CallNotice[] = [];
  let unhandled = 0;
  for (const { type, event } of eventsOf(request)) {
    const mapped = mapCallback(type, event, setting);
    if (mapped === undefined) unhandled += 1;
    else if ('reports' in mapped) reports.push(...mapped.reports);
    else calls.push(...mapped.calls);
  }
  return { reports, calls, unhandled };
}
