import type { Clock, InboundRequest, Parsed } from '@onrecord/core';
import { readBatch } from '../batch.ts';
import type { AzureConfig } from '../config/config.ts';
import { elementsOf, headerOf, urlOf } from '../message.ts';
import type { TokenCheck } from './callback-token.ts';
import { forged, readCallbackUrl } from './callback-url.ts';
import { mapCallback } from './map-callback.ts';
import type { Presence } from './presence.ts';

/** What a process keeps from one callback to the next. */
export interface CallbackMemory {
  readonly check: TokenCheck | undefined;
  readonly presence: Presence;
}

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
  { check, presence }: CallbackMemory,
  clock: Clock,
): Promise<Parsed> {
  const claims = readCallbackUrl(urlOf(request), config.callbackKeys);
  if (check) await check(headerOf(request, 'authorization'), clock);
  else if (!claims)
    throw forged('nothing proves where it comes from.', 'Configure jwt, or use callbackUrl() for calls.');
  const setting = { claims: claims ?? {}, nowMs: clock.now(), presence };
  const correlation = claims?.correlation;
  return readBatch(elementsOf(request.body), {
    nowMs: setting.nowMs,
    read: (event) => mapCallback(event, setting),
    subjectOf: () => (correlation === undefined ? undefined : { correlation }),
  });
}
