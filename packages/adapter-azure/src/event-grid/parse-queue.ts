import { type InboundRequest, OnRecordError, type Parsed } from '@onrecord/core';
import type { AzureConfig } from '../config/config.ts';
import { elementsIn, textOf } from '../message.ts';
import { readGridEvents } from './read-grid-events.ts';

/** As Event Grid puts events into a Storage Queue. No group is repeated: V8 overflows over some megabytes of one. */
const base64 = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * Events of Event Grid that came by a Storage Queue, Service Bus or Event Hubs, or from a dead-letter blob: whoever may
 * write there is the proof, so it must be switched on. A Storage Queue has them in base64. Callbacks never come so, and
 * are counted as unhandled.
 *
 * @throws OnRecordError `invalid-request` where it is switched off, and for what is malformed.
 */
export function parseQueue(request: InboundRequest, config: AzureConfig, nowMs: number): Parsed {
  if (!config.eventGridQueue) {
    throw new OnRecordError('invalid-request', 'The Azure adapter takes no events from a queue.', {
      remedy: 'Set eventGrid.queue to true, where only Event Grid can write into that queue.',
    });
  }
  const text = textOf(request.body).trim();
  const json = text.length % 4 === 0 && base64.test(text) ? textOf(Buffer.from(text, 'base64')) : text;
  return readGridEvents(elementsIn(json), { nowMs, container: config.recordingStorage?.container });
}
