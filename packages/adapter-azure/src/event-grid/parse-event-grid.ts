import { type InboundRequest, OnRecordError, type Parsed } from '@onrecord/core';
import { forged, isSecret, only } from '../callback/callback-url.ts';
import type { AzureConfig } from '../config/config.ts';
import { isObject, objectAt, textAt } from '../json-reader.ts';
import { elementsOf, headerOf, typedEvent, urlOf } from '../message.ts';
import { readGridEvents } from './read-grid-events.ts';

const nothing = { reports: [], calls: [], unhandled: 0 } as const;

/** Whether a request is Event Grid's: a delivery or the question that precedes a CloudEvents subscription. */
export function isEventGrid(request: InboundRequest): boolean {
  return request.method?.toUpperCase() === 'OPTIONS' || headerOf(request, 'aeg-event-type') !== undefined;
}

/**
 * Event Grid in both of its schemas, with both handshakes. It signs nothing: the secret in the query of the
 * subscription's URL is the proof, for handshakes, too.
 *
 * @throws OnRecordError `signature-invalid` without the secret, `invalid-request` for what is malformed.
 * @see {@link https://learn.microsoft.com/azure/event-grid/end-point-validation-event-grid-events-schema}
 * @see {@link https://learn.microsoft.com/azure/event-grid/end-point-validation-cloud-events-schema}
 */
export function parseEventGrid(request: InboundRequest, config: AzureConfig, nowMs: number): Parsed {
  if (config.eventGridKeys.length === 0) {
    throw forged('no secret for Event Grid is configured.', 'Set eventGrid.secret, and ?secret=… in the subscription.');
  }
  const secret = only(urlOf(request), 'secret');
  if (secret === undefined || !isSecret(secret, config.eventGridKeys))
    throw forged('the secret in its query is wrong.');
  if (request.method?.toUpperCase() === 'OPTIONS') return { ...nothing, response: cloudEventsHandshake(request) };
  switch (headerOf(request, 'aeg-event-type')?.toLowerCase()) {
    case 'subscriptionvalidation':
      return { ...nothing, response: eventGridHandshake(request) };
    case 'notification':
      return readGridEvents(elementsOf(request.body), { nowMs, container: config.recordingStorage?.container });
    default:
      return { ...nothing, unhandled: 1 };
  }
}

/** 200 exactly: Event Grid takes no other status for a yes. */
function eventGridHandshake(request: InboundRequest): NonNullable<Parsed['response']> {
  const validation = elementsOf(request.body)
    .filter(isObject)
    .find((element) => typedEvent(element).type === 'Microsoft.EventGrid.SubscriptionValidationEvent');
  const code = validation && textAt(objectAt(validation, 'data'), 'validationCode');
  if (code === undefined) {
    throw new OnRecordError('invalid-request', 'A validation of an Event Grid subscription came without its code.', {
      blame: 'provider',
    });
  }
  return {
    status: 200,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ validationResponse: code }),
  };
}

function cloudEventsHandshake(request: InboundRequest): NonNullable<Parsed['response']> {
  const origin = headerOf(request, 'webhook-request-origin');
  if (origin === undefined || !/^[\w.:*-]{1,255}$/.test(origin)) {
    throw new OnRecordError('invalid-request', 'An OPTIONS request came without WebHook-Request-Origin.');
  }
  return { status: 200, headers: { allow: 'POST', 'webhook-allowed-origin': origin, 'webhook-allowed-rate': '*' } };
}
