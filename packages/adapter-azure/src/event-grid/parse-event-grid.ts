import { type InboundRequest, OnRecordError, type Parsed, type Report } from '@onrecord/core';
import { forged, isSecret, only } from '../callback/callback-url.ts';
import type { AzureConfig } from '../config/config.ts';
import { objectAt, textAt } from '../json-reader.ts';
import { eventsOf, headerOf, urlOf } from '../message.ts';
import { fileStatusReport } from './map-file-status.ts';

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
      return notification(request, nowMs);
    default:
      return { ...nothing, unhandled: 1 };
  }
}

function notification(request: InboundRequest, nowMs: number): Parsed {
  const reports: Report[] = [];
  let unhandled = 0;
  for (const { type, event } of eventsOf(request)) {
    if (type === 'Microsoft.Communication.RecordingFileStatusUpdated') reports.push(fileStatusReport(event, nowMs));
    else unhandled += 1;
  }
  return { reports, calls: [], unhandled };
}

/** 200 exactly: Event Grid takes no other status for a yes. */
function eventGridHandshake(request: InboundRequest): NonNullable<Parsed['response']> {
  const validation = eventsOf(request).find(({ type }) => type === 'Microsoft.EventGrid.SubscriptionValidationEvent');
  const code = validation && textAt(objectAt(validation.event, 'data'), 'validationCode');
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
  if (origin === undefined || !/^[\w.:*-]+$/.test(origin)) {
    throw new OnRecordError('invalid-request', 'An OPTIONS request came without WebHook-Request-Origin.');
  }
  return { status: 200, headers: { allow: 'POST', 'webhook-allowed-origin': origin, 'webhook-allowed-rate': '*' } };
}
